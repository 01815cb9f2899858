// The reference pages show these files and what they print; here they are run, and the two are compared.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { orchestration, runnable } from "@orch/core";
import { describe, expect, it, vi } from "vitest";

const here = import.meta.dirname;
const folder = join(here, "../docs/reference");
const page = globSync("*.md", { cwd: folder })
  .toSorted()
  .map((name) => readFileSync(join(folder, name), "utf8"))
  .join("\n");
const files = globSync("*.ts", { cwd: join(here, "reference") }).toSorted();
/** Each block of code on the pages, with the output that stands under it. */
const shown = new Map(
  [...page.matchAll(/^```ts\n([\s\S]*?)^```\n\n```text\n([\s\S]*?)^```$/gm)].map(([, code, output]) => [
    code!,
    output!,
  ]),
);
const printed = new Map<string, string>();

async function run(file: string): Promise<string> {
  const lines: string[] = [];
  const log = vi.spyOn(console, "log").mockImplementation((...args) => lines.push(`${format(...args)}\n`));
  try {
    await import(join(here, "reference", file));
  } finally {
    log.mockRestore();
  }
  const output = lines.join("");
  printed.set(file, output);
  return output;
}

describe("the reference pages", () => {
  it.each(files)("show %s as it is, and what it prints", async (file) => {
    const code = readFileSync(join(here, "reference", file), "utf8");

    expect([...shown.keys()]).toContain(code);
    expect(await run(file)).toBe(shown.get(code));
  });

  it("show nothing that is not run", () => {
    expect(page.match(/^```ts$/gm)).toHaveLength(files.length);
    expect(shown.size).toBe(files.length);
  });

  it("name the seven steps of an invocation, and a run goes through them in this order", () => {
    const steps = [...page.matchAll(/^\| ([1-7]) \| ([a-z ]+) \|/gm)].map(
      ([, number, name]) => `${number} ${name}`,
    );
    const [first] = printed.get("invoke-steps.ts")!.split("refused");
    const seen = first!.split("\n").flatMap((line) => /^\d [a-z ]+(?=:)/.exec(line) ?? []);

    expect(steps).toEqual([
      "1 input validation",
      "2 state selection",
      "3 state execution",
      "4 output processing",
      "5 transition check",
      "6 state transition",
      "7 completion check",
    ]);
    const [s1, s2, s3, s4, s5, s6, s7] = steps;
    // The second input stops after the steps 1 and 2: it is refused.
    expect(seen).toEqual([s1, s2, s3, s4, s5, s6, s2, s3, s4, s7, s1, s2]);
  });

  it.each([
    ["Unable to advance to next state", "no-advance.ts"],
    ["Cannot convert output type to input type", "conversion.ts"],
    ["Orchestration never completes", "endless-loop.ts"],
  ])("head a section with the text of the error %j", (text, file) => {
    expect(page).toContain(`## ${text}`);
    expect(printed.get(file)).toMatch(new RegExp(`^${text}: `, "m"));
  });

  it("are right that memory does not grow with the steps of a run", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const heap = (): number => {
      collect();
      return process.memoryUsage().heapUsed;
    };
    const count = runnable("count", (n: number) => n + 1);
    const end = runnable("end", (n: number) => n);
    const flow = orchestration(
      "counting",
      (o) =>
        o
          .start(count)
          .advance(count, end, { when: (n) => n % 100_000 === 0 })
          .advance(count, count)
          .finish(end),
      { maxSteps: 200_000 },
    );
    await flow.run(0);
    const before = heap();
    await flow.run(0);

    expect(page).toContain("## Memory usage grows over time");
    expect(heap() - before).toBeLessThan(2_000_000);
  });
});
