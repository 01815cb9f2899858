/** Requests for runs: answers and cancellations from outside. What writes runs inside the caller's transaction. */
import type { DatabaseSync } from "node:sqlite";
import { type Json, parseJson } from "@orch/core";
import type {
  KeepableRequest,
  RequestState,
  RunRequest,
  StoredRequest,
  UndecidedRequests,
  Verdict,
} from "@orch/core/host";
import { type LateStatement, lateStatement } from "../database/late-statement.ts";
import { rowSum } from "../database/row-checksum.ts";
import { fromColumn, toColumn } from "./id-text.ts";

/**
 * A row of `requests`. `value` is JSON: the answer, the reason of a cancellation, or the value of a signal and its key; of a
 * signal, `question` is its kind.
 */
interface RequestRow {
  readonly run: number;
  readonly seq: number;
  readonly type: string;
  readonly question: string | null;
  readonly value: string;
  readonly at: number;
  readonly state: string;
  readonly detail: string | null;
  readonly sum: number;
}

/** A human's answer, or a file that one hands in. */
const LIMITS = { maxDepth: 1000, maxLength: 512 * 1024 * 1024 };

/** Selects by the index, which SQLite does not choose by itself: it has no others than these, however many there are. */
const UNDECIDED = "requests INDEXED BY requests_by_state WHERE state IN ('open', 'kept')";

/** The requests in one database, numbered from 1 in each run, each with its checksum. */
export class Requests {
  readonly #damaged: (what: string) => never;
  readonly #insert: LateStatement;
  readonly #last: LateStatement;
  readonly #row: LateStatement;
  readonly #load: LateStatement;
  readonly #undecided: LateStatement;
  readonly #open: LateStatement;
  readonly #kept: LateStatement;
  readonly #decide: LateStatement;
  readonly #remove: LateStatement;
  readonly #version: LateStatement;
  /** The open requests as they were found last, and the state of the file then. */
  #found: { readonly version: unknown; readonly open: readonly StoredRequest[] } | undefined;

  constructor(database: DatabaseSync, damaged: (what: string) => never) {
    this.#damaged = damaged;
    this.#insert = lateStatement(database, "INSERT INTO requests VALUES (?, ?, ?, ?, ?, ?, ?, NULL, ?)");
    this.#last = lateStatement(database, "SELECT max(seq) AS last FROM requests WHERE run = ?");
    this.#row = lateStatement(database, "SELECT * FROM requests WHERE run = ? AND seq = ?");
    this.#load = lateStatement(database, "SELECT * FROM requests WHERE run = ? ORDER BY seq");
    this.#undecided = lateStatement(database, `SELECT * FROM ${UNDECIDED} AND run = ? ORDER BY seq`);
    this.#open = lateStatement(
      database,
      `SELECT q.*, r.id FROM (SELECT * FROM ${UNDECIDED} AND state = 'open') q JOIN runs r ON r.run = q.run
       ORDER BY q.run, q.seq`,
    );
    this.#kept = lateStatement(
      database,
      `SELECT 1 FROM ${UNDECIDED} AND run = ? AND question = ? AND type = 'answer' AND state = 'kept'`,
    );
    this.#decide = lateStatement(
      database,
      "UPDATE requests SET state = ?, detail = ?, sum = ? WHERE run = ? AND seq = ?",
    );
    this.#remove = lateStatement(database, "DELETE FROM requests WHERE run = ?");
    this.#version = lateStatement(database, "PRAGMA data_version");
  }

  /** Adds a request, and gives its number. */
  add(run: number, request: RunRequest, state: "open" | "kept"): number {
    const seq = this.count(run) + 1;
    const question = aboutOf(request);
    const value = JSON.stringify(contentOf(request));
    // JSON that the reader would refuse must not be written.
    parseJson(value, LIMITS);
    const { type, at } = request;
    const sum = rowSum([run, seq, type, question, value, at, state, null]);
    this.#insert().run(run, seq, type, question, value, at, state, sum);
    this.#found = undefined;
    return seq;
  }

  /** How many requests a run has. */
  count(run: number): number {
    return Number(this.#last().get(run)?.["last"] ?? 0);
  }

  /** Whether an answer to the same question is kept. */
  isKept(run: number, request: KeepableRequest): boolean {
    return request.type === "answer" && this.#kept().get(run, toColumn(request.question)) !== undefined;
  }

  /** Writes verdicts. A request that is decided already stays as it is. */
  decide(run: number, id: string, verdicts: readonly Verdict[]): void {
    for (const { number, state, detail } of verdicts) {
      const row = this.#checked(this.#row().get(run, number) as unknown as RequestRow | undefined, id);
      if (row === undefined || (row.state !== "open" && row.state !== "kept")) continue;
      const text = detail === undefined ? null : JSON.stringify(detail);
      this.#decide().run(state, text, sumOf({ ...row, state, detail: text }), run, number);
    }
    this.#found = undefined;
  }

  /** Takes an open request back, and gives it as it is then. */
  withdraw(run: number, id: string, number: number): StoredRequest | undefined {
    const row = this.#checked(this.#row().get(run, number) as unknown as RequestRow | undefined, id);
    if (row?.state !== "open") return row && stored(id, row);
    this.decide(run, id, [{ number, state: "refused" }]);
    return stored(id, { ...row, state: "refused" });
  }

  load(run: number, id: string): readonly StoredRequest[] {
    const rows = this.#load().all(run) as unknown as readonly RequestRow[];
    return rows.map((row, index) => {
      if (row.seq !== index + 1)
        this.#damaged(`request ${index + 1} of run "${id}" (table requests), which is missing,`);
      return stored(id, this.#checked(row, id)!);
    });
  }

  /** The requests of a run that are not decided. */
  undecided(run: number, id: string): UndecidedRequests {
    const rows = this.#undecided().all(run) as unknown as readonly RequestRow[];
    return { requests: rows.map((row) => stored(id, this.#checked(row, id)!)), made: this.count(run) };
  }

  /** The open requests of all runs. While no one writes to the file it is one look at the number of its state. */
  open(): readonly StoredRequest[] {
    const version = this.#version().get()?.["data_version"];
    if (this.#found?.version === version && this.#found !== undefined) return this.#found.open;
    const rows = this.#open().all() as unknown as readonly (RequestRow & { readonly id: string })[];
    const open = rows.map((row) => stored(fromColumn(row.id), this.#checked(row, fromColumn(row.id))!));
    this.#found = { version, open };
    return open;
  }

  drop(run: number): void {
    this.#remove().run(run);
    this.#found = undefined;
  }

  #checked(row: RequestRow | undefined, id: string): RequestRow | undefined {
    if (row !== undefined && sumOf(row) !== row.sum)
      this.#damaged(`request ${row.seq} of run "${id}" (table requests)`);
    return row;
  }
}

function sumOf({ run, seq, type, question, value, at, state, detail }: Omit<RequestRow, "sum">): number {
  return rowSum([run, seq, type, question, value, at, state, detail]);
}

function stored(runId: string, row: RequestRow): StoredRequest {
  const { seq: number, state, detail } = row;
  const made = { runId, number, request: requestOf(row), state: state as RequestState };
  return detail === null ? made : { ...made, detail: parseJson(detail, LIMITS) as Json };
}

/** What a request is about: a question, or a kind of signal. */
function aboutOf(request: RunRequest): string | null {
  if (request.type === "cancel") return null;
  return toColumn(request.type === "answer" ? request.question : request.signal);
}

function contentOf(request: RunRequest): Json {
  if (request.type === "cancel") return request.reason;
  if (request.type === "answer") return request.value;
  return request.key === undefined ? [request.value] : [request.value, request.key];
}

function requestOf({ type, question, value, at }: RequestRow): RunRequest {
  const content = parseJson(value, LIMITS) as Json;
  if (question === null) return { type: "cancel", reason: String(content), at };
  if (type === "answer") return { type, question: fromColumn(question), value: content, at };
  const [given, key] = content as readonly [Json, string?];
  const signal = { type: "signal", signal: fromColumn(question), value: given, at } as const;
  return key === undefined ? signal : { ...signal, key };
}
