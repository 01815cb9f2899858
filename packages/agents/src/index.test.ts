import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { expect, it } from "vitest";

const WHOLE_DOOR = `export * from "@orch/agents";`;

/** An agent that only talks. */
const TALKS = `
  import { agent, runAgent } from "@orch/agents";
  const { model } = globalThis;
  console.log((await runAgent(agent({ name: "writer", instructions: "Write.", model }), "Two lines on tea.")).output);`;

/** What a program loads at once, and not with a first use. */
async function bundle(program: string, { minify = false } = {}) {
  const { metafile, outputFiles } = await build({
    stdin: { contents: program, resolveDir: import.meta.dirname, sourcefile: "program.js" },
    bundle: true,
    minify,
    target: "es2024",
    write: false,
    metafile: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    conditions: ["@orch/source"],
    outdir: "out",
    external: ["openai", "@anthropic-ai/sdk"],
    logLevel: "silent",
  });
  const first = Object.entries(metafile.outputs).find(([, { entryPoint }]) =>
    entryPoint?.endsWith("program.js"),
  );
  const loaded = new Set<string>();
  const imported = new Set<string>();
  const follow = (name: string): void => {
    if (loaded.has(name)) return;
    loaded.add(name);
    for (const { path, kind, external } of metafile.outputs[name]?.imports ?? []) {
      if (kind !== "import-statement") continue;
      if (external) imported.add(path);
      else follow(path);
    }
  };
  follow(first![0]);
  const inputs = [...loaded].flatMap((name) => Object.keys(metafile.outputs[name]?.inputs ?? {}));
  const files = outputFiles.filter(({ path }) => [...loaded].some((name) => path.endsWith(name)));
  const code = Buffer.concat(files.map(({ contents }) => contents));
  return { inputs, imported, bytes: code.length, gzip: gzipSync(code, { level: 9 }).length };
}

it("bundles for a browser, loading no SDK, no node module and no adapter at once", async () => {
  const { inputs, imported, bytes } = await bundle(WHOLE_DOOR);
  expect([...imported]).toEqual([]);
  expect(
    inputs.filter((input) => /node_modules|extractive\/|anthropic\/|openai\/|files\//.test(input)),
  ).toEqual([]);
  // What repairs a refused conversation and what classifies a failure is loaded when a call fails.
  expect(
    inputs.filter((input) => /call-repair|refused-parts|conversation-limit|\/failure\.ts/.test(input)),
  ).toEqual([]);
  // What runs tools, asks guardrails and takes answers is loaded by the first run that has some.
  expect(
    inputs.filter((input) =>
      /settle-calls|run-calls|guardrail-check|\/answers|inner-run|heal-call/.test(input),
    ),
  ).toEqual([]);
  // What rewrites schemas and reads values by them is loaded by the first run that has one.
  expect(
    inputs.filter((input) =>
      /offer\.ts|take-answer|output-plan|structured-output|read-call|schema\/(?!json-form)/.test(input),
    ),
  ).toEqual([]);
  console.log(`agents in a browser: ${bytes} bytes at once`);
  expect(bytes).toBeLessThan(114_500);
});

it("loads no more for an agent that only talks than it needs", async () => {
  const { gzip } = await bundle(TALKS, { minify: true });
  console.log(`an agent that only talks: ${gzip} bytes at once, minified and compressed`);
  expect(gzip).toBeLessThan(13_700);
});
