/**
 * Prints, as JSON, how large a minimal use of each package is once bundled, minified and compressed, in kilobytes: all
 * of it in one file, and what of it is loaded at once where a bundler makes files of their own of what is imported later.
 */
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { type BuildResult, build } from "esbuild";
import type { BundleSize } from "./results.ts";

const folder = join(import.meta.dirname, "bundles");
const sizes: { [name: string]: BundleSize } = {};
for (const file of readdirSync(folder).sort()) {
  const entry = join(folder, file);
  const { outputFiles } = await bundled(entry, false);
  const code = outputFiles[0]!.contents;
  sizes[file.replace(/\.ts$/, "")] = {
    minified: code.length / 1_000,
    gzip: compressed(code),
    // Where files of their own only repeat what others have, one file is better, and all of it is loaded.
    atOnce: Math.min(compressed(code), compressed(loadedAtOnce(await bundled(entry, true)))),
  };
}
console.log(JSON.stringify(sizes));

type Bundled = BuildResult<{ write: false; metafile: true }>;

function bundled(entry: string, splitting: boolean): Promise<Bundled> {
  return build({
    entryPoints: { entry },
    bundle: true,
    splitting,
    minify: true,
    write: false,
    metafile: true,
    outdir: folder,
    format: "esm",
    platform: "node",
    target: "node22",
    logLevel: "error",
    define: { "process.env.NODE_ENV": '"production"' },
  });
}

/** The file of the program and those that it imports at its start, one after another. */
function loadedAtOnce({ metafile, outputFiles }: Bundled): Uint8Array {
  const loaded = new Set<string>();
  const load = (name: string): void => {
    if (loaded.has(resolve(name)) || metafile.outputs[name] === undefined) return;
    loaded.add(resolve(name));
    for (const { path, kind } of metafile.outputs[name].imports) if (kind === "import-statement") load(path);
  };
  load(Object.keys(metafile.outputs).find((name) => resolve(name) === join(folder, "entry.js"))!);
  return Buffer.concat(outputFiles.filter(({ path }) => loaded.has(path)).map(({ contents }) => contents));
}

function compressed(code: Uint8Array): number {
  return gzipSync(code, { level: 9 }).length / 1_000;
}
