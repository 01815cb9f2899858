/**
 * How large a use of core is for those who bundle it: minified by esbuild and compressed by gzip, in bytes.
 *
 *     node scripts/size.ts        prints each use, and what its bytes are made of
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

const manifest = JSON.parse(readFileSync(join(root, "packages/core/package.json"), "utf8")) as {
  readonly exports: Readonly<Record<string, unknown>>;
};
/** As they stand behind the package's name: "" for the main door, "/draw" and so on. */
const doors = Object.keys(manifest.exports)
  .filter((door) => door !== "./package.json")
  .map((door) => door.slice(1));

/** What is bundled, by name: programs as a user writes them. */
export const uses: { readonly [name: string]: string } = {
  minimal: `
    import { orchestration, runnable } from "@orch/core";
    const first = runnable("first", async (value) => value + 1);
    const second = runnable("second", async (value) => value * 2);
    console.log(await orchestration("flow", (o) => o.start(first).advance(first, second).finish(second)).run(1));`,
  "main door": `import * as core from "@orch/core"; console.log(core);`,
  "all doors": doors
    .map((door, nth) => `import * as door${nth} from "@orch/core${door}"; console.log(door${nth});`)
    .join("\n"),
};

/** A use, bundled. */
export interface Size {
  readonly minified: number;
  readonly gzip: number;
  /** Minified bytes by the file they came from, the largest first; only files with bytes in the bundle. */
  readonly files: { readonly [file: string]: number };
}

/** Bundles one use, from the sources, or from the folder of a build of core. */
export async function sizeOf(program: string, core?: string): Promise<Size> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: program, resolveDir: root, sourcefile: "use.js" },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "neutral",
    target: "es2024",
    absWorkingDir: root,
    logLevel: "silent",
    ...(core === undefined
      ? { conditions: ["@orch/source"] }
      : { alias: Object.fromEntries(doors.map((door) => [`@orch/core${door}`, fileOf(core, door)])) }),
  });
  const code = outputFiles[0]!.contents;
  const inputs = Object.entries(Object.values(metafile.outputs)[0]!.inputs)
    .map(([file, { bytesInOutput }]) => [file.replace("packages/core/src/", ""), bytesInOutput] as const)
    .filter(([, bytes]) => bytes > 0)
    .sort(([, one], [, other]) => other - one);
  return {
    minified: code.length,
    gzip: gzipSync(code, { level: 9 }).length,
    files: Object.fromEntries(inputs),
  };
}

function fileOf(core: string, door: string): string {
  return join(core, `${door === "" ? "/index" : door}.js`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  for (const [name, program] of Object.entries(uses)) {
    const { minified, gzip, files } = await sizeOf(program);
    console.log(`${name}: ${minified} bytes minified, ${gzip} with gzip`);
    for (const [file, bytes] of Object.entries(files)) console.log(`${String(bytes).padStart(7)}  ${file}`);
  }
}
