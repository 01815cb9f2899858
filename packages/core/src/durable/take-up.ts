import { RunHeldError } from "../errors/run-held-error.ts";
import { UnknownRunError } from "../errors/unknown-run-error.ts";
import type { Clock } from "../platform/clock.ts";
import type { Random } from "../platform/random.ts";
import { openRun, type Run } from "../run/run.ts";
import type { Codec } from "./codec.ts";
import type { ResumeOptions } from "./durable-host-options.ts";
import type { TakenUp } from "./durable-run.ts";
import { EndedRun } from "./ended-run.ts";
import type { Claim, JournalStore } from "./journal-store.ts";
import { judgeKept } from "./kept-requests.ts";
import type { LiveRuns } from "./live-runs.ts";
import type { StoredRuns } from "./stored-runs.ts";
import type { AnyOrchestration } from "./version-of.ts";

/** What taking runs up needs of a host. */
export interface TakeUpParts {
  readonly store: JournalStore;
  readonly live: LiveRuns;
  readonly runs: StoredRuns;
  readonly codec: Codec;
  readonly clock: Clock;
  readonly random: Random;
  /** In milliseconds. */
  readonly lease: number;
}

/** Takes up runs of a store: claims them, reads them, and goes on with them. */
export class TakeUp {
  readonly #parts: TakeUpParts;

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
    try {
      return await this.#takeUp<TOutput>(orchestration, claim, options, await first?.());
    } catch (error) {
      await this.#parts.store.release([claim]);
      throw error;
    }
  }

  async #takeUp<TOutput>(
    orchestration: AnyOrchestration,
    claim: Claim,
    options: ResumeOptions,
    told?: number,
  ): Promise<Run<TOutput>> {
    const { store, live, runs, codec, clock, random } = this.#parts;
    const { runId } = claim;
    const read = await runs.read(orchestration, runId, claim);
    const { stored, folded, count } = read;
    const { run } = folded;
    const { ended } = run;
    const history = runs.historyOf(orchestration, runId, read, told);
    if (ended !== undefined) {
      if (stored.status === ended.kind) await store.release([claim]);
      else await runs.close(claim, count, ended.kind);
      return openRun<TOutput>(() => new EndedRun(runId, run, history), options, []);
    }
    const requests = await store.requests(runId);
    const judged = await judgeKept(requests, read, orchestration, codec);
    if (judged.verdicts.length > 0) await runs.decide(claim, judged.verdicts);
    if (options.signal?.aborted === true && judged.unchecked.size > 0) {
      await runs.answer(claim, count, judged.unchecked);
      return this.#takeUp<TOutput>(orchestration, claim, options, told);
    }
    const doors = { runId, clock, random };
    const resume: TakenUp = { claim, next: count + 1, stored, folded, kept: judged };
    return openRun<TOutput>(
      (write) => live.open({ run, doors, options, write, resume, history }),
      options,
      orchestration.listeners(),
    );
  }
}
