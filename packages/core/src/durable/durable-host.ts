/** The durable host: runs that survive the process. */

import type { Orchestration } from "../define/orchestration.ts";
import { AlreadyAnsweredError } from "../errors/already-answered-error.ts";
import { InvalidAnswerError } from "../errors/invalid-answer-error.ts";
import { OptionError } from "../errors/option-error.ts";
import { RunExistsError } from "../errors/run-exists-error.ts";
import { RunHeldError } from "../errors/run-held-error.ts";
import { RunStateError } from "../errors/run-state-error.ts";
import { UnknownQuestionError } from "../errors/unknown-question-error.ts";
import { UnknownRunError } from "../errors/unknown-run-error.ts";
import { Activation } from "../kernel/activation.ts";
import { compiled } from "../kernel/compiled.ts";
import type { RunState } from "../kernel/transition.ts";
import { type Clock, systemClock } from "../platform/clock.ts";
import { newId } from "../platform/ids.ts";
import { type Random, systemRandom } from "../platform/random.ts";
import { describeRun, type RunDescription } from "../run/describe.ts";
import type { Capabilities, Host, RunHandle, RunSpec } from "../run/host.ts";
import type { OpenQuestion } from "../run/questions.ts";
import { openRun, type Run, type RunOptions } from "../run/run.ts";
import type { OrchestrationEvent } from "../words/events.ts";
import type { JournalRecord } from "../words/journal-record.ts";
import { type Codec, strictJson } from "./codec.ts";
import { type Counted, numberOf } from "./effective.ts";
import { endedRun } from "./ended-run.ts";
import type { Claim, JournalStore, NewRun, RunQuery, StoredRun } from "./journal-store.ts";
import { type Durability, JournalWriter } from "./journal-writer.ts";
import { LiveRuns, type TakenUp } from "./live-runs.ts";
import { openQuestions } from "./open-questions.ts";
import { type StoredJournal, StoredRuns } from "./stored-runs.ts";
import { type AnyOrchestration, versionOf } from "./version-of.ts";

/** How a durable host works. */
export interface DurableHostOptions {
  /**
   * When a commit has to be on disk. `step`: before what follows from it begins. `group`: at the end of
   * the turn, together with those of other runs. `end`: when the run ends, waits or is suspended. Default `step`.
   */
  readonly durability?: Durability;
  /** How long a run stays this process's own without a sign of life, in milliseconds. Default 30,000. */
  readonly lease?: number;
  /** Default: plain JSON, and anything else is refused by name. */
  readonly codec?: Codec;
  readonly clock?: Clock;
  readonly random?: Random;
}

/** How a run is taken up again. */
export type ResumeOptions = Omit<RunOptions, "host" | "runId" | "clock" | "random">;

/** Where a fork begins: after a committed state, or before one that is to run again. */
export interface ForkOptions extends ResumeOptions {
  /** The id of the new run. Default: a fresh id. */
  readonly runId?: string;
  /** The path of a state whose result is kept, and everything before it. */
  readonly after?: string;
  /** The path of a state that runs again. */
  readonly before?: string;
  /** With `after`: takes the place of what that state gave. What follows is decided anew. */
  readonly output?: unknown;
}

/** What `resumeAll` did. */
export interface Resumed {
  readonly runs: readonly Run<unknown>[];
  /** Runs that could not be taken up, and why; those that others drive are left out. */
  readonly problems: readonly { readonly runId: string; readonly error: unknown }[];
}

const LEVELS: readonly Durability[] = ["step", "group", "end"];

/** Drives runs and keeps them in a store; what one process began, another can resume. */
export class DurableHost implements Host {
  readonly #store: JournalStore;
  readonly #lease: number;
  readonly #codec: Codec;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #live: LiveRuns;
  readonly #runs: StoredRuns;

  constructor(store: JournalStore, options: DurableHostOptions = {}) {
    const { durability: level = "step", lease = 30_000, codec = strictJson } = options;
    const { clock = systemClock, random = systemRandom } = options;
    if (!LEVELS.includes(level)) throw new OptionError("durability", level, '"step", "group" or "end"');
    this.#store = store;
    this.#lease = lease;
    this.#codec = codec;
    this.#clock = clock;
    this.#random = random;
    const writer = new JournalWriter(store, level);
    this.#live = new LiveRuns({ store, writer, level, codec, clock, lease });
    this.#runs = new StoredRuns(store, codec, clock);
  }

  readonly capabilities: Capabilities = {
    keeps: true,
    failover: "resume",
    decisions: "recalled",
    once: "at once",
    liveOutput: true,
    steps: "here",
  };

  /** Makes a run of an orchestration ready; `orchestration.run` and `orchestration.start` call this. */
  open({ runnable, input, options, write }: RunSpec): RunHandle {
    const clock = options.clock ?? this.#clock;
    const random = options.random ?? this.#random;
    const runId = options.runId ?? newId("run", clock.now(), random);
    const orchestration = runnable as AnyOrchestration;
    const create: NewRun = {
      runId,
      orchestration: runnable.id,
      ...versionOf(orchestration),
      createdAt: clock.now(),
    };
    const run: RunState = {
      root: new Activation(undefined, compiled(runnable), input),
      ended: undefined,
      values: undefined,
    };
    const doors = { runId, clock, random };
    return this.#live.open({ run, doors, options, write, create });
  }

  /**
   * Takes a run up where its journal ends: what was committed is not run again, what was under way is.
   * A run that has ended gives its end.
   *
   * @throws UnknownRunError, RunHeldError when another process drives it, VersionMismatchError when
   * the definition has changed so that the journal does not fit, and no `migrate` helps.
   */
  async resume<TOutput>(
    orchestration: Orchestration<never, TOutput>,
    runId: string,
    options: ResumeOptions = {},
  ): Promise<Run<TOutput>> {
    const claim = await this.#claim(runId);
    try {
      const read = await this.#runs.read(orchestration, runId, claim);
      return await this.#takeUp<TOutput>(orchestration, runId, claim, read, options);
    } catch (error) {
      await this.#store.release([claim]);
      throw error;
    }
  }

  /** Takes up every run of these orchestrations that is unfinished and that nobody drives: what a server does when it starts. */
  async resumeAll(
    orchestrations: readonly AnyOrchestration[],
    options: ResumeOptions = {},
  ): Promise<Resumed> {
    const runs: Run<unknown>[] = [];
    const problems: { runId: string; error: unknown }[] = [];
    for (const orchestration of orchestrations) {
      const query: RunQuery = {
        orchestration: orchestration.id,
        status: ["running", "waiting"],
        limit: Number.MAX_SAFE_INTEGER,
      };
      for (const { runId } of await this.#store.list(query)) {
        if (this.#live.get(runId) !== undefined) continue;
        try {
          runs.push(await this.resume(orchestration, runId, options));
        } catch (error) {
          if (!(error instanceof RunHeldError)) problems.push({ runId, error });
        }
      }
    }
    return { runs, problems };
  }

  /**
   * Starts a new run with the history of another up to one state: to try again from there, or with
   * another output of that state.
   *
   * @throws UnknownRunError, VersionMismatchError, RunStateError when no such state was committed.
   */
  async fork<TOutput>(
    orchestration: Orchestration<never, TOutput>,
    runId: string,
    options: ForkOptions,
  ): Promise<Run<TOutput>> {
    const { after, before, output, runId: newRunId, ...resumeOptions } = options;
    const path = after ?? before ?? "";
    const { counted: source } = await this.#runs.read(orchestration, runId);
    const place = source.records.findIndex(
      ({ type, path: of }) => of === path && (type === "committed" || type === "failed"),
    );
    if (place === -1) throw noSuchState(runId, path);
    const replaces = after !== undefined && "output" in options;
    const reruns = after === undefined || replaces;
    const prefix = source.records
      .slice(0, reruns ? place : place + 1)
      // What a state kept that runs again belongs to its first life.
      .filter((record) => record.type !== "retried" && (!reruns || record.path !== path));
    const id = newRunId ?? newId("run", this.#clock.now(), this.#random);
    const create: NewRun = {
      runId: id,
      orchestration: orchestration.id,
      ...versionOf(orchestration),
      createdAt: this.#clock.now(),
      origin: { runId, record: numberOf(source, place) },
    };
    const claim = await this.#store.create(create, prefix, this.#clock.now() + this.#lease);
    if (claim === "exists") throw new RunExistsError({ runId: id });
    const counted: Counted = { records: prefix };
    const folded = this.#runs.fold(orchestration, id, counted, versionOf(orchestration));
    const stored = await this.#runs.get(id);
    const read: StoredJournal = { stored, counted, folded, count: prefix.length };
    const arrival = replaces ? { path, value: output } : undefined;
    return this.#takeUp<TOutput>(orchestration, id, claim, read, resumeOptions, arrival);
  }

  /**
   * Resumes a failed or cancelled run at the activation that failed it; what was committed before stays.
   *
   * @throws UnknownRunError, RunHeldError, RunStateError when it has not failed.
   */
  async retry<TOutput>(
    orchestration: Orchestration<never, TOutput>,
    runId: string,
    options: ResumeOptions = {},
  ): Promise<Run<TOutput>> {
    const claim = await this.#claim(runId);
    try {
      const { folded, count } = await this.#runs.read(orchestration, runId, claim);
      if (folded.failedAt === undefined) {
        const status = folded.run.ended?.kind ?? "running";
        throw new RunStateError(
          { runId, status },
          `The run "${runId}" has not failed: it is ${status}.`,
          status === "running" ? "Resume it with host.resume." : "Fork it to run a part of it again.",
        );
      }
      if (folded.failedAt === 1) {
        throw new RunStateError(
          { runId, status: "failed" },
          `The run "${runId}" failed before anything was committed, so there is nothing to go on from.`,
          "Mend the cause and start a new run with the same input.",
        );
      }
      const retried: JournalRecord = {
        type: "retried",
        at: this.#clock.now(),
        path: orchestration.id,
        value: JSON.stringify(folded.failedAt),
      };
      await this.#runs.append(claim, count, retried, "running");
      const read = await this.#runs.read(orchestration, runId, claim);
      return await this.#takeUp<TOutput>(orchestration, runId, claim, read, options);
    } catch (error) {
      await this.#store.release([claim]);
      throw error;
    }
  }

  /**
   * Answers an open question of a run that this or another process drives, or that nobody drives now.
   * The answer is kept when this resolves, and used once.
   *
   * @throws UnknownRunError, UnknownQuestionError, AlreadyAnsweredError, InvalidAnswerError.
   */
  async answer(
    orchestration: AnyOrchestration,
    runId: string,
    question: string,
    value: unknown,
  ): Promise<void> {
    const live = this.#live.get(runId);
    if (live !== undefined) return live.journal.local.answer(question, value);
    const { folded } = await this.#runs.read(orchestration, runId);
    const open = openQuestions(folded);
    const found = open.find(({ id }) => id === question);
    if (found === undefined) {
      if (folded.answered.includes(question)) throw new AlreadyAnsweredError({ runId, question });
      throw new UnknownQuestionError({ runId, question, open: open.map(({ id }) => id) });
    }
    // A question asked by ctx.ask is checked when the run takes the answer: only the runnable knows its schema.
    const result = await found.schema?.["~standard"].validate(value);
    if (result?.issues !== undefined)
      throw new InvalidAnswerError({ runId, question, issues: result.issues });
    const json = this.#codec.encode(value, `the answer to "${question}"`) ?? null;
    const kept = await this.#store.putAnswer(runId, {
      questionId: question,
      value: json,
      at: this.#clock.now(),
    });
    if (kept === "duplicate") throw new AlreadyAnsweredError({ runId, question });
    if (kept === "unknown") throw new UnknownRunError({ runId });
  }

  /** The open questions of a run, whoever drives it. Those whose answer is kept already are left out. */
  async questions(orchestration: AnyOrchestration, runId: string): Promise<readonly OpenQuestion[]> {
    const live = this.#live.get(runId);
    if (live !== undefined) return live.journal.local.questions.list();
    const { folded } = await this.#runs.read(orchestration, runId);
    const answered = new Set((await this.#store.answers(runId)).map(({ questionId }) => questionId));
    return openQuestions(folded)
      .filter(({ id }) => !answered.has(id))
      .map(({ id, path, prompt, askedAt }) => ({ id, path, prompt, askedAt }));
  }

  /** Where a run is, whoever drives it. */
  async describe(orchestration: AnyOrchestration, runId: string): Promise<RunDescription> {
    const { stored, folded } = await this.#runs.read(orchestration, runId);
    const questions = openQuestions(folded).map(({ id, path, prompt, askedAt }) => ({
      id,
      path,
      prompt,
      askedAt,
    }));
    return describeRun(runId, folded.run, stored.status, questions);
  }

  /** What happened in a run, made again from its journal, without live output. */
  async events(orchestration: AnyOrchestration, runId: string): Promise<readonly OrchestrationEvent[]> {
    const { counted } = await this.#runs.read(orchestration, runId);
    return this.#runs.history(orchestration, runId, counted);
  }

  /** A run as a list shows it; `undefined` when it is not there. */
  async get(runId: string): Promise<StoredRun | undefined> {
    return this.#store.get(runId);
  }

  /** Runs, newest first. */
  async list(query: RunQuery = {}): Promise<readonly StoredRun[]> {
    return this.#store.list(query);
  }

  /**
   * Removes a run with all that belongs to it.
   *
   * @throws UnknownRunError; RunHeldError while somebody drives it.
   */
  async delete(runId: string): Promise<void> {
    const stored = await this.#runs.get(runId);
    const deleted = await this.#store.delete(runId, this.#clock.now());
    if (deleted === "unknown") throw new UnknownRunError({ runId });
    if (deleted === "held") throw heldError(runId, stored);
  }

  /** Removes runs that ended before `endedBefore` (milliseconds since the epoch); gives how many. */
  async prune({ endedBefore }: { readonly endedBefore: number }): Promise<number> {
    let count = 0;
    const query: RunQuery = {
      status: ["completed", "failed", "cancelled"],
      updatedBefore: endedBefore,
      limit: 500,
    };
    for (;;) {
      const batch = await this.#store.list(query);
      let removed = 0;
      for (const { runId } of batch) {
        if ((await this.#store.delete(runId, this.#clock.now())) === "deleted") removed += 1;
      }
      count += removed;
      if (removed === 0) return count;
    }
  }

  /** Suspends every run that is driven here, and closes the store. */
  async close(): Promise<void> {
    await this.#live.suspend();
    await this.#store.close();
  }

  async #claim(runId: string): Promise<Claim> {
    await this.#live.letGo(runId);
    const now = this.#clock.now();
    const result = await this.#store.claim(runId, now, now + this.#lease);
    if (result.kind === "claimed") return result.claim;
    if (result.kind === "unknown") throw new UnknownRunError({ runId });
    const { name, until } = result.holder;
    throw new RunHeldError({ runId, holder: name, until });
  }

  async #get(runId: string): Promise<StoredRun> {
    const stored = await this.#store.get(runId);
    if (stored === undefined) throw new UnknownRunError({ runId });
    return stored;
  }

  async #takeUp<TOutput>(
    orchestration: AnyOrchestration,
    runId: string,
    claim: Claim,
    { stored, folded, count, counted }: StoredJournal,
    options: ResumeOptions,
    arrival?: TakenUp["arrival"],
  ): Promise<Run<TOutput>> {
    const { run } = folded;
    const { ended } = run;
    const load = async (): Promise<OrchestrationEvent[]> => this.#runs.history(orchestration, runId, counted);
    if (ended !== undefined) {
      if (stored.status === ended.kind) await this.#store.release([claim]);
      else await this.#runs.close(claim, count, ended.kind);
      const history = { until: Number.POSITIVE_INFINITY, load };
      return openRun<TOutput>(() => endedRun(runId, run, ended, history), options, []);
    }
    const { events: until } = folded;
    const history = { until, load };
    const kept = await this.#store.answers(runId);
    const answers = new Map(kept.map(({ questionId, value }) => [questionId, value] as const));
    const doors = { runId, clock: this.#clock, random: this.#random };
    const resume: TakenUp = { claim, next: count + 1, stored, folded, answers, history, arrival };
    return openRun<TOutput>(
      (write) => this.#live.open({ run, doors, options, write, resume }),
      options,
      orchestration.listeners(),
    );
  }
}

function heldError(runId: string, { holder }: StoredRun): Error {
  return new RunHeldError({ runId, holder: holder?.name ?? "another process", until: holder?.until ?? 0 });
}

function noSuchState(runId: string, path: string): Error {
  return new RunStateError(
    { runId, status: "no such state" },
    `The run "${runId}" has committed no state of the path "${path}".`,
    "Take a path from the events of the run (host.events), like the path of state.completed.",
  );
}
