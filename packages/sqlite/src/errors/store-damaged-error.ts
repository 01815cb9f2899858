import { OrchError } from "@orch/core";

/** What is wrong with a file, and where it was kept. */
export interface StoreDamagedFacts {
  readonly file: string;
  readonly problem: string;
  /** Another possible cause than damage; absent when none is known. */
  readonly hint?: string;
  /** An untouched copy; absent when none could be made. */
  readonly keptAt?: string;
}

/** A database file is not whole. It is never written to. */
export class StoreDamagedError extends OrchError<"ORCH_STORE_DAMAGED", StoreDamagedFacts> {
  constructor(facts: StoreDamagedFacts, options?: ErrorOptions) {
    const hint = facts.hint === undefined ? "" : `${facts.hint} Else: `;
    const kept = facts.keptAt === undefined ? "" : ` An untouched copy is at ${facts.keptAt}.`;
    super(
      "ORCH_STORE_DAMAGED",
      facts,
      {
        says: `The database ${facts.file} is damaged: ${facts.problem}.${kept}`,
        fix: `${hint}Restore a backup, save what can be read with repairSqlite of @orch/sqlite/sessions, or open with onDamage: "start-new" to move the file aside and begin an empty one.`,
      },
      options,
    );
  }
}
