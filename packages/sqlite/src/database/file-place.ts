/**
 * Whether a database is still where it was opened. SQLite goes on writing into a file that was removed, and
 * every commit would succeed and be gone with the process.
 */

import { StoreFailedError } from "../errors/store-failed-error.ts";
import { statSync } from "./node-fs.ts";

/** The place of one open database. */
export class FilePlace {
  readonly #file: string;
  readonly #identity: string | undefined;
  #isGone = false;

  constructor(file: string) {
    this.#file = file;
    this.#identity = identityOf(file);
  }

  /** Checks whether the file exists. */
  look(): void {
    this.#isGone = identityOf(this.#file) !== this.#identity;
  }

  /** Throws when the file was missing at the last check and still is. Costs nothing while the file exists. */
  refuseGone(): void {
    if (!this.#isGone) return;
    this.look();
    if (!this.#isGone) return;
    const problem = "it was removed or replaced while it was in use";
    throw new StoreFailedError({ file: this.#file, problem });
  }
}

/** A file by its device and number, however it is called; `undefined` where there is none. */
export function identityOf(file: string): string | undefined {
  const stat = statSync(file, { throwIfNoEntry: false, bigint: true });
  return stat && `${stat.dev}:${stat.ino}`;
}
