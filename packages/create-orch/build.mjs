/**
 * Builds the program: one file for the check of Node's version, one for the rest, and the templates with the versions that
 * this repository is tested with.
 *
 *     node build.mjs [folder]      default: dist
 */
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const [outdir = join(here, "dist")] = process.argv.slice(2);
const { version } = JSON.parse(await readFile(join(here, "package.json"), "utf8"));
const catalog = catalogOf(await readFile(join(here, "../../pnpm-workspace.yaml"), "utf8"));
const NAMES = ["chat", "library", "server", "next"];

await rm(outdir, { recursive: true, force: true });
await mkdir(outdir, { recursive: true });
await build({
  entryPoints: [join(here, "src/cli.ts")],
  outdir,
  bundle: true,
  splitting: true,
  platform: "node",
  format: "esm",
  // An older Node has to come as far as the sentence that says so.
  target: "node16",
  logLevel: "warning",
  define: { __VERSION__: JSON.stringify(version), __VITE__: JSON.stringify(catalog.get("vite")) },
});
for (const name of NAMES) {
  const target = join(outdir, "templates", name);
  await cp(join(here, "templates", name), target, {
    recursive: true,
    filter: (file) => !/\/(node_modules|\.next|next-env\.d\.ts)(\/|$)/.test(file.replaceAll("\\", "/")),
  });
  const manifest = join(target, "package.json");
  await writeFile(manifest, withVersions(await readFile(manifest, "utf8")));
}

/** Versions of our packages and of the catalog in the places that name them. */
function withVersions(text) {
  return text.replace(/"([^"]+)": "(workspace:\^|catalog:)"/g, (_, name, from) => {
    const found = from === "catalog:" ? catalog.get(name) : version;
    if (found === undefined) throw new TypeError(`The catalog has no ${name}.`);
    return `"${name}": "^${found}"`;
  });
}

/** The entries of the catalog; its values are plain versions. */
function catalogOf(yaml) {
  const [, block = ""] = /^catalog:\n((?:[ \t].*\n|\n)*)/m.exec(yaml) ?? [];
  return new Map(
    [...block.matchAll(/^ {2}"?([^":#]+)"?: (\d\S*)$/gm)].map(([, name, version]) => [name, version]),
  );
}
