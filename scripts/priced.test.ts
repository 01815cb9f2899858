import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { childEnvironment } from "./child-environment.ts";
import { thorough } from "./lanes.ts";

it.runIf(thorough && process.platform === "linux")(
  "a command that takes more than its price is one failure of the tally",
  () => {
    const folder = mkdtempSync(join(tmpdir(), "orch-priced-"));
    const tally = join(folder, "tally.json");
    const failures = join(folder, "failures");
    writeFileSync(tally, '{"passed":5,"failed":1}');
    const priced = (limit: string, ...command: string[]): { code: number | null; out: string } => {
      const args = [join(import.meta.dirname, "priced.ts"), limit, process.execPath, "--eval", ...command];
      const env = childEnvironment({ ORCH_TALLY: tally, ORCH_FAILURES: failures, ORCH_YARDSTICK: "20" });
      const { status, stdout } = spawnSync(process.execPath, args, { encoding: "utf8", env });
      return { code: status, out: stdout };
    };
    try {
      expect(priced("9", "process.exit(3)")).toMatchObject({
        code: 3,
        out: expect.stringContaining("at most 9"),
      });
      expect(JSON.parse(readFileSync(tally, "utf8"))).toEqual({ passed: 5, failed: 1 });
      expect(priced("-1", "0")).toMatchObject({ code: 1, out: expect.stringContaining("MORE than -1") });
      expect(JSON.parse(readFileSync(tally, "utf8"))).toEqual({ passed: 5, failed: 2 });
      expect(readFileSync(failures, "utf8")).toMatch(
        /^check: the price of .*\n {4}processor time: .* MORE than -1\n$/,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
