import type { Judged, KeepableRequest, RunRequest, StoredRequest, UndecidedRequests } from "@orch/core/host";
import { type Claims, UNCLAIMED } from "./claims.ts";
import type { Journal } from "./journal.ts";
import type { Requests } from "./requests.ts";
import type { RunFile } from "./run-file.ts";
import type { Runs } from "./runs.ts";

/** The tables of one file that a request looks at. */
export interface RequestParts {
  readonly file: RunFile;
  readonly runs: Runs;
  readonly claims: Claims;
  readonly journal: Journal;
  readonly requests: Requests;
}

const NONE: UndecidedRequests = { requests: [], made: 0 };

/** What somebody outside wants of runs. Each method is one transaction, so that exactly one of those that compete wins. */
export class RunRequests {
  readonly #parts: RequestParts;

  constructor(parts: RequestParts) {
    this.#parts = parts;
  }

  /** Puts a request before the process that drives a run. */
  offer(runId: string, request: RunRequest, now: number): number | "free" | "unknown" {
    return this.#parts.file.write(0, () => {
      const run = this.#parts.runs.numberOf(runId);
      if (run === undefined) return "unknown";
      if (this.#parts.claims.holderOf(this.#parts.runs.row(run), now) === undefined) return "free";
      return this.#parts.requests.add(run, request, "open");
    });
  }

  /** Keeps an answer or a signal for the next process that drives a run. */
  keep(
    runId: string,
    request: KeepableRequest,
    { records, requests, now }: Judged,
  ): number | "held" | "moved" | "answered" | "unknown" {
    return this.#parts.file.write(0, () => {
      const run = this.#parts.runs.numberOf(runId);
      if (run === undefined) return "unknown";
      const row = this.#parts.runs.row(run);
      if (this.#parts.claims.holderOf(row, now) !== undefined) return "held";
      if (this.#parts.journal.length(run) !== records) return "moved";
      if (requests !== undefined && this.#parts.requests.count(run) !== requests) return "moved";
      if (this.#parts.requests.isKept(run, request)) return "answered";
      if (row.token !== null) this.#parts.runs.claim(row, { ...UNCLAIMED, epoch: row.epoch });
      return this.#parts.requests.add(run, request, "kept");
    });
  }

  /** Takes an open request back. */
  withdraw(runId: string, number: number): StoredRequest | undefined {
    return this.#parts.file.write(0, () => {
      const run = this.#parts.runs.numberOf(runId);
      return run === undefined ? undefined : this.#parts.requests.withdraw(run, runId, number);
    });
  }

  /** Every request of a run, oldest first. */
  all(runId: string): readonly StoredRequest[] {
    return this.#parts.file.read(() => {
      const run = this.#parts.runs.numberOf(runId);
      return run === undefined ? [] : this.#parts.requests.load(run, runId);
    });
  }

  /** The requests of a run that are not decided, and how many it has in all. */
  undecided(runId: string): UndecidedRequests {
    return this.#parts.file.read(() => {
      const run = this.#parts.runs.numberOf(runId);
      return run === undefined ? NONE : this.#parts.requests.undecided(run, runId);
    });
  }

  /** The open requests of all runs. */
  open(): readonly StoredRequest[] {
    return this.#parts.file.guard(undefined, () => this.#parts.requests.open());
  }
}
