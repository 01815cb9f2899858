/** Answers to the questions of runs. What writes runs inside the caller's transaction. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type Json, parseJson } from "@orch/core";
import type { StoredAnswer } from "@orch/core/host";
import { rowSum } from "../database/row-checksum.ts";
import { fromColumn, toColumn } from "./id-text.ts";

interface AnswerRow {
  readonly seq: number;
  readonly question: string;
  readonly value: string;
  readonly at: number;
  readonly sum: number;
}

/** A human's answer, or a file that one hands in. */
const LIMITS = { maxDepth: 1000, maxLength: 512 * 1024 * 1024 };

/** The answers in one database, numbered from 1 in each run, each with its checksum. */
export class Answers {
  readonly #damaged: (what: string) => never;
  readonly #insert: StatementSync;
  readonly #last: StatementSync;
  readonly #load: StatementSync;
  readonly #remove: StatementSync;

  constructor(database: DatabaseSync, damaged: (what: string) => never) {
    this.#damaged = damaged;
    this.#insert = database.prepare("INSERT OR IGNORE INTO answers VALUES (?, ?, ?, ?, ?, ?)");
    this.#last = database.prepare("SELECT max(seq) AS last FROM answers WHERE run = ?");
    this.#load = database.prepare(
      "SELECT seq, question, value, at, sum FROM answers WHERE run = ? ORDER BY seq",
    );
    this.#remove = database.prepare("DELETE FROM answers WHERE run = ?");
  }

  /** Keeps an answer; `false` when the question has one. */
  put(run: number, answer: StoredAnswer): boolean {
    const seq = Number(this.#last.get(run)?.["last"] ?? 0) + 1;
    const question = toColumn(answer.questionId);
    const value = JSON.stringify(answer.value);
    // JSON that the reader would refuse must not be written.
    parseJson(value, LIMITS);
    const sum = rowSum([run, seq, question, value, answer.at]);
    return this.#insert.run(run, seq, question, value, answer.at, sum).changes === 1;
  }

  load(run: number, id: string): readonly StoredAnswer[] {
    const rows = this.#load.all(run) as unknown as readonly AnswerRow[];
    return rows.map(({ seq, question, value, at, sum }, index) => {
      if (seq !== index + 1)
        this.#damaged(`answer ${index + 1} of run "${id}" (table answers), which is missing,`);
      if (rowSum([run, seq, question, value, at]) !== sum) {
        this.#damaged(`answer ${seq} of run "${id}" (table answers)`);
      }
      return { questionId: fromColumn(question), value: parseJson(value, LIMITS) as Json, at };
    });
  }

  drop(run: number): void {
    this.#remove.run(run);
  }
}
