/** How large core is for those who bundle it. It may shrink; to grow, a ceiling here has to be raised on purpose. */
import { globSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { bundlePackage } from "./bundle.ts";
import { sizeOf, uses } from "./size.ts";

const core = fileURLToPath(new URL("../packages/core", import.meta.url));

/** Bytes, minified and compressed: what is wished, and what is allowed today. Lower a ceiling after a diet. */
const limits = {
  small: { wished: 10_000, ceiling: 11_810 },
  minimal: { wished: 7_000, ceiling: 27_020 },
  "main door": { wished: 14_000, ceiling: 44_880 },
  "all doors": { wished: 14_000, ceiling: 99_580 },
} as const;

/** What a flow of plain states must not bring with it: files, or beginnings of their paths. */
const absent = [
  "define/all.ts",
  "define/choose.ts",
  "define/composite.ts",
  "define/each.ts",
  "define/fan-out.ts",
  "define/question.ts",
  "define/race.ts",
  "define/signal.ts",
  "define/sleep.ts",
  "define/until.ts",
  "define/waiting.ts",
  "draw.ts",
  "draw/",
  "durable/",
  "errors/fenced-error.ts",
  "errors/journal-damaged-error.ts",
  "errors/not-serializable-error.ts",
  "errors/not-written-error.ts",
  "errors/race-lost-error.ts",
  "errors/run-exists-error.ts",
  "errors/run-held-error.ts",
  "errors/run-state-error.ts",
  "errors/state-conflict-error.ts",
  "errors/unknown-run-error.ts",
  "errors/version-mismatch-error.ts",
  "kernel/fan.ts",
  "kernel/mailbox.ts",
  "kernel/shared-state.ts",
  "kernel/state-values.ts",
  "run/send-signal.ts",
];

/** What the small door must not bring with it besides. */
const absentFromSmall = [
  "define/definition-problems.ts",
  "define/orchestration.ts",
  "errors/budget-error.ts",
  "errors/error-data.ts",
  "errors/runnable-error.ts",
  "errors/spoken-errors.ts",
  "kernel/budget.ts",
  "kernel/recorder.ts",
  "run/circle.ts",
  "run/event-log.ts",
  "run/gate.ts",
  "run/local-driver.ts",
  "run/questions.ts",
  "run/reservations.ts",
];

/** The sizes of the uses, from the sources: each is bundled once. */
const measured = new Map<string, ReturnType<typeof sizeOf>>();
const ofSources = (name: string): ReturnType<typeof sizeOf> => {
  const size = measured.get(name) ?? sizeOf(uses[name]!);
  measured.set(name, size);
  return size;
};

describe("the size of core", () => {
  it.each(Object.entries(limits))("is below its ceiling for %s", async (name, { wished, ceiling }) => {
    const { gzip, minified } = await ofSources(name);
    const wish = wished === undefined ? "" : `, wished: ${wished}`;
    console.log(`core, ${name}: ${gzip} bytes (ceiling ${ceiling}${wish}), ${minified} before compression`);

    expect(gzip).toBeLessThanOrEqual(ceiling);
  });

  it.each([
    ["a minimal use", "minimal", absent],
    ["the small door", "small", [...absent, ...absentFromSmall]],
  ])("has no composites, drawings, shared state or journals in %s", async (_, use, without) => {
    const { files } = await ofSources(use);

    expect(files.filter((file) => without.some((one) => file.startsWith(one)))).toEqual([]);
    // The list speaks of files that exist.
    const known = globSync("**/*.ts", { cwd: join(core, "src") });
    expect(without.filter((one) => !known.some((file) => file.startsWith(one)))).toEqual([]);
  });

  it("is the same from the published build: shared files do not hinder tree shaking", async () => {
    const folder = mkdtempSync(join(tmpdir(), "orch-size-"));
    try {
      await bundlePackage(core, folder);
      for (const [name, program] of Object.entries(uses)) {
        const [source, published] = [await ofSources(name), await sizeOf(program, folder)];
        expect(published.gzip).toBeLessThanOrEqual(source.gzip * 1.02);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
