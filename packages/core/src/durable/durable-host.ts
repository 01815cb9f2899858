import type { Orchestration } from "../define/orchestration.ts";
import { COUNT, checkNumbers, TIME } from "../errors/number-range.ts";
import { OptionError } from "../errors/option-error.ts";
import { RunExistsError } from "../errors/run-exists-error.ts";
import { type Clock, systemClock } from "../platform/clock.ts";
import { newId } from "../platform/ids.ts";
import { type Random, systemRandom } from "../platform/random.ts";
import type { RunDescription } from "../run/describe.ts";
import type { Capabilities, Host, RunHandle, RunSpec } from "../run/host.ts";
import type { OpenQuestion } from "../run/questions.ts";
import type { Run } from "../run/run.ts";
import type { OrchestrationEvent } from "../words/events.ts";
import { nameOfKind, type SignalKind, type SignalOptions } from "../words/signal.ts";
import { Cancellation } from "./cancellation.ts";
import { type Codec, strictJson } from "./codec.ts";
import { deleteRun } from "./delete-run.ts";
import { durableCapabilities } from "./durable-capabilities.ts";
import type { DurableHostOptions, ForkOptions, Resumed, ResumeOptions } from "./durable-host-options.ts";
import { Foresight } from "./foresight.ts";
import { freshRun, newRunOf } from "./fresh-run.ts";
import type { JournalStore, RunQuery, StoredRun } from "./journal-store.ts";
import { type Durability, JournalWriter } from "./journal-writer.ts";
import { KeptGraphs, namingGraph } from "./kept-graphs.ts";
import type { KeptRun } from "./kept-run.ts";
import { type ListedRun, listedRuns } from "./listed-runs.ts";
import { LiveRuns } from "./live-runs.ts";
import { Offers } from "./offers.ts";
import { openingOf } from "./opening.ts";
import { HOLD, Patience } from "./patience.ts";
import { patientStore } from "./patient-store.ts";
import { pruneRuns } from "./prune-runs.ts";
import { resumeAll } from "./resume-all.ts";
import { RunAnswers } from "./run-answers.ts";
import { RunSignals } from "./run-signals.ts";
import { type RunChange, type WatchOptions, watchRuns } from "./run-watch.ts";
import { StoredQuestions } from "./stored-questions.ts";
import { type RunViewParts, StoredRunView } from "./stored-run-view.ts";
import { StoredRuns } from "./stored-runs.ts";
import { TakeUp } from "./take-up.ts";
import type { AnyOrchestration } from "./version-of.ts";

const LEVELS: readonly Durability[] = ["step", "group", "end"];

/** Drives runs and keeps them in a store; what one process began, another can resume. */
export class DurableHost implements Host {
  readonly capabilities: Capabilities = durableCapabilities;
  readonly #store: JournalStore;
  readonly #lease: number;
  readonly #codec: Codec;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #patience: Patience;
  readonly #live: LiveRuns;
  readonly #runs: StoredRuns;
  readonly #graphs: KeptGraphs;
  readonly #offers: Offers;
  readonly #answers: RunAnswers;
  readonly #signals: RunSignals;
  readonly #takeUp: TakeUp;
  readonly #cancellation: Cancellation;
  readonly #view: RunViewParts;

  constructor(store: JournalStore, options: DurableHostOptions = {}) {
    const { durability: level = "step", lease = 30_000, codec = strictJson } = options;
    const { clock = systemClock, random = systemRandom, snapshotAfter = 256 } = options;
    if (!LEVELS.includes(level)) throw new OptionError("durability", level, '"step", "group" or "end"');
    checkNumbers(TIME, { lease });
    checkNumbers(COUNT, { snapshotAfter });
    this.#lease = lease;
    this.#codec = codec;
    this.#clock = clock;
    this.#random = random;
    store.holdAtMost?.(HOLD);
    const patience = new Patience(clock, () => this.#live.paused());
    this.#patience = patience;
    const patient = patientStore(store, patience);
    this.#store = patient;
    const writer = new JournalWriter(store, level, patience);
    const runs = new StoredRuns(patient, codec, clock);
    this.#runs = runs;
    const live = new LiveRuns({ store, writer, patience, level, codec, clock, lease, runs, snapshotAfter });
    this.#live = live;
    this.#graphs = new KeptGraphs(store);
    this.#offers = new Offers(patient, clock);
    const offers = this.#offers;
    const foresight = new Foresight({ store: patient, runs, codec });
    const questions = new StoredQuestions({ store: patient, runs, foresight, offers, codec, clock });
    this.#answers = new RunAnswers(live, questions);
    this.#signals = new RunSignals({ store: patient, live, runs, foresight, offers, codec, clock });
    this.#takeUp = new TakeUp({ store: patient, live, runs, foresight, codec, clock, random, lease });
    this.#cancellation = new Cancellation({
      store: patient,
      live,
      runs,
      clock,
      offers,
      takeUp: this.#takeUp,
    });
    this.#view = {
      ...{ store: patient, live, runs, clock, foresight },
      graphs: this.#graphs,
      answers: this.#answers,
      signals: this.#signals,
      cancellation: this.#cancellation,
    };
  }

  /** Makes a run of an orchestration ready; `orchestration.run` and `orchestration.start` call this. */
  open(spec: RunSpec): RunHandle {
    const create = (one: RunSpec): RunHandle => this.#create(one);
    return openingOf(spec, { live: this.#live, takeUp: this.#takeUp, create });
  }

  #create({ runnable, input, options, write }: RunSpec): RunHandle {
    const clock = options.clock ?? this.#clock;
    const random = options.random ?? this.#random;
    const runId = options.runId ?? newId("run", clock.now(), random);
    const orchestration = runnable as AnyOrchestration;
    const create = newRunOf(orchestration, runId, clock.now());
    const run = freshRun(runnable, input, this.#codec);
    const graph = this.#graphs.keep(orchestration);
    const history = this.#runs.historyOf(orchestration, runId);
    return this.#live.open({ run, doors: { runId, clock, random }, options, write, create, graph, history });
  }

  /**
   * Resumes a run where its journal ends: committed states are not run again, states that were under way are.
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
    this.#graphs.keep(orchestration);
    return this.#takeUp.goOn<TOutput>(orchestration, await this.#takeUp.claim(runId), options);
  }

  /** Resumes every unfinished run of these orchestrations that no process drives. A server calls it when it starts. */
  async resumeAll(
    orchestrations: readonly AnyOrchestration[],
    options: ResumeOptions = {},
  ): Promise<Resumed> {
    const resume = (of: AnyOrchestration, id: string): Promise<Run<unknown>> => this.resume(of, id, options);
    return resumeAll(orchestrations, { store: this.#store, live: this.#live, resume });
  }

  /**
   * Starts a new run with the history of another up to one state: to try again from there, or with another output or
   * input of that state. The state may be of any kind, and be inside others; paths come from `events`.
   *
   * @throws UnknownRunError, VersionMismatchError, RunStateError when there is no such state, RunExistsError;
   * InvalidInputError, InvalidOutputError, InvalidAnswerError, NotSerializableError for what is given.
   */
  async fork<TOutput>(
    orchestration: Orchestration<never, TOutput>,
    runId: string,
    options: ForkOptions,
  ): Promise<Run<TOutput>> {
    const source = await this.#runs.read(orchestration, runId);
    const { records, record } = await this.#runs.fork(orchestration, source, options);
    const createdAt = this.#clock.now();
    const id = options.runId ?? newId("run", createdAt, this.#random);
    const create = { ...newRunOf(orchestration, id, createdAt), origin: { runId, record } };
    const named = namingGraph(records, this.#graphs.keep(orchestration));
    const claim = await this.#store.create(create, named, createdAt + this.#lease);
    if (claim === "exists") throw new RunExistsError({ runId: id });
    return this.#takeUp.goOn<TOutput>(orchestration, claim, options);
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
    const claim = await this.#takeUp.claim(runId);
    const retry = this.#takeUp.retryOf(orchestration, claim);
    return this.#takeUp.goOn<TOutput>(orchestration, claim, options, retry);
  }

  /**
   * Answers an open question of a run that this process, another process or no process drives. Resolves when the answer
   * counts: the process that drives the run has taken it, or it is kept for the next one, which uses it before anything else.
   *
   * @throws UnknownRunError, UnknownQuestionError, AlreadyAnsweredError, QuestionClosedError, InvalidAnswerError,
   * UnusedAnswerError; the answer changed nothing.
   */
  async answer(
    orchestration: AnyOrchestration,
    runId: string,
    question: string,
    value: unknown,
  ): Promise<void> {
    return this.#answers.answer(orchestration, runId, question, value);
  }

  /**
   * Sends a signal to a run that this process, another process or no process drives; `kind` is a kind or its name. Resolves
   * when it counts: the run has received it, or it is kept for the next process that drives the run, which takes it before
   * anything else. With a `key`, a second signal of the kind and key changes nothing.
   *
   * @throws UnknownRunError, UnknownSignalError, InvalidSignalError, MailboxFullError, RunEndedError; the run has not
   * received it.
   */
  async signal<TInput>(
    orchestration: AnyOrchestration,
    runId: string,
    kind: SignalKind<unknown, TInput> | string,
    value: NoInfer<TInput>,
    options?: SignalOptions,
  ): Promise<void> {
    return this.#signals.send(orchestration, runId, nameOfKind(kind), value, options);
  }

  /**
   * Cancels a run that this process, another process or no process drives, and resolves when it has ended as cancelled.
   * Nothing of a run that no process drives is started for that.
   *
   * @throws UnknownRunError; RunEndedError when the run has ended otherwise; VersionMismatchError when no process drives it
   * and this definition does not fit it.
   */
  async cancel(
    orchestration: AnyOrchestration,
    runId: string,
    reason = "the run was cancelled",
  ): Promise<void> {
    return this.#cancellation.cancel(orchestration, runId, reason);
  }

  /** A run to follow and to steer, whichever process drives it. Without the orchestration it is read by its kept graph. */
  run(runId: string, orchestration?: AnyOrchestration): KeptRun {
    return new StoredRunView(runId, orchestration, this.#view);
  }

  /** The open questions of a run, whichever process drives it. A question whose answer is kept already is left out. */
  async questions(orchestration: AnyOrchestration, runId: string): Promise<readonly OpenQuestion[]> {
    return this.run(runId, orchestration).questions();
  }

  /** Where a run is, whichever process drives it. */
  async describe(orchestration: AnyOrchestration, runId: string): Promise<RunDescription> {
    return this.run(runId, orchestration).describe();
  }

  /** What happened in a run, made again from its journal, without live output. */
  async events(orchestration: AnyOrchestration, runId: string): Promise<readonly OrchestrationEvent[]> {
    return this.#runs.events(orchestration, runId, await this.#runs.read(orchestration, runId));
  }

  /** A run as a list shows it; `undefined` when it is not there. */
  async get(runId: string): Promise<StoredRun | undefined> {
    return this.#store.get(runId);
  }

  /** Runs, newest first, at most 100 unless the query says otherwise; the id of the last one leads to the next page, as `after`. */
  async list(query: RunQuery = {}): Promise<readonly ListedRun[]> {
    return listedRuns(this.#store, this.#clock, query);
  }

  /** Tells of every open run, and then of every run that starts, waits, goes on or ends, whichever process drives it. */
  watch(options: WatchOptions = {}): AsyncGenerator<RunChange, void, undefined> {
    return watchRuns(this.#store, this.#clock, options);
  }

  /** Removes a run with all that belongs to it. @throws UnknownRunError; RunHeldError while a process drives it. */
  async delete(runId: string): Promise<void> {
    this.#runs.forget();
    return deleteRun(this.#store, runId, this.#clock);
  }

  /** Removes runs that ended before `endedBefore` (milliseconds since the epoch); gives how many. */
  async prune({ endedBefore }: { readonly endedBefore: number }): Promise<number> {
    return pruneRuns(this.#store, endedBefore, this.#clock);
  }

  /**
   * Suspends every run that is driven here, and closes the store. It does not wait for a store that is locked or full.
   * From then on nothing can be kept in a store that can be closed: a run that is begun or taken up here is refused with
   * the error of the store, or ends with a `NotWrittenError` that has it as its cause.
   *
   * @throws NotWrittenError, when all is closed, with the runs of which something could not be written.
   */
  async close(): Promise<void> {
    const unwritten = await this.#live.suspend();
    this.#patience.end();
    await this.#store.close();
    if (unwritten !== undefined) throw unwritten;
  }
}
