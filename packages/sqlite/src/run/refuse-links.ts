import { lstatSync } from "../database/node-fs.ts";
import { StoreLinkError } from "../errors/store-link-error.ts";

/**
 * Makes sure that a database file and its log, where they are there, are regular files.
 *
 * @throws StoreLinkError (`ORCH_STORE_LINK`).
 */
export function refuseLinks(file: string): void {
  for (const part of ["", "-wal", "-shm"]) {
    const stat = lstatSync(file + part, { throwIfNoEntry: false });
    if (stat === undefined || stat.isFile()) continue;
    const found = stat.isSymbolicLink()
      ? "a symbolic link"
      : stat.isDirectory()
        ? "a folder"
        : "no regular file";
    throw new StoreLinkError({ file: file + part }, found);
  }
}
