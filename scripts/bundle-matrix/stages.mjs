/** Users' folders for the matrices: our packages as npm would publish them, beside what this repository has installed. */
import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));

/** Packs packages and unpacks them once; gives the folder. */
export async function pack(scratch, names) {
  const folder = join(scratch, "packed");
  for (const name of names) {
    const source = join(root, "packages", name);
    if (!existsSync(join(source, "dist/index.js")))
      throw new Error(`packages/${name} is not built: pnpm build`);
    const target = join(folder, name);
    mkdirSync(target, { recursive: true });
    await run("pnpm", ["pack", "--pack-destination", target], { cwd: source });
    await run("tar", ["-xzf", `orch-${name}-${versionOf(source)}.tgz`, "--strip-components=1"], {
      cwd: target,
    });
  }
  return folder;
}

function versionOf(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version;
}

/** A user's folder with packed packages; each of `others` is taken from the first package of ours that has it. */
export function install(folder, packed, names, others) {
  const modules = join(folder, "node_modules");
  for (const name of names) cpSync(join(packed, name), join(modules, "@orch", name), { recursive: true });
  for (const name of others) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    const place = names
      .map((owner) => join(root, "packages", owner, "node_modules", name))
      .find((path) => existsSync(path));
    symlinkSync(realpathSync(place), join(modules, name), "junction");
  }
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name: "user", private: true, type: "module" }),
  );
  writeFileSync(join(folder, "notes.md"), "# Notes\n\nThe kettle boils a litre of water in three minutes.\n");
}
