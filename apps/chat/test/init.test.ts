/** What `orch init` and `orch new` write, held against the real compiler and the real test runner. */
import { execFile } from "node:child_process";
import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { childEnvironment } from "../../../scripts/child-environment.ts";
import { thorough } from "../../../scripts/lanes.ts";
import { BUNDLED_NAMES } from "../src/config/bundled-orchestrations.ts";
import { type Workplace, workplace } from "./headless-orch.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const MODULES = join(ROOT, "node_modules");

let place: Workplace;
beforeEach(async () => {
  place = await workplace();
});
afterEach(() => place.remove());

/** What an install leaves behind: the packages that the made package.json names, here those of the workspace. */
async function install(): Promise<void> {
  const { devDependencies } = JSON.parse(await text("package.json")) as { devDependencies: object };
  for (const name of Object.keys(devDependencies)) {
    const link = join(place.folder, "node_modules", name);
    await mkdir(join(link, ".."), { recursive: true });
    await symlink(join(MODULES, name), link);
  }
}

const text = (file: string): Promise<string> => readFile(join(place.folder, file), "utf8");

/** Runs a tool of the workspace in the folder; gives what it prints, whether it fails or not. */
async function tool(name: string, ...args: string[]): Promise<string> {
  const run = promisify(execFile)(join(MODULES, ".bin", name), args, {
    cwd: place.folder,
    env: childEnvironment(place.env),
  });
  const { stdout, stderr } = await run.catch((error: { stdout: string; stderr: string }) => error);
  return (stdout + stderr).trim();
}

/** The sources of the packages stand for their declarations, and need one option more than those would. */
const compile = (): Promise<string> =>
  tool("tsc", "--customConditions", "@orch/source", "--exactOptionalPropertyTypes");

describe("orch init and orch new", () => {
  it("T27: make a folder in which the compiler is silent after one install", async () => {
    expect(await place.run(["init"])).toMatchObject({ code: 0, stderr: "" });
    const made = await place.run(["new", "my-flow"]);
    expect(made).toMatchObject({ code: 0, stderr: "" });
    expect(made.stdout).not.toContain("left as it is");
    await install();

    // The types are there: what is wrong is told, and nothing else.
    await writeFile(
      join(place.folder, "orc/wrong.ts"),
      (await text("orc/my-flow.ts")).replace("limits.maxTurns", "limits.turns"),
    );
    expect(await compile()).toMatch(/^orc\/wrong\.ts.*error TS2339.*$/);
  });

  it("T27: copy what comes with the program, so that it compiles, loads and answers under its own name", async () => {
    // One of a single file and one of several are enough for a newcomer.
    const names = thorough ? BUNDLED_NAMES : (["triage", "review"] as const);
    for (const bundled of names)
      expect(await place.run(["new", `my-${bundled}`, bundled])).toMatchObject({ code: 0, stderr: "" });
    expect(await place.run(["new", "other", "nothing"])).toMatchObject({ code: 2 });
    if (thorough) {
      await install();
      expect(await compile()).toBe("");
    }
    expect(await text("orc/my-review.ts")).toMatch(/^\/\/ A copy of review/);
    const { code, stdout } = await place.run(["check"]);
    expect({ code, lines: stdout.match(/^ok {4}my-/gm) }).toEqual({
      code: 0,
      lines: names.map(() => "ok    my-"),
    });
    const asked = ["How are failed states retried?", "--model", "local/extractive"];
    const answered = await place.run(["-p", "--orc", "my-triage", ...asked]);
    expect(answered).toMatchObject({ code: 0, stderr: "" });
    expect(answered.stdout).toContain("docs/retries.md");
    await rm(join(place.folder, "orc/my-review.ts"));
    await rm(join(place.folder, "orc/my-review.test.ts"));
    expect(await place.run(["new", "my-review", "review"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("orc/my-review/"),
    });
  });

  it.runIf(thorough)("T27: make tests that pass after one install", async () => {
    await place.run(["init"]);
    await place.run(["new", "my-flow"]);
    await place.run(["new", "my-triage", "triage"]);
    await install();

    await place.write(
      "vitest.config.ts",
      'export default { ssr: { resolve: { conditions: ["@orch/source", "node", "import", "default"] } } };\n',
    );
    expect(await tool("vitest", "run", "--no-color")).toMatch(/Tests +4 passed/);
  });

  it("T27: what they made runs, and Node warns of nothing", async () => {
    await place.run(["init"]);
    await place.run(["new", "my-flow"]);
    expect(await place.run(["-p", "--orc", "hello", "Ada", "--model", "local/extractive"])).toEqual({
      code: 0,
      stdout: "Hello, Ada!\n",
      stderr: "",
    });
    const { code, stdout, stderr } = await place.run([
      "-p",
      "--orc",
      "my-flow",
      "How are failed states retried?",
      "--model",
      "local/extractive",
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("docs/retries.md");
    expect(await place.run(["check"])).toMatchObject({
      code: 0,
      stdout: "ok    my-flow (orc/my-flow.ts, 2 states)\nok    hello (orc/hello.ts, 3 states)\n",
    });
  });

  it("T27: no warning of Node's either where no package.json says what the files are", async () => {
    await place.write("orch.config.json", '{ "orchestrations": { "bare": { "file": "./bare.ts" } } }');
    await place.write(
      "bare.ts",
      'import { orchestration, runnable } from "@orch/core";\nimport { up } from "./up.ts";\nconst shout = runnable("shout", up);\nexport default orchestration("bare", (o) => o.start(shout).finish(shout));\n',
    );
    await place.write("up.ts", "export const up = (text: string): string => text.toUpperCase();\n");
    expect(await place.run(["-p", "--orc", "bare", "--trust", "ada", "--model", "local/extractive"])).toEqual(
      { code: 0, stdout: "ADA\n", stderr: "" },
    );
  });

  it("T27: what they made compiles and runs in a project whose files are scripts, as npm init makes it", async () => {
    await place.write("package.json", '{ "name": "mine", "type": "commonjs" }\n');
    const made = await place.run(["init"]);
    expect(made.stdout).toContain("orc/package.json");
    expect(await place.run(["-p", "--trust", "--orc", "hello", "Ada"])).toMatchObject({
      stdout: "Hello, Ada!\n",
    });
    if (!thorough) return;
    await install();
    expect(await compile()).toBe("");
  });

  it("T27: overwrite nothing: what is there is merged with, or said", async () => {
    const mine = `{
    "name": "mine",
    "dependencies": { "zod": "4.0.0" }
}
`;
    await place.write("package.json", mine);
    await place.write("tsconfig.json", "{}");
    await place.write("orch.config.json", '{\n  // mine\n  "limits": { "maxTurns": 3 }\n}\n');
    const { code, stdout } = await place.run(["new", "my-flow"]);
    expect(code).toBe(0);
    expect(JSON.parse(await text("orc/package.json"))).toEqual({ type: "module" });
    expect(stdout).toContain("orc/package.json");
    expect(stdout).toContain("tsconfig.json was left as it is");
    expect(await text("tsconfig.json")).toBe("{}");
    expect(await text("orch.config.json")).toBe(
      '{\n  "orchestrations": {\n    "my-flow": { "file": "./orc/my-flow.ts" }\n  },\n  // mine\n  "limits": { "maxTurns": 3 }\n}\n',
    );
    const manifest = JSON.parse(await text("package.json")) as Record<string, Record<string, string>>;
    expect(manifest).toMatchObject({ name: "mine", dependencies: { zod: "4.0.0" } });
    expect(manifest["devDependencies"]).toHaveProperty("@orch/testing");
    expect(manifest["devDependencies"]).not.toHaveProperty("zod");
    expect(manifest).not.toHaveProperty("type");

    await place.write("orc/my-flow.ts", "changed");
    expect(await place.run(["new", "my-flow"])).toMatchObject({ code: 2 });
    expect(await text("orc/my-flow.ts")).toBe("changed");
  });
});
