/** The runs of turns that no session keeps any more. */
import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "@orch/core";
import type { OwnerDoor } from "../database/owner.ts";
import { Blobs } from "../run/blobs.ts";
import { Claims } from "../run/claims.ts";
import { Journal } from "../run/journal.ts";
import { Requests } from "../run/requests.ts";
import { Runs } from "../run/runs.ts";

/** What the runs of a file are found by. */
export interface SessionRunsParts {
  readonly database: DatabaseSync;
  readonly owner: OwnerDoor;
  readonly clock: Clock;
  readonly damaged: (what: string) => never;
}

/**
 * Removes runs inside the caller's transaction. A turn's run has the turn's id. One that a process drives stays: that process
 * would go on writing into nothing.
 */
export class SessionRuns {
  readonly #parts: SessionRunsParts;

  constructor(parts: SessionRunsParts) {
    this.#parts = parts;
  }

  letGo(ids: readonly string[]): void {
    const { database, owner, clock, damaged } = this.#parts;
    const runs = new Runs(database, damaged);
    const blobs = new Blobs(database);
    const rows = [new Journal(database, blobs, damaged), new Requests(database, damaged), blobs, runs];
    const claims = new Claims(owner, clock);
    const now = clock.now();
    for (const id of ids) {
      const run = runs.numberOf(id);
      if (run === undefined || claims.holderOf(runs.row(run), now) !== undefined) continue;
      for (const one of rows) one.drop(run);
    }
  }
}
