/** The built program as a newcomer meets it: what it makes, what it refuses, and how it stops. */
import { execFile, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { COMPILER_FILE, hello } from "../../../apps/chat/src/config/project-files.ts";
import { projectManifest } from "../../../apps/chat/src/config/project-manifest.ts";
import { childEnvironment } from "../../../scripts/child-environment.ts";
import { lane, thorough } from "../../../scripts/lanes.ts";
import { create as runProgram } from "../src/create.ts";
import type { CreateDoors } from "../src/create-doors.ts";
import { nodeProblem } from "../src/node-problem.ts";
import { TEMPLATE_NAMES, TEMPLATES } from "../src/template.ts";

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));
const MODULES = join(PACKAGE, "node_modules");
const execute = promisify(execFile);

let scratch: string;
let cli: string;
let place: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "create-orch-"));
  await execute(process.execPath, [join(PACKAGE, "build.mjs"), join(scratch, "built")]);
  cli = join(scratch, "built/cli.js");
});
beforeEach(async () => {
  place = await mkdtemp(join(scratch, "place-"));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program in `place`, where nobody sits at a terminal. */
async function create(args: readonly string[], env: Record<string, string> = {}, at = place): Promise<Ended> {
  const child = execute(process.execPath, [cli, ...args], { cwd: at, env: childEnvironment(env) });
  return child.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: Ended) => ({ code: error.code, stdout: error.stdout, stderr: error.stderr }),
  );
}

const make = (template: string, folder = "mine"): Promise<Ended> =>
  create([folder, "--template", template, "--no-install"]);
const text = (file: string): string => readFileSync(join(place, "mine", file), "utf8");

/** What an install leaves behind, here the packages of the workspace. */
async function install(): Promise<void> {
  const { dependencies = {}, devDependencies = {} } = JSON.parse(text("package.json")) as {
    readonly dependencies?: object;
    readonly devDependencies?: object;
  };
  for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
    const link = join(place, "mine/node_modules", name);
    await mkdir(dirname(link), { recursive: true });
    if (name !== "next") await symlink(join(MODULES, name), link);
    else {
      await mkdir(link);
      await writeFile(
        join(link, "navigation.d.ts"),
        "export declare function redirect(url: string): never;\n",
      );
    }
  }
}

/** Runs a tool of the workspace in the project; gives what it prints, whether it fails or not. */
async function tool(name: string, ...args: string[]): Promise<string> {
  const run = execute(join(MODULES, ".bin", name), args, { cwd: join(place, "mine") });
  const { stdout, stderr } = await run.catch((error: Ended) => error);
  return (stdout + stderr).trim();
}

describe("a project", () => {
  it.each(TEMPLATE_NAMES)(
    "%s has its own name, versions that were tested, and scripts that are told",
    async (name) => {
      const { code, stdout, stderr } = await make(name);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      const manifest = JSON.parse(text("package.json")) as { name: string; scripts: object };
      expect(manifest.name).toBe("mine");
      expect(text("package.json")).not.toMatch(/workspace:|catalog:/);
      expect(text("README.md")).toMatch(/^# mine\n/);
      expect(text(".gitignore")).toContain("node_modules/");
      for (const [script] of TEMPLATES[name].scripts) {
        expect(manifest.scripts).toHaveProperty(script);
        expect(stdout).toContain(`npm run ${script}`);
      }
      expect(readdirSync(place)).toEqual(["mine"]);
    },
  );

  it.runIf(thorough).each(TEMPLATE_NAMES)("%s leaves the compiler silent", async (name) => {
    await make(name);
    await install();
    // The sources of the packages stand for their declarations.
    const options = ["--customConditions", "@orch/source", "--exactOptionalPropertyTypes"];
    expect(await tool("tsc", ...options)).toBe("");
  });

  // With what is published, the rehearsal of a release does this in `.ci/run`.
  it.runIf(lane === "prove").each(TEMPLATE_NAMES)("%s passes its own tests", async (name) => {
    await make(name);
    await install();
    const conditions = '{ ssr: { resolve: { conditions: ["@orch/source", "node", "import", "default"] } } }';
    await writeFile(join(place, "mine/vitest.config.ts"), `export default ${conditions};\n`);
    expect(await tool("vitest", "run", "--no-color")).toMatch(/Tests +\d+ passed \(\d+\)/);
  });

  it.each(thorough ? ["library", "server"] : ["library"])(
    "%s tells what is wrong as a sentence, without a stack",
    async (name) => {
      await make(name);
      await install();
      const started = execute(process.execPath, ["--conditions=@orch/source", "src/main.ts"], {
        cwd: join(place, "mine"),
        env: childEnvironment({ MODEL: "opnai/gpt" }),
      });
      await expect(started).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringMatching(
          /^There is no provider "opnai"\. Did you mean "openai"\?\n {2}Fix: .*\n {2}More: \S+\n$/,
        ),
      });
    },
  );

  it("chat is what `orch init` makes", async () => {
    await make("chat");
    const { code, test } = hello("npx orch");
    expect(text("orc/hello.ts")).toBe(code);
    expect(text("orc/hello.test.ts")).toBe(test);
    expect(text("tsconfig.json")).toBe(COMPILER_FILE);
    const init = JSON.parse(projectManifest(undefined, "1.0.0").text ?? "") as {
      readonly scripts: { readonly check: string; readonly test: string };
      readonly devDependencies: object;
    };
    const manifest = JSON.parse(text("package.json")) as typeof init;
    expect(manifest.scripts).toMatchObject(init.scripts);
    expect(Object.keys(manifest.devDependencies)).toEqual(Object.keys(init.devDependencies));
  });

  it("goes into an empty folder that is there, and leaves its repository alone", async () => {
    await mkdir(join(place, "mine/.git"), { recursive: true });
    const { code, stdout } = await create(
      ["--template", "library", "--no-install", "."],
      {},
      join(place, "mine"),
    );
    expect(code).toBe(0);
    expect(stdout).not.toContain("cd ");
    expect(readdirSync(join(place, "mine"))).toEqual(expect.arrayContaining([".git", "package.json", "src"]));
    expect(readdirSync(join(place, "mine")).filter((name) => name.startsWith(".create-"))).toEqual([]);
  });

  it("has node_modules and all peers with Yarn too", async () => {
    const agent = { npm_config_user_agent: "yarn/4.18.1 npm/? node/v24.11.0 linux x64" };
    const { stdout } = await create(["mine", "--template", "library", "--no-install"], agent);
    expect(text(".yarnrc.yml")).toBe("nodeLinker: node-modules\n");
    expect(JSON.parse(text("package.json"))).toMatchObject({
      devDependencies: { vite: expect.stringMatching(/^\d/), vitest: expect.any(String) },
    });
    expect(stdout).toContain("  yarn install\n");
    await make("library", "other");
    expect(existsSync(join(place, "other/.yarnrc.yml"))).toBe(false);
  });

  it("has a folder of its own when none is named", async () => {
    expect((await create(["--template", "server", "--no-install"])).stdout).toContain("cd orch-server");
    expect(existsSync(join(place, "orch-server/src/main.ts"))).toBe(true);
  });
});

describe("a refusal is one sentence with a way out, and leaves nothing", () => {
  const refused = async (args: readonly string[]): Promise<Ended> => {
    const before = readdirSync(place, { recursive: true });
    const ended = await create(args);
    expect(readdirSync(place, { recursive: true })).toEqual(before);
    expect(ended.stdout).toBe("");
    return ended;
  };

  it("of a folder that is not empty", async () => {
    await mkdir(join(place, "mine"));
    await writeFile(join(place, "mine/notes.txt"), "mine");
    expect(await refused(["mine", "--template", "chat"])).toEqual({
      code: 2,
      stdout: "",
      stderr: `${join(place, "mine")} is not empty (notes.txt): name another folder, or empty this one.\n`,
    });
  });

  it("of a name that npm does not take", async () => {
    expect(await refused(["My App", "--template", "chat"])).toMatchObject({
      code: 2,
      stderr: '"My App" cannot be the name of a package: try "my-app".\n',
    });
    expect((await refused(["..x\u001b[2J", "--template", "chat"])).stderr).not.toContain("\u001b");
    expect((await refused(["!!", "--template", "chat"])).stderr).toContain("take small letters");
  });

  it("of a file in the place of the folder", async () => {
    await writeFile(join(place, "mine"), "");
    expect((await refused(["mine", "--template", "chat"])).stderr).toContain(
      "is a file: name another folder.",
    );
  });

  it.skipIf(process.getuid?.() === 0)("of a folder that is closed", async () => {
    await chmod(place, 0o500);
    const { code, stderr } = await create(["mine", "--template", "chat", "--no-install"]);
    await chmod(place, 0o700);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining("(EACCES)") });
  });

  it("of words that it does not know, and of no template where nobody can be asked", async () => {
    expect((await refused(["--template", "vue"])).stderr).toBe(
      'There is no template "vue": take chat, library, server, next.\n',
    );
    expect((await refused(["mine"])).stderr).toBe(
      "Say which template: add -- --template chat, library, server, next.\n",
    );
    expect((await refused(["--tempalte", "chat"])).stderr).toContain("--help");
    expect((await refused(["one", "two", "--template", "chat"])).stderr).toContain('"two"');
  });

  it("of a Node that is too old", () => {
    expect(nodeProblem("20.20.2")).toMatch(
      /^Orch needs Node 22\.18 or newer, and this is 20\.20\.2: install .*$/,
    );
    expect(nodeProblem("22.17.1")).toContain("22.17.1");
    for (const version of ["22.18.0", "24.21.0", "26.0.0"]) expect(nodeProblem(version)).toBeUndefined();
  });
});

it("that nobody wants in the end is no failure: who leaves at the question is left in peace", async () => {
  let said = "";
  const doors: CreateDoors = {
    folder: place,
    version: "1.0.0",
    templates: place,
    manager: "npm",
    print: (piece) => {
      said += piece;
    },
    complain: (piece) => expect.unreachable(piece),
    choose: async () => undefined,
    install: () => expect.unreachable(),
    interrupted: new AbortController().signal,
  };
  expect(await runProgram([], doors)).toBe(0);
  expect(said).toBe("\nNothing was made.\n");
  expect(readdirSync(place)).toEqual([]);
});

it("tells its version and its options", async () => {
  const { version } = JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8")) as { version: string };
  expect(await create(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  expect((await create(["--help"])).stdout).toContain("--no-install");
});

describe("an installation", () => {
  it("without a network keeps the project whole, and says how to go on", async () => {
    const dead = { npm_config_registry: "http://127.0.0.1:9/", npm_config_cache: join(place, "cache") };
    const retries = { npm_config_fetch_retries: "0" };
    const { code, stderr } = await create(["mine", "--template", "library"], { ...dead, ...retries });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        'All files are written, but npm did not reach the registry: run "npm install" in mine when there is a network.\n',
    });
    expect(text("src/main.ts")).toContain("research");
  });

  it("that is stopped by Ctrl-C leaves no folder", async () => {
    // A registry that never answers: the stop comes in the middle of the installation.
    let asked: () => void = () => {};
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const registry = createServer(() => asked());
    await new Promise<void>((resolve) => registry.listen(0, "127.0.0.1", resolve));
    const { port } = registry.address() as { port: number };
    const env = { npm_config_registry: `http://127.0.0.1:${port}/`, npm_config_cache: join(place, "cache") };
    const child = spawn(process.execPath, [cli, "deep/mine", "--template", "library"], {
      cwd: place,
      env: childEnvironment(env),
      stdio: ["ignore", "ignore", "pipe"],
    });
    let stderr = "";
    child.stderr.on("data", (piece) => {
      stderr += String(piece);
    });
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    await isAsked;
    expect(existsSync(join(place, "deep/mine/package.json"))).toBe(true);
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    registry.closeAllConnections();
    registry.close();
    expect(stderr).toBe("\nStopped; nothing was made.\n");
    expect(existsSync(join(place, "deep"))).toBe(false);
  });
});
