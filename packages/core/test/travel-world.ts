/** Drives runs of random flows through suspensions, forks and retries, in time that a test moves. */
import type { Clock, Orchestration, OrchestrationEvent, Run } from "@orch/core";
import {
  DurableHost,
  type ForkOptions,
  type JournalRecord,
  type JournalStore,
  memoryStore,
} from "@orch/core/host";
import { type ManualClock, manualClock } from "@orch/testing";
import { strictJson } from "../src/durable/codec.ts";
import { StoredRuns, type WholeJournal } from "../src/durable/stored-runs.ts";
import { type Asked, broken, tallied } from "./reference-builder.ts";
import { type Flow, type Mark, type Travel, timeOf } from "./reference-interpreter.ts";
import { wordOf } from "./word-of-event.ts";

/** How a run went. */
export interface Told {
  readonly events: readonly OrchestrationEvent[];
  /** The output, or the code of the error. */
  readonly outcome: unknown;
  /** The path of the state that failed the run. */
  readonly failedAt: unknown;
}

const LEASE = 3_000_000_000;

/** The runs of one flow. */
export class TravelWorld {
  readonly #flow: Orchestration<number, number>;
  readonly #input: number;
  #store: JournalStore = memoryStore();
  #runs = 0;
  readonly #clock: Clock = { now: () => 0, after: () => () => {} };
  #straight: WholeJournal | undefined;

  constructor(flow: Flow, input: number) {
    this.#flow = tallied(flow, this.#clock);
    this.#input = input;
  }

  /** A run from its start to its end, which is suspended and resumed when the event of this number is told. */
  async run(runId: string, suspendAt?: number): Promise<Told> {
    const life = new Life(this.#store, 0);
    let suspended: Promise<void> | undefined;
    const onEvent = (event: OrchestrationEvent): void => {
      life.hear(event);
      if (event.seq === suspendAt && event.part === undefined) suspended ??= life.run!.suspend();
    };
    life.run = this.#flow.start(this.#input, { host: life.host, runId, onEvent });
    life.run.result.catch(() => {});
    await turn();
    for (let left = 1_000; life.isOpen || suspended !== undefined; left--) {
      if (suspended !== undefined) {
        await suspended;
        suspended = undefined;
        life.run = await life.host.resume(this.#kept, runId, { onEvent: (event) => life.hear(event) });
        life.run.result.catch(() => {});
        suspendAt = undefined;
        await turn();
      } else if (left < 0 || !(await life.clock.runNext())) throw new TypeError(`${runId} hangs`);
    }
    return this.#told(life, runId);
  }

  /** The definition, and what the journal of a run holds. */
  async kept(
    runId: string,
  ): Promise<{ readonly of: Orchestration<never, number>; readonly read: WholeJournal }> {
    const runs = new StoredRuns(this.#store, strictJson, this.#clock);
    return { of: this.#kept, read: await runs.read(this.#kept, runId) };
  }

  /** A moment to which a fork goes back: after the last record that it takes over, and before what it leaves out beside its state. */
  async momentOf(runId: string, path: string, options: ForkOptions): Promise<number> {
    const runs = new StoredRuns(this.#store, strictJson, this.#clock);
    this.#straight ??= await runs.read(this.#kept, runId);
    const { records } = await runs.fork(this.#kept, this.#straight, options);
    const last = Math.max(...records.map(({ at }) => at));
    const kept = new Set(records.map(nameOfRecord));
    const left = this.#straight.counted.records.find(
      (record) =>
        !kept.has(nameOfRecord(record)) && record.type !== "waiting" && !isWithin(record.path, path),
    );
    return left === undefined ? last + 7 : Math.floor((last + left.at) / 2);
  }

  /** A fork of a run that is made at this time; `told` is how the run went. */
  async fork(runId: string, at: number, told: Told, options: ForkOptions): Promise<Told> {
    const life = new Life(this.#store, at);
    const id = `${runId}-${this.#runs++}`;
    life.run = await life.host.fork(this.#kept, runId, {
      ...options,
      runId: id,
      onEvent: (event) => life.hear(event),
    });
    life.run.result.catch(() => {});
    await life.finish(told);
    return this.#told(life, id);
  }

  /** Runs with a leaf that fails, mends it, and retries; `undefined` when it did not fail the run, or did not run. It failed at `failed`, and began again at `at`. */
  async retry(
    runId: string,
    path: string,
  ): Promise<(Told & { readonly at: number; readonly failed: number }) | undefined> {
    let isBroken = true;
    broken.is = (id, of) => isBroken && id === runId && of === path;
    const first = await this.run(runId);
    isBroken = false;
    if (first.failedAt !== path) return undefined;
    const at = first.events.at(-1)!.time;
    const life = new Life(this.#store, at);
    // A question that is open again is told once more, and was asked before. One that had its answer is another one.
    const asked = new Set<string>();
    for (const event of first.events) {
      if (event.type === "question.asked") asked.add(event.question);
      else if (event.type === "question.answered") asked.delete(event.question);
    }
    const onEvent = (event: OrchestrationEvent): void => {
      if (event.type === "question.asked" && !asked.has(event.question)) life.hear(event);
    };
    const ended = first.events.findLast(
      (event) => event.path === path && /^state\.(?:completed|failed)$/.test(event.type),
    );
    const failed = ended?.time ?? at;
    life.run = await life.host.retry(this.#kept, runId, { onEvent });
    life.run.result.catch(() => {});
    await life.finish(first);
    return { ...(await this.#told(life, runId)), at, failed };
  }

  get #kept(): Orchestration<never, number> {
    return this.#flow as Orchestration<never, number>;
  }

  async #told({ host, run }: Life, runId: string): Promise<Told> {
    const events = await host.events(this.#kept, runId);
    const end = await run!.result.then(
      (value) => ({ outcome: value, failedAt: undefined }),
      (error: { readonly code: string; readonly facts: { readonly path?: string } }) => ({
        outcome: error.code,
        failedAt: error.facts.path,
      }),
    );
    return { events, ...end };
  }
}

const nameOfRecord = ({ type, path, at }: JournalRecord): string => `${type} ${path} ${at}`;

/** A process that drives one run. */
class Life {
  readonly clock: ManualClock;
  readonly host: DurableHost;
  run: Run<number> | undefined;
  /** Questions that were asked in this life. */
  readonly #heard = new Set<string>();

  constructor(store: JournalStore, at: number) {
    const clock = manualClock(at);
    this.clock = clock;
    // The renewal of claims would go on for ever.
    const after: Clock["after"] = (ms, fire) => (ms === LEASE / 3 ? () => {} : clock.after(ms, fire));
    // What is taken up again goes on from a snapshot.
    this.host = new DurableHost(store, { clock: { ...clock, after }, lease: LEASE, snapshotAfter: 1 });
  }

  get isOpen(): boolean {
    return /running|waiting|queued/.test(this.run!.status);
  }

  /** Answers a question in its time. */
  hear(event: OrchestrationEvent): void {
    if (event.type !== "question.asked") return;
    this.#heard.add(event.question);
    const { takes, input } = event.prompt as Asked;
    const rest = event.time + timeOf(takes, input) - this.clock.now();
    // It may have been withdrawn, or answered before.
    const answer = (): void => void this.run!.answer(event.question, (input * 5) % 97).catch(() => {});
    if (rest >= 0) this.clock.after(rest, answer);
  }

  /** Goes to the end; `before` is how the run went that this one has its open questions from. */
  async finish(before: Told): Promise<void> {
    await turn();
    for (const { id } of this.run!.questions) {
      if (this.#heard.has(id)) continue;
      for (const event of before.events)
        if (event.type === "question.asked" && event.question === id) this.hear(event);
    }
    for (let left = 1_000; this.isOpen; left--) {
      if (left < 0 || !(await this.clock.runNext())) throw new TypeError(`${this.run!.id} hangs`);
    }
  }
}

/** Lets a run go as far as it goes without time. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Whether a path is that of a state, or of something inside it. */
export function isWithin(path: string, of: string): boolean {
  return path === of || path.startsWith(`${of}/`) || path.startsWith(`${of}[`);
}

/**
 * What happened in a run, in the words of the interpreter, with the moment of each; in any order. What a state that
 * began again opened at once stands in the record with which it began at first, and so has that record's time.
 */
export function happened(
  events: readonly OrchestrationEvent[],
  travel?: Travel,
  marks: readonly Mark[] = [],
): string[] {
  const begun = events.find(({ type, path }) => type === "state.started" && path === travel?.path);
  const read = new Set(marks.map(({ what, path, at }) => `${what} ${path} at ${at}`));
  return events
    .flatMap((event) => {
      const { path, time, seq } = event;
      const what = wordOf(event);
      if (what === undefined) return [];
      const isInside = travel !== undefined && path !== travel.path && isWithin(path, travel.path);
      // A branch beside the state, for which it made room in the fork by waiting at once.
      const isBeside =
        begun !== undefined &&
        time === begun.time &&
        seq > begun.seq &&
        read.has(`${what} ${path} at ${travel!.at}`);
      return [`${what} ${path} at ${isInside || isBeside ? Math.max(time, travel!.at) : time}`];
    })
    .toSorted();
}

/** The same of what the interpreter read. */
export function read(marks: readonly Mark[]): string[] {
  return marks
    .filter(({ what, path }) => what !== "noted" && path !== "root")
    .map(({ what, path, at }) => `${what} ${path} at ${at}`)
    .toSorted();
}
