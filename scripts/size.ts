/**
 * How large a use of core is for those who bundle it: minified by esbuild and compressed by gzip, in bytes.
 *
 *     node scripts/size.ts        prints each use, and of each file in it: the bytes, and how many of the
 *                                 compressed ones would go with it, which is less where it is like others
 */
import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
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

/** Two states, from one door or another. */
const twoStates = (door: string): string => `
    import { orchestration, runnable } from "${door}";
    const first = runnable("first", async (value) => value + 1);
    const second = runnable("second", async (value) => value * 2);
    console.log(await orchestration("flow", (o) => o.start(first).advance(first, second).finish(second)).run(1));`;

/** What is bundled, by name: programs as a user writes them. */
export const uses: { readonly [name: string]: string } = {
  small: twoStates("@orch/core/small"),
  minimal: twoStates("@orch/core"),
  "main door": `import * as core from "@orch/core"; console.log(core);`,
  "all doors": doors
    .map((door, nth) => `import * as door${nth} from "@orch/core${door}"; console.log(door${nth});`)
    .join("\n"),
};

/** A use, bundled. */
export interface Size {
  readonly minified: number;
  readonly gzip: number;
  /** The files with bytes in the bundle. */
  readonly files: readonly string[];
  /** What each file has of it, the largest first. */
  readonly shares: () => readonly (readonly [file: string, share: Share])[];
}

/** What a file has of a bundle, in bytes. */
export interface Share {
  readonly minified: number;
  /** How much smaller the bundle would be without it. */
  readonly gzip: number;
}

/** Bundles one use, from the sources, or from the folder of a build of core. */
export async function sizeOf(program: string, core?: string): Promise<Size> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: program, resolveDir: root, sourcefile: "use.js" },
    bundle: true,
    minify: true,
    write: false,
    outdir: root,
    sourcemap: "external",
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
  const [map, code] = ["map", "js"].map((end) => outputFiles.find(({ path }) => path.endsWith(end))!.text);
  const inputs = Object.values(metafile.outputs).find(({ entryPoint }) => entryPoint !== undefined)!.inputs;
  const gzip = compressed(code!);
  const present = Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const nameOf = (file: string): string => file.replace("packages/core/src/", "");
  const shares = (): (readonly [string, Share])[] => {
    const without = cutter(code!, map!);
    return present
      .map(
        ([file, { bytesInOutput }]) =>
          [nameOf(file), { minified: bytesInOutput, gzip: gzip - compressed(without(file)) }] as const,
      )
      .sort(([, one], [, other]) => other.gzip - one.gzip);
  };
  return { minified: Buffer.byteLength(code!), gzip, files: present.map(([file]) => nameOf(file)), shares };
}

function compressed(code: string): number {
  return gzipSync(code, { level: 9 }).length;
}

/** Cuts a file out of a bundle. */
function cutter(code: string, map: string): (file: string) => string {
  const places = new SourceMap(JSON.parse(map));
  const lines = code.split("\n").map((line, row) =>
    line.split("").map((character, column) => {
      const place = places.findEntry(row, column);
      return { character, file: "originalSource" in place ? place.originalSource : "" };
    }),
  );
  return (file) =>
    lines
      .map((line) =>
        line
          .filter((at) => at.file !== file)
          .map((at) => at.character)
          .join(""),
      )
      .join("\n");
}

function fileOf(core: string, door: string): string {
  return join(core, `${door === "" ? "/index" : door}.js`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  for (const [name, program] of Object.entries(uses)) {
    const { minified, gzip, shares } = await sizeOf(program);
    console.log(`${name}: ${minified} bytes minified, ${gzip} with gzip`);
    for (const [file, share] of shares()) {
      console.log(`${String(share.minified).padStart(7)} ${String(share.gzip).padStart(6)}  ${file}`);
    }
  }
}
