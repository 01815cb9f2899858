/**
 * What V8 compiled of the program, kept for its next start in a folder of this user. Node's own place for it is one folder among
 * the temporary files of the machine, for all users: whoever makes it first could leave code there that the program of another one runs.
 */
// A default import: a named import of `enableCompileCache` would fail on an older Node before `nodeProblem` can speak.
import module from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { version } from "./version.ts";

/** How long the folder of another version stays after it was made, in milliseconds. */
const STALE = 30 * 24 * 60 * 60 * 1000;

/** Starts to use what was compiled before, and to keep what is compiled now. Where that cannot be, all is compiled anew. */
export function keepCompiled({ env, version: node, getBuiltinModule }: NodeJS.Process): void {
  // Node has read both by itself: it keeps in the folder of the first, and nothing with the second.
  if (env["NODE_COMPILE_CACHE"] || env["NODE_DISABLE_COMPILE_CACHE"]) return;
  try {
    const all = join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "orch", "compiled");
    const own = join(all, `${version}-${node}`);
    // Imported by its name it brings streams and promises along, for which `--version` has no use.
    const fs = getBuiltinModule("node:fs");
    const isNew = fs.mkdirSync(own, { recursive: true, mode: 0o700 }) !== undefined;
    module.enableCompileCache(own);
    if (isNew) removeStale(all, fs.statSync(own).mtimeMs, fs);
  } catch {
    // No home, no room or no permission.
  }
}

/** Removes what versions of the program or of Node left that were replaced long ago. */
function removeStale(folder: string, now: number, fs: typeof import("node:fs")): void {
  for (const name of fs.readdirSync(folder)) {
    const path = join(folder, name);
    const { mtimeMs } = fs.statSync(path);
    if (now - mtimeMs > STALE) fs.rmSync(path, { recursive: true, force: true });
  }
}
