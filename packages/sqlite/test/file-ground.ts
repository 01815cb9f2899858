import { copyFileSync, existsSync, rmSync } from "node:fs";
import type { Clock } from "@orch/core";
import type { Ground } from "../../core/test/encounters/encounter-ground.ts";
import { type SqliteStore, sqliteStore } from "../src/index.ts";

/** What stands beside a database file. */
const PARTS = ["", "-wal", "-shm", "-seal"] as const;

/** A database file on which each host has a connection of its own. */
export class FileGround implements Ground {
  #file: string;
  readonly #files: string[];
  readonly #opened: SqliteStore[] = [];

  /** `empty` is a database without runs, which is copied: that costs a third of making one. */
  constructor(file: string, empty: string) {
    this.#file = file;
    this.#files = [file];
    copyFileSync(empty, file);
  }

  readonly open: Ground["open"] = (clock: Clock) => {
    const store = sqliteStore(this.#file, { clock });
    this.#opened.push(store);
    return store;
  };

  /** The files as they are now, without what a process does that closes them. */
  readonly kill: Ground["kill"] = () => {
    const left = `${this.#file}-left`;
    for (const part of PARTS) {
      if (existsSync(`${this.#file}${part}`)) copyFileSync(`${this.#file}${part}`, `${left}${part}`);
    }
    this.#file = left;
    this.#files.push(left);
  };

  readonly end: Ground["end"] = async () => {
    for (const store of this.#opened) await store.close();
    for (const file of this.#files) for (const part of PARTS) rmSync(`${file}${part}`, { force: true });
  };
}
