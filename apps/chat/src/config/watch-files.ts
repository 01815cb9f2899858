/** Tells when one of some files is written anew. */
import { watch } from "node:fs";
import { basename, dirname } from "node:path";
import type { Clock } from "@orch/core";

/** An editor writes a file in several steps; so long nothing may happen before it counts as written, in milliseconds. */
const STILL = 120;

/**
 * Calls `changed` some time after one of `files` was written, made, moved or taken away. Gives the way to stop. Where the system tells
 * of no changes, as in some network folders, it is never called.
 */
export function watchFiles(files: readonly string[], clock: Clock, changed: () => void): () => void {
  const names = new Map<string, Set<string>>();
  for (const file of files) {
    const folder = dirname(file);
    names.set(folder, (names.get(folder) ?? new Set()).add(basename(file)));
  }
  let pause: (() => void) | undefined;
  const heard = (): void => {
    pause?.();
    pause = clock.after(STILL, changed);
  };
  const stops = [...names].map(([folder, inside]) => watchFolder(folder, inside, heard));
  return () => {
    pause?.();
    for (const stop of stops) stop();
  };
}

/** A file that is saved is often another file under its name, so its folder is watched. */
function watchFolder(folder: string, names: ReadonlySet<string>, heard: () => void): () => void {
  try {
    const watcher = watch(folder, { persistent: false }, (_, name) => {
      if (name === null || names.has(name)) heard();
    });
    // The folder may be taken away.
    watcher.on("error", () => watcher.close());
    return () => watcher.close();
  } catch {
    return () => undefined;
  }
}
