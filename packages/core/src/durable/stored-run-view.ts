/** A kept run, as any process sees it: where it is, what it asks, what happened in it, and its end. */
import { checkNumbers, LIMIT } from "../errors/number-range.ts";
import { UnknownRunError } from "../errors/unknown-run-error.ts";
import { VersionMismatchError } from "../errors/version-mismatch-error.ts";
import type { Clock } from "../platform/clock.ts";
import { describeRun, type RunDescription } from "../run/describe.ts";
import type { OpenQuestion } from "../run/questions.ts";
import type { EventsOptions, RunStatus } from "../run/run.ts";
import type { OrchestrationEvent } from "../words/events.ts";
import { nameOfKind, type SignalKind, type SignalOptions } from "../words/signal.ts";
import type { Cancellation } from "./cancellation.ts";
import type { DefinitionChange } from "./definition-change.ts";
import type { Foresight } from "./foresight.ts";
import { isEnd, type JournalStore, type StoredRun } from "./journal-store.ts";
import type { KeptGraphs } from "./kept-graphs.ts";
import type { KeptRun } from "./kept-run.ts";
import type { LiveRuns } from "./live-runs.ts";
import { nextLook } from "./next-look.ts";
import { openQuestions } from "./open-questions.ts";
import type { RunAnswers } from "./run-answers.ts";
import type { RunSignals } from "./run-signals.ts";
import { plainQuestion, stillOpen } from "./stored-questions.ts";
import type { StoredRuns, WholeJournal } from "./stored-runs.ts";
import { type AnyOrchestration, versionOf } from "./version-of.ts";

/** What a kept run needs of its host. */
export interface RunViewParts {
  readonly store: JournalStore;
  readonly live: LiveRuns;
  readonly runs: StoredRuns;
  readonly foresight: Foresight;
  readonly graphs: KeptGraphs;
  readonly clock: Clock;
  readonly answers: RunAnswers;
  readonly signals: RunSignals;
  readonly cancellation: Cancellation;
}

/** A run of a store, read anew for each question about it. */
export class StoredRunView implements KeptRun {
  readonly id: string;
  readonly #given: AnyOrchestration | undefined;
  readonly #parts: RunViewParts;
  #result: Promise<unknown> | undefined;

  constructor(id: string, orchestration: AnyOrchestration | undefined, parts: RunViewParts) {
    this.id = id;
    this.#given = orchestration;
    this.#parts = parts;
  }

  async status(): Promise<RunStatus> {
    return this.#parts.live.get(this.id)?.stage() ?? (await this.#parts.runs.get(this.id)).status;
  }

  async describe(): Promise<RunDescription> {
    const live = this.#parts.live.get(this.id);
    if (live !== undefined) return live.describe(live.stage());
    const { stored, folded } = await this.#read();
    // The run may have ended, or have been tried again, between the two readings of the store.
    const status = folded.run.ended?.kind ?? (isEnd(stored.status) ? "running" : stored.status);
    return describeRun(this.id, folded.run, status, openQuestions(folded).map(plainQuestion));
  }

  async change(): Promise<DefinitionChange> {
    const { store, runs, graphs } = this.#parts;
    const stored = await runs.get(this.id);
    const kept = await graphs.definitionOf(stored, (await store.load(this.id)) ?? []).catch(() => undefined);
    const present = await this.#definition();
    const change = {
      same: stored.hash === versionOf(present).hash,
      ...(kept && { before: kept.graph }),
    };
    try {
      await runs.read(present, this.id);
      return change;
    } catch (error) {
      if (!(error instanceof VersionMismatchError)) throw error;
      return { ...change, misfit: error.facts };
    }
  }

  async questions(): Promise<readonly OpenQuestion[]> {
    const live = this.#parts.live.get(this.id);
    if (live !== undefined) return live.questions();
    const definition = await this.#definition();
    const { read, foreseen, requests } = await this.#parts.foresight.look(definition, this.id);
    const kept = requests.flatMap(({ request }) => (request.type === "answer" ? [request.question] : []));
    return stillOpen(read.folded, foreseen)
      .filter(({ id }) => !kept.includes(id))
      .map(plainQuestion);
  }

  async *events(options: EventsOptions = {}): AsyncGenerator<OrchestrationEvent, void, undefined> {
    const { from = 1, signal } = options;
    checkNumbers(LIMIT, { from });
    const { runs } = this.#parts;
    let next = from;
    let seen = -1;
    while (!signal?.aborted) {
      const stored = await runs.get(this.id);
      if (stored.records !== seen) {
        const read = await this.#read();
        seen = read.count;
        for (const event of runs.events(await this.#definition(), this.id, read)) {
          if (event.seq < next) continue;
          next = event.seq + 1;
          yield event;
          if (signal?.aborted) return;
        }
      }
      // A retry goes on with the numbers, and with this reading where it is quick enough.
      if (isEnd(stored.status)) return;
      await nextLook(this.#parts.clock, signal);
    }
  }

  async answer(question: string, value: unknown): Promise<void> {
    const { answers } = this.#parts;
    const definition = await this.#definition();
    return this.#given === undefined
      ? answers.offer(definition, this.id, question, value)
      : answers.answer(definition, this.id, question, value);
  }

  async signal<TInput>(
    kind: SignalKind<unknown, TInput> | string,
    value: NoInfer<TInput>,
    options?: SignalOptions,
  ): Promise<void> {
    const { signals } = this.#parts;
    const definition = await this.#definition();
    return this.#given === undefined
      ? signals.offer(definition, this.id, nameOfKind(kind), value, options)
      : signals.send(definition, this.id, nameOfKind(kind), value, options);
  }

  async cancel(reason = "the run was cancelled"): Promise<void> {
    return this.#parts.cancellation.cancel(await this.#definition(), this.id, reason);
  }

  get result(): Promise<unknown> {
    this.#result ??= this.#end();
    this.#result.catch(() => {});
    return this.#result;
  }

  async #end(): Promise<unknown> {
    for (;;) {
      if (isEnd((await this.#parts.runs.get(this.id)).status)) break;
      await nextLook(this.#parts.clock);
    }
    const { ended } = (await this.#read()).folded.run;
    if (ended?.kind === "completed") return ended.value;
    throw ended?.error ?? new UnknownRunError({ runId: this.id });
  }

  async #read(): Promise<WholeJournal> {
    return this.#parts.runs.read(await this.#definition(), this.id);
  }

  async #definition(): Promise<AnyOrchestration> {
    if (this.#given !== undefined) return this.#given;
    const { store, runs, graphs } = this.#parts;
    const stored: StoredRun = await runs.get(this.id);
    return graphs.definitionOf(stored, (await store.load(this.id)) ?? []);
  }
}
