/**
 * A store so small that it is right by reading it, and random sequences of calls to compare another with. Claims are
 * named by the order in which they were given, since every store has epochs of its own.
 */
import type {
  Append,
  Claim,
  JournalRecord,
  JournalStore,
  NewRun,
  RunQuery,
  StoredAnswer,
  StoredRun,
} from "@orch/core/host";
import fc from "fast-check";

/** One call, as plain data. A claim is named by how many were given after it. */
export type StoreCall =
  | { readonly call: "create"; readonly run: number; readonly records: readonly JournalRecord[] }
  | { readonly call: "claim" | "delete" | "answers"; readonly run: number }
  | { readonly call: "renew" | "release"; readonly claims: readonly number[] }
  | { readonly call: "append"; readonly batch: readonly AppendCall[] }
  | { readonly call: "load"; readonly run: number; readonly from: number }
  | { readonly call: "list"; readonly query: RunQuery }
  | { readonly call: "answer"; readonly run: number; readonly answer: StoredAnswer };

interface AppendCall extends Pick<Append, "records" | "status" | "dueAt"> {
  readonly claim: number;
  /** How far from the right number. */
  readonly off: number;
}

/** A call, when it is made, and through which handle. */
export interface StoreStep {
  readonly step: StoreCall;
  /** Milliseconds since the step before. */
  readonly after: number;
  readonly handle: number;
}

/** JSON as it comes from text: without -0, and without the key that would change a prototype, which stores refuse. */
const plainJson = fc
  .jsonValue({ noUnicodeString: false })
  .filter((value) => !JSON.stringify(value).includes('"__proto__"'))
  .map((value) => withoutNegativeZero(value as StoredAnswer["value"]));

function withoutNegativeZero(value: StoredAnswer["value"]): StoredAnswer["value"] {
  if (Object.is(value, -0)) return 0;
  if (Array.isArray(value)) return value.map(withoutNegativeZero);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutNegativeZero(item)]));
}

const LEASE = 10;
const RUNS = 3;
const STATUSES = ["running", "waiting", "completed", "failed", "cancelled"] as const;

/** Random sequences of calls on a few runs, with claims that run out on the way. */
export function storeSteps(): fc.Arbitrary<StoreStep[]> {
  const run = fc.nat({ max: RUNS - 1 });
  const claim = fc.oneof({ weight: 3, arbitrary: fc.nat({ max: 2 }) }, fc.nat({ max: 7 }));
  const claims = fc.array(claim, { maxLength: 3 });
  const time = fc.nat({ max: 8 });
  const text = fc.oneof(fc.json(), fc.constant(`"${"x".repeat(40_000)}"`));
  const record: fc.Arbitrary<JournalRecord> = fc.record(
    {
      type: fc.constantFrom("committed", "once", "answered"),
      at: time,
      path: fc.string(),
      value: text,
      more: fc.json(),
    },
    { requiredKeys: ["type", "at", "path"] },
  );
  const records = fc.array(record, { maxLength: 3 });
  const status = fc.constantFrom(...STATUSES);
  const append: fc.Arbitrary<AppendCall> = fc
    .record(
      {
        claim,
        off: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.constantFrom(-1, 1)),
        records,
        status,
        dueAt: fc.option(time),
      },
      { requiredKeys: ["claim", "off", "records"] },
    )
    .map((one) => one as AppendCall);
  const query = fc
    .record(
      {
        orchestration: fc.constantFrom("even", "odd"),
        status: fc.oneof(status, fc.array(status, { maxLength: 3 })),
        dueBefore: time,
        updatedBefore: time,
        limit: fc.nat({ max: 3 }),
      },
      { requiredKeys: [] },
    )
    .map((one) => one as RunQuery);
  const answer = fc.record({
    questionId: fc.constantFrom("a", "b", "\ud800", "\\"),
    value: plainJson,
    at: time,
  });
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ call: fc.constant("create" as const), run, records }) },
    { weight: 3, arbitrary: fc.record({ call: fc.constant("claim" as const), run }) },
    {
      weight: 8,
      arbitrary: fc.record({
        call: fc.constant("append" as const),
        batch: fc.array(append, { maxLength: 3 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ call: fc.constantFrom("renew" as const, "release" as const), claims }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ call: fc.constant("load" as const), run, from: fc.integer({ min: 1, max: 6 }) }),
    },
    { weight: 2, arbitrary: fc.record({ call: fc.constant("list" as const), query }) },
    { weight: 2, arbitrary: fc.record({ call: fc.constant("answer" as const), run, answer }) },
    {
      weight: 1,
      arbitrary: fc.record({ call: fc.constantFrom("delete" as const, "answers" as const), run }),
    },
  );
  return fc.array(fc.record({ step, after: fc.nat({ max: 6 }), handle: fc.nat({ max: 1 }) }), {
    maxLength: 40,
    size: "max",
  });
}

interface ModelRun {
  readonly made: NewRun;
  readonly records: JournalRecord[];
  readonly answers: StoredAnswer[];
  status: StoredRun["status"];
  dueAt: number | undefined;
  claim: { readonly number: number; until: number } | undefined;
}

/** What a call gave, comparable: claims by number, an error by its code. */
export type Outcome = unknown;

/** The runs as they must be. */
export class StoreModel {
  readonly #runs = new Map<string, ModelRun>();
  /** The run of every claim that was ever given. */
  readonly #claims: string[] = [];

  /** What a call must give at a time. */
  expect(step: StoreCall, now: number): Outcome {
    switch (step.call) {
      case "create": {
        const made = newRun(step.run, now);
        if (this.#runs.has(made.runId)) return "exists";
        const run: ModelRun = {
          made,
          records: [...step.records],
          answers: [],
          status: "running",
          dueAt: undefined,
          claim: undefined,
        };
        this.#runs.set(made.runId, run);
        return this.#claim(run, now);
      }
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
      case "answer": {
        const run = this.#runs.get(idOf(step.run));
        if (run === undefined) return "unknown";
        if (run.answers.some((one) => one.questionId === step.answer.questionId)) return "duplicate";
        run.answers.push(step.answer);
        return "accepted";
      }
      case "answers":
        return this.#runs.get(idOf(step.run))?.answers ?? [];
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

  #append(batch: readonly AppendCall[]): Outcome {
    const known = numbered(batch, this.#claims);
    // What comes after the end of a run, in the same batch too, comes too late.
    const standing = known.filter(
      ({ claim }, index) =>
        this.#holding(claim) !== undefined &&
        !known.slice(0, index).some((earlier) => earlier.claim === claim && isEnd(earlier.status)),
    );
    if (standing.some(({ off, records }) => off !== 0 && records.length > 0)) return "ORCH_JOURNAL_POSITION";
    for (const { claim, records, status, dueAt } of standing) {
      const run = this.#holding(claim)!;
      run.records.push(...records);
      run.status = status ?? run.status;
      if (dueAt !== undefined) run.dueAt = dueAt ?? undefined;
      if (isEnd(status)) run.claim = undefined;
    }
    return known.filter((one) => !standing.includes(one)).map(({ claim }) => claim);
  }

  #list({ orchestration, status, dueBefore, updatedBefore, limit = 100 }: RunQuery): Outcome {
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

/** A store under the same calls. */
export class StoreSubject {
  readonly #handles: readonly JournalStore[];
  readonly #claims: Claim[] = [];

  constructor(handles: readonly JournalStore[]) {
    this.#handles = handles;
  }

  /** What a call gave. `next` tells the right number for an append under a claim. */
  async call({ step, handle }: StoreStep, now: number, next: (claim: number) => number): Promise<Outcome> {
    const store = this.#handles[handle % this.#handles.length]!;
    switch (step.call) {
      case "create": {
        const made = await store.create(newRun(step.run, now), step.records, now + LEASE);
        return made === "exists" ? made : this.#named(made);
      }
      case "claim": {
        const claimed = await store.claim(idOf(step.run), now, now + LEASE);
        if (claimed.kind === "claimed") return this.#named(claimed.claim);
        return claimed.kind === "held" ? `held until ${claimed.holder.until}` : claimed.kind;
      }
      case "renew":
        return this.#numbers(await store.renew(this.#picked(step.claims), now + LEASE));
      case "release":
        await store.release(this.#picked(step.claims));
        return undefined;
      case "append":
        return this.#append(store, step.batch, next);
      case "load":
        return store.load(idOf(step.run), step.from);
      case "list":
        return (await store.list(step.query)).map((run) =>
          run.holder === undefined ? run : { ...run, holder: { ...run.holder, name: "" } },
        );
      case "answer":
        return store.putAnswer(idOf(step.run), step.answer);
      case "answers":
        return store.answers(idOf(step.run));
      case "delete":
        return store.delete(idOf(step.run), now);
    }
  }

  async #append(
    store: JournalStore,
    batch: readonly AppendCall[],
    next: (claim: number) => number,
  ): Promise<Outcome> {
    const lengths = new Map<string, number>();
    const appends = numbered(batch, this.#claims).map(({ claim, off, ...rest }): Append => {
      const its = this.#claims[claim]!;
      // A second append to the same run goes on where the first one of the batch ends.
      const key = `${its.runId} ${its.epoch}`;
      const from = lengths.get(key) ?? next(claim);
      lengths.set(key, from + rest.records.length);
      return { ...rest, claim: its, from: from + off };
    });
    try {
      return this.#numbers(await store.append(appends));
    } catch (error) {
      return (error as { readonly code?: string }).code ?? error;
    }
  }

  #named(claim: Claim): Outcome {
    this.#claims.push(claim);
    return `claim ${this.#claims.length - 1}`;
  }

  #picked(numbers: readonly number[]): Claim[] {
    return picked(numbers, this.#claims).map((number) => this.#claims[number]!);
  }

  #numbers(claims: readonly Claim[]): number[] {
    return claims.map((claim) =>
      this.#claims.findIndex(({ runId, epoch }) => runId === claim.runId && epoch === claim.epoch),
    );
  }
}

/** The claims that a call names, as numbers in the order they were given. */
function picked(back: readonly number[], given: readonly unknown[]): number[] {
  return back.filter((number) => number < given.length).map((number) => given.length - 1 - number);
}

function numbered(batch: readonly AppendCall[], given: readonly unknown[]): AppendCall[] {
  return batch.flatMap((one) => picked([one.claim], given).map((claim) => ({ ...one, claim })));
}

function isEnd(status: StoredRun["status"] | undefined): boolean {
  return status === "completed" || status === "failed" || status === "cancelled";
}

function idOf(run: number): string {
  return `run-${run}`;
}

function newRun(run: number, now: number): NewRun {
  return {
    runId: idOf(run),
    orchestration: run % 2 === 0 ? "even" : "odd",
    version: "1",
    hash: "h",
    createdAt: now,
    ...(run === 0 ? {} : { origin: { runId: idOf(0), record: run } }),
  };
}
