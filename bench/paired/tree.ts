/** The sources of a commit in a folder of their own, ready to be run: installed packages are those of this checkout. */
import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";

const BENCH = join(import.meta.dirname, "..");
const ROOT = join(BENCH, "..");

/** A folder with sources, and what they are. */
export interface Tree {
  readonly folder: string;
  /** As `4e7e322`, or "the working tree". */
  readonly title: string;
  readonly remove: () => void;
}

/** This checkout as it is, with changes that are in no commit. */
export const workingTree: Tree = { folder: ROOT, title: "the working tree", remove: () => {} };

/**
 * The sources of a commit. The measuring programs are this checkout's, so that both sides are measured alike;
 * `bench/orch`, which calls the packages, is the commit's own.
 */
export function treeOf(commit: string): Tree {
  const folder = mkdtempSync(join(tmpdir(), "orch-commit-"));
  const archive = join(folder, "commit.tar");
  git("archive", "--output", archive, commit, "packages", "bench/orch", "package.json");
  execFileSync("tar", ["-xf", archive, "-C", folder]);
  rmSync(archive);
  for (const file of globSync(["*.ts", "paired/*.ts", "floors/**/*.ts", "package.json"], { cwd: BENCH })) {
    mkdirSync(dirname(join(folder, "bench", file)), { recursive: true });
    copyFileSync(join(BENCH, file), join(folder, "bench", file));
  }
  for (const place of ["", ...globSync("packages/*", { cwd: ROOT })]) linkInstalled(place, folder);
  return {
    folder,
    title: git("rev-parse", "--short", commit),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Whether this clone has the commit; a shallow one may not. */
export function hasCommit(commit: string): boolean {
  try {
    git("cat-file", "-e", `${commit}^{commit}`);
    return true;
  } catch {
    return false;
  }
}

/** What git prints, or an error with what it complained of. */
export function git(...args: readonly string[]): string {
  return execFileSync("git", args, { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
}

/** Links what is installed in `place` into the same place of a tree; packages of the workspace become the tree's own. */
function linkInstalled(place: string, folder: string): void {
  const from = join(ROOT, place, "node_modules");
  const to = join(folder, place, "node_modules");
  if (!existsSync(from) || !existsSync(join(folder, place))) return;
  for (const name of readdirSync(from)) {
    if (name.startsWith(".")) continue;
    const names = name.startsWith("@")
      ? readdirSync(join(from, name)).map((inner) => join(name, inner))
      : [name];
    for (const one of names) {
      const target = realpathSync(join(from, one));
      const inside = relative(realpathSync(ROOT), target);
      const isOurs = inside.startsWith("packages") && !inside.includes("node_modules");
      mkdirSync(dirname(join(to, one)), { recursive: true });
      symlinkSync(isOurs ? join(folder, inside) : target, join(to, one), "junction");
    }
  }
}
