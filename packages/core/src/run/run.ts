/** A run: one execution of an orchestration, as its caller sees it. */

import { messageOf } from "../errors/message-of.ts";
import { NotKeptError } from "../errors/not-kept-error.ts";
import { checkNumbers, DELAY, LIMIT } from "../errors/number-range.ts";
import { checkReason } from "../errors/option-error.ts";
import type { Clock } from "../platform/clock.ts";
import type { Random } from "../platform/random.ts";
import { warn } from "../platform/warn.ts";
import type { OrchestrationEvent } from "../words/events.ts";
import type { AnyRunnable } from "../words/runnable.ts";
import type { SignalKind, SignalOptions } from "../words/signal.ts";
import { Course } from "./course.ts";
import type { RunDescription } from "./describe.ts";
import type { DriverHooks } from "./driver-hooks.ts";
import { EventLog } from "./event-log.ts";
import type { Host, RunHandle, RunSpec } from "./host.ts";
import { tell } from "./listeners.ts";
import { memoryRun } from "./local-run.ts";
import { outputOf } from "./output-of.ts";
import type { Ending } from "./pump.ts";
import type { OpenQuestion } from "./questions.ts";
import { straightRun } from "./straight-run.ts";

/**
 * What starting does when there is a run of the id. `refuse`: nothing, and the new run is refused. `resume`: the run that is
 * there is taken up where it stands, or gives its end. `retry`: that too, and a run that failed is tried again.
 */
export type IfExists = "refuse" | "resume" | "retry";

/** How a run is started. */
export interface RunOptions {
  /** Cancels the run when it aborts. */
  readonly signal?: AbortSignal;
  /** Default: a fresh id. */
  readonly runId?: string;
  /**
   * What to do when the host has a run of this id. The store decides, so that of several processes one drives the run. A run
   * that this process drives already is joined; one that another process drives is refused with its holder
   * (`ORCH_RUN_HELD`). The input of the run that is there counts. Default `refuse`.
   */
  readonly ifExists?: IfExists;
  /** Where the run lives. Default: in the memory of this process, and it ends with it. */
  readonly host?: Host;
  /** Default: the host's clock, which is the machine's unless it was given another. */
  readonly clock?: Clock;
  /** Default: the host's chance, which is the machine's unless it was given another. */
  readonly random?: Random;
  /** How long cancelled work may take to settle before it is dropped, in milliseconds. Default 1,000. */
  readonly grace?: number;
  /** Called with each event of this run in its order, before the readers of `events()` get it. */
  readonly onEvent?: (event: OrchestrationEvent) => void;
  /** Told when a listener throws or rejects; the run and the other listeners go on. */
  readonly onListenerError?: (error: unknown, event: OrchestrationEvent) => void;
  /**
   * Told when a run that `start` began has failed, and nobody listens to it or has asked for its result, events or status by
   * the end of that turn. Default: a warning of the process with the run's id, where there is a process. `false`: nothing.
   */
  readonly onUnheard?: ((error: unknown, runId: string) => void) | false;
}

/**
 * Where a run is. `waiting`: it goes on only after a question is answered or a signal comes. `queued`: nothing of it works before a place
 * of a runnable's `concurrency` is free. `paused`: its store cannot be written now, and it goes on by itself. `refused`: it
 * never began, as when its id is taken.
 */
export type RunStatus =
  | "running"
  | "queued"
  | "waiting"
  | "paused"
  | "completed"
  | "failed"
  | "cancelled"
  | "refused";

/** How the events of a run are read. */
export interface EventsOptions {
  /** The number of the first kept event: one more than the last that was read before, like the `Last-Event-ID` of a server. Default 1. */
  readonly from?: number;
  /** Ends the reading, and not the run, when it is aborted. */
  readonly signal?: AbortSignal;
}

/** One execution of an orchestration. */
export class Run<TOutput> {
  readonly id: string;
  /** The output, or the error the run ended with. A rejection that is not handled harms nothing. */
  get result(): Promise<TOutput> {
    this.#course.heard();
    return this.#result;
  }

  readonly #result: Promise<TOutput>;
  readonly #read: (from: number, signal?: AbortSignal) => AsyncGenerator<OrchestrationEvent, void, undefined>;
  readonly #handle: RunHandle;
  readonly #course: Course;

  constructor(
    handle: RunHandle,
    read: (from: number, signal?: AbortSignal) => AsyncGenerator<OrchestrationEvent, void, undefined>,
    course: Course,
  ) {
    this.id = handle.id;
    this.#handle = handle;
    this.#read = read;
    this.#course = course;
    const result = course.result as Promise<TOutput>;
    this.#result = handle.awaited?.(result) ?? result;
    this.#result.catch(() => {});
  }

  get status(): RunStatus {
    return this.#course.heard().end ?? this.#handle.stage();
  }

  /**
   * Resolves when the run is accepted: kept on its host, or begun where it lives in memory. Rejects with the error when it
   * was refused, as when its id is taken; `status` is `refused` then. A rejection that is not handled harms nothing.
   *
   * @example
   * ```ts
   * const run = flow.start(order, { host, runId: order.id });
   * await run.accepted.catch((error) => { throw isOrchError(error, "ORCH_RUN_EXISTS") ? new Conflict() : error; });
   * ```
   */
  get accepted(): Promise<void> {
    return this.#course.heard().acceptance;
  }

  /** The questions that wait for an answer, oldest first. */
  get questions(): readonly OpenQuestion[] {
    return this.#handle.questions();
  }

  /**
   * The run's events from the kept event number `from` (default 1) to its end, with the live events after the kept one
   * before it. Any number of readers may read, each at its own pace. What a reader is too late or too slow for comes
   * from the journal, without live output; of a run that is not kept, `events.missed` tells which events are gone.
   *
   * Leaving the loop, or an abort of `signal`, ends the reading and not the run.
   */
  events({ from = 1, signal }: EventsOptions = {}): AsyncGenerator<OrchestrationEvent, void, undefined> {
    this.#course.heard();
    checkNumbers(LIMIT, { from });
    return this.#read(from, signal);
  }

  /**
   * Answers an open question with a value that fits its schema. On a durable host the answer is kept
   * when this resolves.
   *
   * @throws UnknownQuestionError, AlreadyAnsweredError, InvalidAnswerError; nothing is changed then.
   */
  answer(question: string, value: unknown): Promise<void> {
    return this.#handle.answer(question, value);
  }

  /**
   * Sends a signal to the run, where the first state takes it that waits for its kind, now or later. Resolves when the run
   * has received it; on a durable host it is kept then.
   *
   * @throws UnknownSignalError when no state waits for the kind, InvalidSignalError, MailboxFullError, RunEndedError; the
   * run has not received it.
   */
  signal<TInput>(
    kind: SignalKind<unknown, TInput>,
    value: NoInfer<TInput>,
    options?: SignalOptions,
  ): Promise<void> {
    return this.#handle.signal(kind, value, options);
  }

  /** Where the run is now, as plain data. */
  describe(): RunDescription {
    return this.#handle.describe(this.status);
  }

  /**
   * Stops the run: aborts every signal in it, waits for the work to settle or for the grace time,
   * and ends as `cancelled`. Resolves when the run has ended; a run that has ended stays as it is.
   */
  async cancel(reason = "the run was cancelled"): Promise<void> {
    checkReason(reason);
    if (this.#course.end === undefined) this.#handle.cancel(reason);
    await this.result.catch(() => {});
  }

  /**
   * Cancels the run when the block that owns it is left, as `await using run = flow.start(...)` does. A run that has ended
   * stays as it is.
   */
  [Symbol.asyncDispose](): Promise<void> {
    return this.cancel("the block that owned the run was left");
  }

  /**
   * Stops driving the run in this process and leaves it on its durable host, from where it can be
   * resumed. What is under way is aborted and will run again; `result` rejects with `ORCH_SUSPENDED`.
   *
   * @throws NotKeptError when the run lives in this process's memory only.
   */
  async suspend(): Promise<void> {
    if (this.#handle.suspend === undefined) throw new NotKeptError({ runId: this.id });
    await this.#handle.suspend();
    await this.result.catch(() => {});
  }
}

/** A listener to the events of runs. */
export type EventListener = (event: OrchestrationEvent) => void;

/** Runs `runnable` and gives its output; events are made only if there are listeners. */
export function runToEnd<TOutput>(
  runnable: AnyRunnable,
  input: unknown,
  options: RunOptions,
  listeners: readonly EventListener[],
): Promise<TOutput> {
  const isHeard = listeners.length > 0 || options.onEvent !== undefined;
  const write = isHeard ? tell(listeners, options) : undefined;
  const hooks = options.signal === undefined ? UNATTENDED : undefined;
  const spec: RunSpec = { runnable, input, options, write };
  return (straightRun(spec, hooks) as Promise<TOutput> | undefined) ?? outputOf(() => open(spec, hooks));
}

/** Starts a run that can be read and cancelled. Its first state begins after the caller had time to listen. */
export function startRun<TOutput>(
  runnable: AnyRunnable,
  input: unknown,
  options: RunOptions,
  listeners: readonly EventListener[],
): Run<TOutput> {
  return openRun((write) => open({ runnable, input, options, write }), options, listeners);
}

/** A run whose handle is made with the place its events go to. */
export function openRun<TOutput>(
  open: (write: EventListener) => RunHandle,
  options: RunOptions,
  listeners: readonly EventListener[],
): Run<TOutput> {
  const log = new EventLog();
  const handle = open(tell([(event) => log.append(event), ...listeners], options));
  log.follow(handle);
  const isHeard = listeners.length > 0 || options.onEvent !== undefined;
  const course = new Course(isHeard ? undefined : unheardOf(handle.id, options));
  const run = new Run<TOutput>(handle, (from, signal) => log.read(from, signal), course);
  Promise.resolve()
    .then(() => handle.start(accepting(course, () => log.follow(handle))))
    .catch((error: unknown) => course.failed(error));
  const end = (): void => {
    log.follow(handle);
    log.end();
  };
  course.result.then(end, end);
  return run;
}

/** What is told of a failure that nobody asks about. */
function unheardOf(
  runId: string,
  { onUnheard = warnOf }: RunOptions,
): ((error: unknown) => void) | undefined {
  return onUnheard === false ? undefined : (error) => onUnheard(error, runId);
}

function warnOf(error: unknown, runId: string): void {
  const fix = "Await run.result, or read run.events() or run.status; onUnheard: false turns this off.";
  warn(
    `The run "${runId}" failed, and nobody asked about it: ${messageOf(error)}\n  Fix: ${fix}`,
    "ORCH_UNHEARD",
  );
}

/** An ending that hears of the acceptance before the course of the run does. */
function accepting(course: Course, tell: () => void): Ending {
  return {
    accepted: () => {
      tell();
      course.accepted();
    },
    ended: (ended) => course.ended(ended),
    failed: (error) => course.failed(error),
  };
}

/** For runs of which the caller has the output alone. */
const UNATTENDED: DriverHooks = { unattended: true };

/** Gives a run to its host. */
function open(spec: RunSpec, hooks?: DriverHooks): RunHandle {
  const { host, grace } = spec.options;
  if (grace !== undefined) checkNumbers(DELAY, { grace });
  return host === undefined ? memoryRun(spec, hooks) : host.open(spec);
}
