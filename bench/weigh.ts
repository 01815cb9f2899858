/** Prints, as JSON, how large a minimal use of each package is once bundled, minified and compressed, in kilobytes. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const folder = join(import.meta.dirname, "bundles");
const sizes: { [name: string]: { readonly minified: number; readonly gzip: number } } = {};
for (const file of readdirSync(folder).sort()) {
  const { outputFiles } = await build({
    entryPoints: [join(folder, file)],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "node22",
    logLevel: "error",
    define: { "process.env.NODE_ENV": '"production"' },
  });
  const code = outputFiles[0]!.contents;
  sizes[file.replace(/\.ts$/, "")] = {
    minified: code.length / 1_000,
    gzip: gzipSync(code, { level: 9 }).length / 1_000,
  };
}
console.log(JSON.stringify(sizes));
