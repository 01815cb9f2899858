/** The runs that this process drives on one store: their claims, and the answers that come for them. */

import { FencedError } from "../errors/fenced-error.ts";
import { InvalidAnswerError } from "../errors/invalid-answer-error.ts";
import { RunExistsError } from "../errors/run-exists-error.ts";
import { SuspendedError } from "../errors/suspended-error.ts";
import type { Ended } from "../kernel/activation.ts";
import { Recorder } from "../kernel/recorder.ts";
import type { RunState, Sink } from "../kernel/transition.ts";
import type { CancelTimer, Clock } from "../platform/clock.ts";
import type { Random } from "../platform/random.ts";
import { describeRun } from "../run/describe.ts";
import type { History, RunHandle } from "../run/host.ts";
import { DEFAULT_GRACE } from "../run/local-host.ts";
import { pumpUnder } from "../run/memory-run.ts";
import { type Ending, pump } from "../run/pump.ts";
import type { EventListener, RunOptions } from "../run/run.ts";
import type { Codec } from "./codec.ts";
import { dueOf } from "./dues.ts";
import type { Folded } from "./fold.ts";
import { JournalHost } from "./journal-host.ts";
import type { Claim, JournalStore, NewRun, StoredRun } from "./journal-store.ts";
import type { Durability, JournalWriter } from "./journal-writer.ts";

/** What all runs of a host share. */
export interface LiveShared {
  readonly store: JournalStore;
  readonly writer: JournalWriter;
  readonly level: Durability;
  readonly codec: Codec;
  readonly clock: Clock;
  /** In milliseconds. */
  readonly lease: number;
}

/** One run to be driven. */
export interface LiveSpec {
  readonly run: RunState;
  readonly doors: { readonly runId: string; readonly clock: Clock; readonly random: Random };
  readonly options: Pick<RunOptions, "signal" | "grace">;
  readonly write: EventListener | undefined;
  /** What to create, for a run that is new. */
  readonly create?: NewRun | undefined;
  readonly resume?: TakenUp | undefined;
}

/** A run that was read and claimed. */
export interface TakenUp {
  readonly claim: Claim;
  /** The number of the next record. */
  readonly next: number;
  /** The run as the store has it. */
  readonly stored: StoredRun;
  readonly folded: Folded;
  /** Answers that are kept, by question. */
  readonly answers: ReadonlyMap<string, unknown>;
  readonly history: History;
  /** A result that takes the place of running an operation. */
  readonly arrival?: { readonly path: string; readonly value: unknown } | undefined;
}

/** A run while it is driven. */
export interface LiveRun {
  readonly journal: JournalHost;
  readonly suspend: () => Promise<void>;
}

/** Answers that another process gave are looked for this often, in milliseconds. */
const LOOK_FOR_ANSWERS = 250;

/** Drives runs, and keeps their claims. */
export class LiveRuns {
  readonly #shared: LiveShared;
  readonly #runs = new Map<string, LiveRun>();
  /** Claims that a broken store could not release, by run. */
  readonly #unreleased = new Map<string, Claim>();
  #renewal: CancelTimer | undefined;

  constructor(shared: LiveShared) {
    this.#shared = shared;
  }

  get(runId: string): LiveRun | undefined {
    return this.#runs.get(runId);
  }

  /** Lets go of a run that stopped because of its store, so that this process can take it up again without waiting. */
  async letGo(runId: string): Promise<void> {
    const claim = this.#unreleased.get(runId);
    if (claim === undefined) return;
    await this.#shared.store.release([claim]);
    this.#unreleased.delete(runId);
  }

  /** Suspends all of them. */
  async suspend(): Promise<void> {
    await Promise.all([...this.#runs.values()].map((live) => live.suspend()));
  }

  /** A run in the hands of its driver. */
  open(spec: LiveSpec): RunHandle {
    const { run, doors, options, resume } = spec;
    const { runId } = doors;
    let looking: CancelTimer | undefined;
    const look = (): void => {
      if (!this.#shared.store.shared) return;
      looking ??= this.#shared.clock.after(LOOK_FOR_ANSWERS, async () => {
        await this.#takeAnswers(runId, journal);
        looking = undefined;
        if (this.#runs.has(runId) && journal.local.questions.size > 0) look();
      });
    };
    const journal = this.#journal(spec, look);
    const sink: Sink = {
      exec: (operation) => journal.exec(operation),
      timer: (activation, ms, purpose) => journal.timer(activation, ms, purpose),
      drop: (operation) => journal.drop(operation),
      recorder: journal.recorder,
      grace: options.grace ?? DEFAULT_GRACE,
      decisions: journal.decisions,
    };
    const cancel = (reason: string): void => journal.local.deliver({ kind: "cancel", reason });
    const done = Promise.withResolvers<void>();
    const suspend = async (): Promise<void> => {
      journal.hold();
      try {
        // Before that there is no claim to let go of.
        await journal.begun();
        await this.#shared.writer.settle(runId);
        journal.halt(new SuspendedError({ runId }));
      } catch (error) {
        journal.fail(error);
      }
      if (this.#runs.get(runId)?.journal === journal) await done.promise;
    };
    const resumed = resume !== undefined;
    const { signal } = options;
    const drive = (ending: Ending): void =>
      signal === undefined
        ? pump(run, journal, sink, ending, resumed)
        : pumpUnder(signal, run, journal, sink, { cancel }, ending, resumed);
    const start = async (): Promise<Ended> => {
      if (this.#runs.has(runId)) throw new RunExistsError({ runId });
      this.#add(runId, { journal, suspend });
      try {
        return await new Promise((ended, failed) => drive({ ended, failed }));
      } finally {
        looking?.();
        journal.tell();
        await this.#remove(runId, journal).finally(done.resolve);
      }
    };
    return {
      id: runId,
      start: (ending) =>
        void start().then(
          (ended) => ending.ended(ended),
          (error: unknown) => ending.failed(error),
        ),
      cancel,
      answer: (id, value) => journal.local.answer(id, value),
      questions: () => journal.local.questions.list(),
      isWaiting: () => journal.local.isWaiting,
      describe: (status) => describeRun(runId, run, status, journal.local.questions.list()),
      suspend,
      ...(resume === undefined ? {} : { history: resume.history }),
    };
  }

  #journal({ run, doors, write, create, resume }: LiveSpec, asked: () => void): JournalHost {
    const { runId, clock } = doors;
    const answers = resume?.answers ?? new Map<string, unknown>();
    const recorder = (hear: EventListener): Recorder => {
      const made = new Recorder(runId, clock, hear);
      made.goOnFrom(resume?.history.until ?? 0);
      return made;
    };
    const journal: JournalHost = new JournalHost({
      ...this.#shared,
      run,
      runId,
      doors,
      recorder: write === undefined ? undefined : recorder,
      deliver: write,
      create,
      resume,
      opened: (id) => {
        if (answers.has(id)) void takeKept(journal, id, answers.get(id));
        asked();
      },
    });
    if (resume === undefined) return journal;
    const { folded, arrival } = resume;
    for (const id of folded.answered) journal.local.questions.remember(id);
    for (const operation of folded.open.values()) {
      if (operation.path === arrival?.path) {
        journal.local.deliver({ kind: "completed", operation, value: arrival.value });
      } else journal.execAt(operation, dueOf(operation));
    }
    for (const { activation, due, purpose } of folded.timers) journal.timerAt(activation, due, purpose);
    journal.sortLaunches();
    return journal;
  }

  async #takeAnswers(runId: string, journal: JournalHost): Promise<void> {
    try {
      for (const { questionId, value } of await this.#shared.store.answers(runId)) {
        if (journal.local.questions.isOpen(questionId)) await takeKept(journal, questionId, value);
      }
    } catch (error) {
      journal.fail(error);
    }
  }

  #add(runId: string, live: LiveRun): void {
    this.#runs.set(runId, live);
    this.#renewal ??= this.#renewLater();
  }

  async #remove(runId: string, { claim }: JournalHost): Promise<void> {
    this.#runs.delete(runId);
    this.#shared.writer.forget(runId);
    if (this.#runs.size === 0) {
      this.#renewal?.();
      this.#renewal = undefined;
    }
    if (claim === undefined) return;
    try {
      await this.#shared.store.release([claim]);
    } catch {
      // What a store could not write was said by the write. The claim ends with its time or with the process,
      // or when the run is taken up here again.
      this.#unreleased.set(claim.runId, claim);
    }
  }

  #renewLater(): CancelTimer {
    const { clock, lease, store } = this.#shared;
    const renewal = clock.after(lease / 3, async () => {
      const claims = [...this.#runs.values()].flatMap(({ journal }) => journal.claim ?? []);
      try {
        for (const { runId } of await store.renew(claims, clock.now() + lease)) {
          this.#runs.get(runId)?.journal.halt(new FencedError({ runId }));
        }
      } catch {
        // The next write says what is wrong with the store; a claim that was not renewed may still hold.
      }
      // Another may have begun while this one was under way.
      if (this.#renewal !== renewal) return;
      this.#renewal = this.#runs.size === 0 ? undefined : this.#renewLater();
    });
    return renewal;
  }
}

/** Gives a question the answer that is kept for it. One that does not fit fails the question, because no other can come. */
async function takeKept(journal: JournalHost, id: string, value: unknown): Promise<void> {
  const { questions } = journal.local;
  try {
    await questions.answer(id, value);
  } catch (error) {
    if (error instanceof InvalidAnswerError) questions.refuse(id, error);
    else if (questions.isOpen(id)) journal.fail(error);
  }
}
