import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { agent } from "@orch/agents";
import { afterAll, beforeAll, expect, it } from "vitest";
import { childEnvironment } from "../../../../scripts/child-environment.ts";
import { scriptedModel } from "../model/scripted-model.ts";
import { readCases, writeCase } from "./case-file.ts";
import { evalSuite } from "./eval-suite.ts";
import type { EvalTarget } from "./eval-target.ts";
import { recordCase } from "./record-case.ts";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const target: EvalTarget = ({ model }) => agent({ name: "greeter", instructions: "Greet.", model: model() });
const greetings = async (names: readonly string[]) =>
  Promise.all(
    names.map((name) => recordCase(name, name, { target, models: scriptedModel([`Hello ${name}.`]) })),
  );

// The suite itself, where it passes.
evalSuite("a suite whose cases pass", { cases: await greetings(["Ada", "Bo"]), target, timeout: 10_000 });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "orch-eval-suite-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it("fails in vitest with the difference, and the reporter shows the table of all cases", async () => {
  for (const made of await greetings(["Ada", "Bo"]))
    await writeCase(join(folder, "cases", `${made.name}.json`), made);
  expect(await readCases(join(folder, "cases"))).toHaveLength(2);
  const door = (name: string) => JSON.stringify(join(root, "packages", name));
  await writeFile(
    join(folder, "greet.test.mjs"),
    `import { agent } from ${door("agents/src/index.ts")};
     import { readCases } from ${door("testing/src/evals.ts")};
     import { evalSuite } from ${door("testing/src/eval-suite.ts")};
     const cases = await readCases(${JSON.stringify(join(folder, "cases"))});
     const changed = cases.map((one) => one.name === "Bo" ? { ...one, expected: { ...one.expected, output: "Good day." } } : one);
     evalSuite("greetings", { cases: changed, target: ({ model }) => agent({ name: "greeter", instructions: "Greet.", model: model() }) });`,
  );
  await writeFile(
    join(folder, "vitest.config.mjs"),
    `import { EvalReporter } from ${door("testing/src/evals.ts")};
     export default {
       resolve: { conditions: ["@orch/source"] },
       ssr: { resolve: { conditions: ["@orch/source", "node", "import", "default"] } },
       test: { root: ${JSON.stringify(folder)}, reporters: ["default", new EvalReporter()], maxWorkers: 1 },
     };`,
  );
  const { code, text } = await vitest(folder);
  expect(text).toContain('the value: recorded "Good day.", now "Hello Bo."');
  expect(text).toMatch(/case +passed +path +output +questions +tokens/);
  expect(text).toMatch(/\nAda +ok +1\/1 +1\.00 +1\.00 +1\.00 +15/);
  expect(text).toMatch(/\nBo +FAIL +0\/1 +1\.00 +0\.00 +1\.00/);
  expect(text).toContain("1 of 2 cases passed");
  expect(code).toBe(1);
});

function vitest(cwd: string): Promise<{ readonly code: number | null; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const program = join(root, "node_modules/vitest/vitest.mjs");
    const child = spawn(
      process.execPath,
      ["--conditions=@orch/source", program, "run", "--configLoader=native"],
      {
        cwd,
        env: childEnvironment({ NO_COLOR: "1" }),
      },
    );
    let text = "";
    child.stdout.on("data", (piece) => (text += piece));
    child.stderr.on("data", (piece) => (text += piece));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, text }));
  });
}
