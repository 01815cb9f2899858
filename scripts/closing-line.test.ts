import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { childEnvironment } from "./child-environment.ts";
import { thorough } from "./lanes.ts";

it.runIf(thorough)(
  "a run of tests ends with all that failed, and with one line that counts what came before",
  () => {
    const folder = mkdtempSync(join(tmpdir(), "orch-closing-"));
    const [tally, failures] = ["tally.json", "failures"].map((name) => join(folder, name)) as [
      string,
      string,
    ];
    writeFileSync(tally, '{"failed":1}');
    writeFileSync(failures, "check: lint\n    a.ts: no\n");
    writeFileSync(
      join(folder, "some.test.js"),
      'describe("a", () => { test("holds", () => {}); test("does not", () => expect(1).toBe(2)); });',
    );
    writeFileSync(join(folder, "other.test.js"), 'throw new Error("it does not load");');
    const vitest = join(import.meta.dirname, "../node_modules/vitest/vitest.mjs");
    const reporter = join(import.meta.dirname, "closing-line.ts");
    const args = [vitest, "run", "--root", folder, "--globals", "--reporter", reporter];
    try {
      const env = childEnvironment({ ORCH_TALLY: tally, ORCH_FAILURES: failures });
      const { stdout, status } = spawnSync(process.execPath, args, { encoding: "utf8", env });
      const said = [
        "check: lint",
        "    a.ts: no",
        "test: other.test.js",
        "test: some.test.js > a > does not",
      ];
      const [what, ...rest] = stdout.trimEnd().split("\n").slice(-7);
      expect(what).toBe("What failed:");
      expect(rest.slice(0, 4).sort()).toEqual(said.sort());
      expect(rest.slice(4)).toEqual(["", "1 passed, 3 failed"]);
      expect(status).toBe(1);
      expect(JSON.parse(readFileSync(tally, "utf8"))).toEqual({ passed: 1, failed: 3, skipped: 0 });
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
