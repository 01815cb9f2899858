/** Core runs wherever JavaScript runs: the same program gives the same in every place, and nothing is asked of Node. */
import { execFile } from "node:child_process";
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { createContext, runInContext } from "node:vm";
import { Worker } from "node:worker_threads";
import { build, type Format } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { thorough } from "../../../scripts/lanes.ts";
import type * as host from "../src/host.ts";
import type * as index from "../src/index.ts";
import type { Runnable } from "../src/index.ts";
import { portableFlows, runPortableFlows } from "./portable-flows.ts";

const run = promisify(execFile);
const core = fileURLToPath(new URL("..", import.meta.url));
const chromium = (process.env["PATH"] ?? "")
  .split(delimiter)
  .flatMap((folder) => ["chromium", "chromium-browser", "google-chrome"].map((name) => join(folder, name)))
  .find(existsSync);

let folder: string;
let expected: unknown;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "orch-portable-"));
  expected = plain(await runPortableFlows());
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Without what JSON leaves out, and of this realm. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** The program and all of core in one file that imports nothing: a `node:` import would not be found. */
async function bundled(format: Format): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(core, "test/portable-flows.ts")],
    bundle: true,
    write: false,
    format,
    globalName: "portable",
    platform: "neutral",
    conditions: ["@orch/source"],
    logLevel: "silent",
  });
  return outputFiles[0]!.text;
}

async function moduleFile(): Promise<string> {
  const file = join(folder, "portable.mjs");
  writeFileSync(file, await bundled("esm"));
  return pathToFileURL(file).href;
}

/** All of core once more, with classes and marks of its own. */
async function copyOfCore(name: string): Promise<typeof index & typeof host> {
  const { outputFiles } = await build({
    stdin: { contents: 'export * from "./src/index.ts"; export * from "./src/host.ts";', resolveDir: core },
    bundle: true,
    write: false,
    format: "esm",
    platform: "neutral",
    logLevel: "silent",
  });
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, outputFiles[0]!.text);
  return import(pathToFileURL(file).href);
}

describe("core", () => {
  it("imports no package and nothing of Node, in no source and no build", () => {
    const files = globSync("{src,dist}/**/*.{ts,js}", { cwd: core }).filter(
      (file) => !file.includes(".test"),
    );
    const foreign = files.flatMap((file) => {
      // Not what an example in a comment imports.
      const code = readFileSync(join(core, file), "utf8").replace(/^\s*\*.*$/gm, "");
      const imports =
        /^(?:import|export)\b(?:[^"'`;=]*\bfrom)? *"([^".][^"]*)"|\bimport\(\s*["'`]([^.][^)]*)/gm;
      return [...code.matchAll(imports)].map(([, fixed, lazy]) => `${file}: ${fixed ?? lazy}`);
    });

    expect(files.length).toBeGreaterThan(50);
    expect(foreign).toEqual([]);
  });

  it("gives in this process what it should", () => {
    expect(Object.keys(expected as object)).toEqual(Object.keys(portableFlows));
    expect(expected).toMatchObject({ steps: 4, loop: 50, nested: 9, state: 6, retried: 4, classes: 4.5 });
  });

  it("runs where there are only timers, microtasks and abort signals", async () => {
    const code = await bundled("iife");
    const place = createContext({ setTimeout, clearTimeout, queueMicrotask, AbortController });

    expect(runInContext("typeof process + typeof Buffer + typeof setImmediate", place)).toBe(
      "undefined".repeat(3),
    );
    expect(plain(await runInContext(`${code};portable.runPortableFlows()`, place))).toEqual(expected);
  });

  it("runs in a worker", async () => {
    const worker = new Worker(
      `import(${JSON.stringify(await moduleFile())})
        .then(({ runPortableFlows }) => runPortableFlows())
        .then((results) => require("node:worker_threads").parentPort.postMessage(results))`,
      { eval: true },
    );
    const exit = new Promise((resolve) => worker.once("exit", resolve));
    const results = await new Promise((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
    });

    expect(plain(results)).toEqual(expected);
    // It ends by itself: no run leaves a timer behind.
    expect(await exit).toBe(0);
  });

  it("runs over frozen prototypes", async () => {
    // All but errors: over a frozen Error.prototype nobody's subclass could assign its name.
    const program = join(folder, "frozen.mjs");
    writeFileSync(
      program,
      `const all = Object.getOwnPropertyNames(globalThis).filter((name) => /^[A-Z]/.test(name) && !name.endsWith("Error"));
      for (const name of all) if (globalThis[name].prototype) Object.freeze(globalThis[name].prototype);
      const { runPortableFlows } = await import(${JSON.stringify(await moduleFile())});
      const frozen = [Object, Array, Function, Promise, Map, Set].every((made) => Object.isFrozen(made.prototype));
      console.log(JSON.stringify({ frozen, results: await runPortableFlows() }));`,
    );
    const { stdout } = await run(process.execPath, [program]);

    expect(JSON.parse(stdout)).toEqual({ frozen: true, results: expected });
  });

  it("works together with another copy of itself, in memory and on a durable host", async () => {
    const [outer, inner] = [await copyOfCore("outer"), await copyOfCore("inner")];
    const { each, all, race, choose, sleep, orchestration, runnable } = inner;
    const next = runnable("next", async (n: number, { signal }) => (signal.aborted ? 0 : n + 1));
    const nested = orchestration("nested", (o) => o.start(next).finish(next));
    const composites: readonly (readonly [Runnable<never, unknown>, unknown, unknown])[] = [
      [each("each", next), [1, 2], [2, 3]],
      [all("all", { a: next, b: nested }), 1, { a: 2, b: 2 }],
      [race("race", { a: next }), 1, 2],
      [choose("choose", () => next), 1, 2],
      [sleep("sleep", 0), 1, 1],
      [nested, 1, 2],
      [next, 1, 2],
    ];
    for (const [composite, input, output] of composites) {
      const flow = outer.orchestration("flow", (o) => o.start(composite).finish(composite));
      for (const host of [undefined, inner.memoryHost(), outer.memoryHost()]) {
        const options = host === undefined ? {} : { host };
        expect(await flow.run(input as never, options), composite.id).toEqual(output);
      }
    }
  });

  // Where Chromium is installed: `apt-get install chromium`. Beside it stands the place with timers alone.
  it.skipIf(chromium === undefined || !thorough)("runs in a browser", async () => {
    const page = join(folder, "page.html");
    writeFileSync(
      page,
      `<meta charset="utf-8"><p></p><script>${(await bundled("iife")).replaceAll("</script", "<\\/script")}
      portable.runPortableFlows()
        .then(JSON.stringify, (error) => String(error.stack))
        .then((text) => { document.querySelector("p").textContent = encodeURIComponent(text); });
      </script>`,
    );
    const { stdout } = await run(chromium!, [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      `--user-data-dir=${join(folder, "chromium")}`,
      "--virtual-time-budget=10000",
      "--dump-dom",
      pathToFileURL(page).href,
    ]);

    expect(JSON.parse(decodeURIComponent(/<p>(.*?)<\/p>/.exec(stdout)?.[1] ?? ""))).toEqual(expected);
  });
});
