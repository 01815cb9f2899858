import { build } from "esbuild";
import { expect, it } from "vitest";

const entry = new URL("./index.ts", import.meta.url).pathname;

/** What the entry loads at once, and what waits for a first use. */
async function bundle() {
  const { metafile, outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
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
    entryPoint?.endsWith("src/index.ts"),
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
  const bytes = outputFiles
    .filter(({ path }) => [...loaded].some((name) => path.endsWith(name)))
    .reduce((sum, file) => sum + file.contents.length, 0);
  return { inputs, imported, bytes };
}

it("bundles for a browser, loading no SDK, no node module and no adapter at once", async () => {
  const { inputs, imported, bytes } = await bundle();
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
  console.log(`agents in a browser: ${bytes} bytes at once`);
  expect(bytes).toBeLessThan(151_000);
});
