/** What the turns of a session used, summed up in one row. What writes rows inside the caller's transaction. */
import type { DatabaseSync } from "node:sqlite";
import {
  addSpent,
  NOTHING_SPENT,
  type SessionSpent,
  type TurnRecord,
} from "@orch/chat-runtime/session-store";
import { rowSum } from "../database/row-checksum.ts";

type Spent = Required<SessionSpent>;

interface UsageRow extends Spent {
  readonly session_id: string;
  readonly sum: number;
}

/** The sums in one database, each with its checksum. */
export class Usage {
  readonly #database: DatabaseSync;
  readonly #damaged: (what: string) => never;

  constructor(database: DatabaseSync, damaged: (what: string) => never) {
    this.#database = database;
    this.#damaged = damaged;
  }

  of(sessionId: string): Spent {
    const row = this.#database.prepare("SELECT * FROM session_usage WHERE session_id = ?").get(sessionId) as
      | UsageRow
      | undefined;
    if (row === undefined) return NOTHING_SPENT;
    const { input, output, cost, unpriced, cached, estimated, sum } = row;
    if (sumOf(sessionId, row) !== sum) this.#damaged(`what session "${sessionId}" used`);
    return { input, output, cost, unpriced, cached, estimated };
  }

  /** Replaces what `before` used by what `turn` uses. */
  put(sessionId: string, turn: TurnRecord, before?: TurnRecord): void {
    const rest = this.of(sessionId);
    this.save(sessionId, addSpent(before === undefined ? rest : addSpent(rest, before, -1), turn));
  }

  save(sessionId: string, spent: Spent): void {
    const { input, output, cost, unpriced, cached, estimated } = spent;
    this.#database
      .prepare("INSERT OR REPLACE INTO session_usage VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
      .run(sessionId, input, output, cost, unpriced, cached, estimated, sumOf(sessionId, spent));
  }

  drop(sessionId: string): void {
    this.#database.prepare("DELETE FROM session_usage WHERE session_id = ?").run(sessionId);
  }
}

function sumOf(sessionId: string, { input, output, cost, unpriced, cached, estimated }: Spent): number {
  return rowSum([sessionId, input, output, cost, unpriced, cached, estimated]);
}
