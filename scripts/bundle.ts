/**
 * Builds a package's JavaScript for publishing: one file per door, and as few shared files as can be.
 *
 *     node ../../scripts/bundle.ts        in the folder of a package; replaces its dist
 *
 * Every file costs a tenth of a millisecond or more to import, and an engine of sixty small files loads slower
 * than it runs. Names and comments stay, so that what is published reads like what was written.
 */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type PreRenderedChunk, rolldown } from "rolldown";

interface Manifest {
  readonly exports: { readonly [door: string]: string | { readonly "@orch/source": string } };
}

/** The context that the bundler gives when it asks for the group of a module. */
interface Modules {
  readonly getModuleInfo: (id: string) => { readonly importedIds: readonly string[] } | null;
}

/** A file that was built, and what it imports: other files built by their names, packages by theirs. */
export interface BuiltFile {
  readonly name: string;
  readonly code: string;
  /** Loaded with it. */
  readonly imports: readonly string[];
}

/** Bundles the package in `folder` into `target`, door by door. */
export async function bundlePackage(folder: string, target: string): Promise<readonly BuiltFile[]> {
  const input = doorsOf(folder);
  const bundle = await rolldown({
    input,
    platform: "neutral",
    // Packages stay packages, and are found by whoever installs this one.
    external: /^[^./]/,
    transform: { target: "es2024" },
  });
  const { output } = await bundle.write({
    dir: target,
    format: "esm",
    sourcemap: true,
    minifyInternalExports: false,
    entryFileNames: "[name].js",
    chunkFileNames: (chunk: PreRenderedChunk) => `shared/${chunk.name}.js`,
    // What the main door loads in any case lies in one file where other doors need it too. The rest is
    // shared as finely as doors need it: no door loads what it could do without.
    codeSplitting: {
      groups: [{ name: inMainDoor(join(folder, "src/index.ts")), debugName: "main door", minShareCount: 2 }],
    },
  });
  await bundle.close();
  return output
    .filter((file) => file.type === "chunk")
    .map(({ fileName, code, imports }) => ({ name: fileName, code, imports }));
}

/** The sources behind a package's doors, by the name of the file that a door becomes. */
function doorsOf(folder: string): Record<string, string> {
  const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  const doors: Record<string, string> = {};
  for (const [door, target] of Object.entries(exports)) {
    if (typeof target === "string") continue;
    doors[door === "." ? "index" : door.slice(2)] = join(folder, target["@orch/source"]);
  }
  return doors;
}

function inMainDoor(main: string): (id: string, modules: Modules) => string | null {
  let reached: ReadonlySet<string> | undefined;
  return (id, modules) => {
    reached ??= reachedFrom(main, modules);
    return reached.has(id) ? "main" : null;
  };
}

/** Everything that is loaded with a module; what it imports lazily is not. */
function reachedFrom(main: string, modules: Modules): ReadonlySet<string> {
  const reached = new Set([main]);
  for (const id of reached) {
    for (const imported of modules.getModuleInfo(id)?.importedIds ?? []) reached.add(imported);
  }
  return reached;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const target = join(process.cwd(), "dist");
  rmSync(target, { recursive: true, force: true });
  await bundlePackage(process.cwd(), target);
}
