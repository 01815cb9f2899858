import { RunHeldError } from "../errors/run-held-error.ts";
import { UnknownRunError } from "../errors/unknown-run-error.ts";
import type { Clock } from "../platform/clock.ts";
import type { Random } from "../platform/random.ts";
import type { RunHandle } from "../run/host.ts";
import { type EventListener, openRun, type Run, type RunOptions } from "../run/run.ts";
import type { Codec } from "./codec.ts";
import type { ResumeOptions } from "./durable-host-options.ts";
import type { TakenUp } from "./durable-run.ts";
import { EndedRun } from "./ended-run.ts";
import type { Foresight } from "./foresight.ts";
import { type Claim, isEnd, type JournalStore } from "./journal-store.ts";
import { judgeKept, type KeptAnswers } from "./kept-requests.ts";
import type { LiveRuns } from "./live-runs.ts";
import { findQuestion } from "./open-questions.ts";
import { retryOf } from "./retry-of.ts";
import type { StoredRuns } from "./stored-runs.ts";
import { undecidedRequests } from "./undecided-requests.ts";
import type { AnyOrchestration } from "./version-of.ts";

/** What taking runs up needs of a host. */
export interface TakeUpParts {
  readonly store: JournalStore;
  readonly live: LiveRuns;
  readonly runs: StoredRuns;
  readonly foresight: Foresight;
  readonly codec: Codec;
  readonly clock: Clock;
  readonly random: Random;
  /** In milliseconds. */
  readonly lease: number;
}

/** Makes the handle of a run that was taken up, with the listener that its events go to. */
export type OpenRun = (write: EventListener) => RunHandle;

/** Takes up runs of a store: claims them, reads them, and goes on with them. */
export class TakeUp {
  readonly #parts: TakeUpParts;
  /** The last work in turn, by run. */
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(parts: TakeUpParts) {
    this.#parts = parts;
  }

  /** @throws UnknownRunError, RunHeldError when another process drives it. */
  async claim(runId: string): Promise<Claim> {
    const { store, live, clock, lease } = this.#parts;
    await live.release(runId);
    const now = clock.now();
    const result = await store.claim(runId, now, now + lease);
    if (result.kind === "claimed") return result.claim;
    if (result.kind === "unknown") throw new UnknownRunError({ runId });
    const { name, until } = result.holder;
    throw new RunHeldError({ runId, holder: name, until });
  }

  /** Goes on with a run that was claimed. `first` writes what comes before that, and gives the number of the last event until then. When it fails the claim is released. */
  async goOn<TOutput>(
    orchestration: AnyOrchestration,
    claim: Claim,
    options: ResumeOptions,
    first?: () => Promise<number>,
  ): Promise<Run<TOutput>> {
    const open = await this.#opener(orchestration, claim, options, first);
    return openRun<TOutput>(open, options, orchestration.listeners());
  }

  /** Tries a run that was claimed again; to be passed to `goOn`. Throws RunStateError when it has not failed. */
  retryOf(orchestration: AnyOrchestration, claim: Claim): () => Promise<number> {
    const { runs, clock } = this.#parts;
    return async () => {
      const ended = await runs.read(orchestration, claim.runId, claim);
      const retried = retryOf(ended, orchestration.id, claim.runId, clock.now());
      await runs.retry(orchestration, claim, ended, retried);
      await this.#refuseOpen(claim);
      return ended.folded.events;
    };
  }

  /** Claims a run that was started before, as `ifExists` of the options says; gives what makes its handle. */
  async again(
    orchestration: AnyOrchestration,
    runId: string,
    options: Pick<RunOptions, "ifExists"> & ResumeOptions,
  ): Promise<OpenRun> {
    const { runs } = this.#parts;
    const { status } = await runs.get(runId);
    const isTriedAgain = options.ifExists === "retry" && status === "failed";
    if (isEnd(status) && !isTriedAgain) {
      // To read an end needs no claim, and many may read it at once.
      const read = await runs.read(orchestration, runId);
      const { run } = read.folded;
      if (run.ended?.kind === status) {
        return () => new EndedRun(runId, run, runs.historyOf(orchestration, runId, read));
      }
    }
    const claim = await this.claim(runId);
    const first = isTriedAgain ? this.retryOf(orchestration, claim) : undefined;
    return this.#opener(orchestration, claim, options, first);
  }

  /** Does the work for a run when what came before in this process is done. */
  async inTurn<TValue>(runId: string, work: () => Promise<TValue>): Promise<TValue> {
    const turn = (this.#turns.get(runId) ?? Promise.resolve()).then(work);
    const done = turn.catch(() => {});
    this.#turns.set(runId, done);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(runId) === done) this.#turns.delete(runId);
    }
  }

  /** Whether a run has ended, as its store has it. */
  async hasEnded(runId: string): Promise<boolean> {
    return isEnd((await this.#parts.runs.get(runId)).status);
  }

  async #opener(
    orchestration: AnyOrchestration,
    claim: Claim,
    options: ResumeOptions,
    first?: () => Promise<number>,
  ): Promise<OpenRun> {
    try {
      return await this.#takeUp(orchestration, claim, options, await first?.());
    } catch (error) {
      await this.#parts.store.release([claim]);
      throw error;
    }
  }

  /** Refuses what was asked of a run and not decided before it ended: it was asked of the life before. */
  async #refuseOpen(claim: Claim): Promise<void> {
    const { store, runs } = this.#parts;
    const { requests } = await undecidedRequests(store, claim.runId);
    const open = requests.filter(({ state }) => state === "open");
    const verdicts = open.map(({ number }) => ({ number, state: "refused" }) as const);
    if (verdicts.length > 0) await runs.decide(claim, verdicts);
  }

  /** Of the kept answers to what runnables ask, those whose question something closes that was kept later: before it can be asked again. */
  async #overtaken(
    orchestration: AnyOrchestration,
    runId: string,
    { arrivals, unchecked }: KeptAnswers,
  ): Promise<KeptAnswers["unchecked"]> {
    if (arrivals.length === 0 || unchecked.size === 0) return new Map();
    const { foreseen } = await this.#parts.foresight.look(orchestration, runId);
    return new Map([...unchecked].filter(([id]) => findQuestion(foreseen, id) === undefined));
  }

  async #takeUp(
    orchestration: AnyOrchestration,
    claim: Claim,
    options: ResumeOptions,
    told?: number,
  ): Promise<OpenRun> {
    const { store, live, runs, codec, clock, random } = this.#parts;
    const { runId } = claim;
    const isCancelled = options.signal?.aborted === true;
    // What was kept and has no place in this version is refused before the run is written in its form.
    if (orchestration.migrate !== undefined && !isCancelled) {
      const { requests } = await undecidedRequests(store, runId);
      if (requests.some(({ state }) => state === "kept")) {
        const { folded } = await runs.read(orchestration, runId);
        await judgeKept(requests, folded, orchestration, codec, false);
      }
    }
    const read = await runs.readOn(orchestration, runId, claim);
    const { stored, folded, count, base } = read;
    const { run } = folded;
    const { ended } = run;
    if (ended !== undefined) {
      if (stored.status === ended.kind) await store.release([claim]);
      else await runs.close(claim, count, ended.kind);
      // A retry may have ended it at once, and no process tells of that.
      return () => new EndedRun(runId, run, runs.historyOf(orchestration, runId, read));
    }
    const history = runs.historyOf(orchestration, runId, read, told);
    const { requests } = await undecidedRequests(store, runId);
    const judged = await judgeKept(requests, folded, orchestration, codec, isCancelled);
    if (judged.verdicts.length > 0) await runs.decide(claim, judged.verdicts);
    const first = isCancelled ? judged.unchecked : await this.#overtaken(orchestration, runId, judged);
    if (first.size > 0) {
      await runs.answer(claim, count, first);
      return this.#takeUp(orchestration, claim, options, told);
    }
    const doors = { runId, clock, random };
    const resume: TakenUp = {
      claim,
      next: count + 1,
      stored,
      base,
      folded,
      parts: read.parts ?? read.counted?.parts,
      kept: judged,
    };
    return (write) => live.open({ run, doors, options, write, resume, history });
  }
}
