/** A store that is small enough to be checked by reading it. Claims are named by the order in which they were given. */
import type { JournalRecord, NewRun, RunQuery, StoredRun } from "@orch/core/host";
import { ModelRequests } from "./model-requests.ts";
import {
  type AppendCall,
  idOf,
  LEASE,
  newRun,
  numbered,
  type Outcome,
  picked,
  type StoreCall,
} from "./store-call.ts";

interface ModelRun {
  readonly made: NewRun;
  readonly records: JournalRecord[];
  readonly requests: ModelRequests;
  status: StoredRun["status"];
  dueAt: number | undefined;
  claim: { readonly number: number; until: number } | undefined;
}

/** The runs as they must be. */
export class StoreModel {
  readonly #runs = new Map<string, ModelRun>();
  /** The run of every claim that was ever given. */
  readonly #claims: string[] = [];

  /** What a call must give at a time. */
  expect(step: StoreCall, now: number): Outcome {
    switch (step.call) {
      case "create":
        return this.#create(newRun(step.run, now), step.records, now);
      case "claim": {
        const run = this.#runs.get(idOf(step.run));
        if (run === undefined) return "unknown";
        return this.#held(run, now) ? `held until ${run.claim?.until}` : this.#claim(run, now);
      }
      case "renew":
        return picked(step.claims, this.#claims).filter((number) => {
          const run = this.#holding(number);
          if (run !== undefined) run.claim = { number, until: now + LEASE };
          return run === undefined;
        });
      case "release":
        for (const number of picked(step.claims, this.#claims)) {
          const run = this.#holding(number);
          if (run !== undefined) run.claim = undefined;
        }
        return undefined;
      case "append":
        return this.#append(step.batch);
      case "load":
        return this.#runs.get(idOf(step.run))?.records.slice(step.from - 1);
      case "list":
        return this.#list(step.query);
      case "offer":
        return this.#offer(step, now);
      case "keep":
        return this.#keep(step, now);
      case "withdraw":
        return this.#runs.get(idOf(step.run))?.requests.withdraw(step.number);
      case "requests":
        return this.#runs.get(idOf(step.run))?.requests.all ?? [];
      case "open":
        return [...this.#runs.values()]
          .toSorted((one, other) => one.made.runId.localeCompare(other.made.runId))
          .flatMap(({ requests }) => requests.all.filter(({ state }) => state === "open"));
      case "delete": {
        const run = this.#runs.get(idOf(step.run));
        if (run === undefined) return "unknown";
        if (this.#held(run, now)) return "held";
        this.#runs.delete(run.made.runId);
        return "deleted";
      }
    }
  }

  /** The number for the first record of an append. */
  next(claim: number): number {
    return (this.#runs.get(this.#claims[claim] ?? "")?.records.length ?? 0) + 1;
  }

  #create(made: NewRun, records: readonly JournalRecord[], now: number): Outcome {
    if (this.#runs.has(made.runId)) return "exists";
    const run: ModelRun = {
      made,
      records: [...records],
      requests: new ModelRequests(made.runId),
      status: "running",
      dueAt: undefined,
      claim: undefined,
    };
    this.#runs.set(made.runId, run);
    return this.#claim(run, now);
  }

  #offer({ run: number, request }: StoreCall & { readonly call: "offer" }, now: number): Outcome {
    const run = this.#runs.get(idOf(number));
    if (run === undefined) return "unknown";
    return this.#held(run, now) ? run.requests.add(request, "open") : "free";
  }

  #keep(step: StoreCall & { readonly call: "keep" }, now: number): Outcome {
    const { run: number, request, records, requests } = step;
    const run = this.#runs.get(idOf(number));
    if (run === undefined) return "unknown";
    if (this.#held(run, now)) return "held";
    if (run.records.length !== records) return "moved";
    if (requests !== undefined && run.requests.all.length !== requests) return "moved";
    if (request.type === "answer" && run.requests.isKept(request.question)) return "answered";
    run.claim = undefined;
    return run.requests.add(request, "kept");
  }

  #append(batch: readonly AppendCall[]): Outcome {
    const known = numbered(batch, this.#claims);
    // What comes after the end of a run, in the same batch too, comes too late.
    const standing = known.filter(
      ({ claim }, index) =>
        this.#holding(claim) !== undefined &&
        !known.slice(0, index).some((earlier) => earlier.claim === claim && isEnd(earlier.status)),
    );
    if (standing.some(({ off, records }) => off !== 0 && records.length > 0)) return "ORCH_JOURNAL_POSITION";
    for (const { claim, records, status, dueAt, verdicts } of standing) {
      const run = this.#holding(claim)!;
      run.records.push(...records);
      run.status = status ?? run.status;
      if (dueAt !== undefined) run.dueAt = dueAt ?? undefined;
      if (isEnd(status)) run.claim = undefined;
      run.requests.decide(verdicts ?? []);
    }
    return known.filter((one) => !standing.includes(one)).map(({ claim }) => claim);
  }

  #list({ orchestration, prefix = "", status, dueBefore, updatedBefore, limit = 100 }: RunQuery): Outcome {
    return [...this.#runs.values()]
      .reverse()
      .map(
        ({ made, records, status: its, dueAt, claim }): StoredRun => ({
          ...made,
          status: its,
          updatedAt: records.at(-1)?.at ?? made.createdAt,
          records: records.length,
          ...(dueAt === undefined ? {} : { dueAt }),
          ...(claim === undefined ? {} : { holder: { name: "", until: claim.until } }),
        }),
      )
      .filter((run) => run.runId.startsWith(prefix))
      .filter((run) => orchestration === undefined || run.orchestration === orchestration)
      .filter((run) => status === undefined || [status].flat().includes(run.status))
      .filter((run) => dueBefore === undefined || (run.dueAt ?? Infinity) <= dueBefore)
      .filter((run) => updatedBefore === undefined || run.updatedAt < updatedBefore)
      .slice(0, limit);
  }

  #claim(run: ModelRun, now: number): Outcome {
    run.claim = { number: this.#claims.length, until: now + LEASE };
    this.#claims.push(run.made.runId);
    return `claim ${run.claim.number}`;
  }

  #held(run: ModelRun, now: number): boolean {
    return run.claim !== undefined && run.claim.until > now;
  }

  #holding(claim: number): ModelRun | undefined {
    const run = this.#runs.get(this.#claims[claim] ?? "");
    return run?.claim?.number === claim ? run : undefined;
  }
}

function isEnd(status: StoredRun["status"] | undefined): boolean {
  return status === "completed" || status === "failed" || status === "cancelled";
}
