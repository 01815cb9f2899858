/** A run: one execution of an orchestration, in the hands of whoever started it. */
import { Activation, type Ended } from "./activation.ts";
import { type Clock, systemClock } from "./clock.ts";
import { CancelledError } from "./errors/cancelled-error.ts";
import { messageOf } from "./errors/message-of.ts";
import { EventLog } from "./event-log.ts";
import type { OrchestrationEvent } from "./events.ts";
import type { AnyRunnable } from "./fits.ts";
import { MemoryHost } from "./host/memory-host.ts";
import { newId } from "./ids.ts";
import { pump } from "./pump.ts";
import { type Random, systemRandom } from "./random.ts";
import { Recorder } from "./recorder.ts";
import type { RunState } from "./transition.ts";

/** How a run is started. */
export interface RunOptions {
  /** Cancels the run when it aborts. */
  readonly signal?: AbortSignal;
  /** Default: a fresh id. */
  readonly runId?: string;
  /** Default: the machine's clock. */
  readonly clock?: Clock;
  /** Default: the machine's chance. */
  readonly random?: Random;
  /** How long cancelled work may take to settle before it is dropped, in milliseconds. Default 1,000. */
  readonly grace?: number;
  /** Told when a listener throws or rejects; the run and the other listeners go on. */
  readonly onListenerError?: (error: unknown, event: OrchestrationEvent) => void;
}

/** Where a run is. */
export type RunStatus = "running" | "completed" | "failed" | "cancelled";

/** One execution of an orchestration. */
export class Run<TOutput> {
  readonly id: string;
  /** The output, or the error the run ended with. A rejection that nobody reads harms nothing. */
  readonly result: Promise<TOutput>;
  readonly #log: EventLog;
  readonly #cancel: (reason: string) => void;
  #status: RunStatus = "running";

  constructor(id: string, log: EventLog, ended: Promise<Ended>, cancel: (reason: string) => void) {
    this.id = id;
    this.#log = log;
    this.#cancel = cancel;
    this.result = ended.then((end) => {
      this.#status = end.kind;
      return unwrap<TOutput>(end);
    });
    this.result.catch(() => {});
  }

  get status(): RunStatus {
    return this.#status;
  }

  /** The run's events from number `from` (default 1) to its end. Any number of readers may read. */
  events(options: { readonly from?: number } = {}): AsyncGenerator<OrchestrationEvent, void, undefined> {
    return this.#log.read(options.from ?? 1);
  }

  /**
   * Stops the run: aborts every signal in it, waits for the work to settle or for the grace time,
   * and ends as `cancelled`. Resolves when the run has ended; a run that has ended stays as it is.
   */
  async cancel(reason = "the run was cancelled"): Promise<void> {
    this.#cancel(reason);
    await this.result.catch(() => {});
  }
}

/** A listener to the events of runs. */
export type EventListener = (event: OrchestrationEvent) => void;

/** Runs `runnable` and gives its output; events are made only if there are listeners. */
export async function runToEnd<TOutput>(
  runnable: AnyRunnable,
  input: unknown,
  options: RunOptions,
  listeners: readonly EventListener[],
): Promise<TOutput> {
  const write = listeners.length === 0 ? undefined : tell(listeners, options);
  return unwrap<TOutput>(await drive(runnable, input, options, write).start());
}

/** Starts a run that can be read and cancelled. Its first state begins after the caller had time to listen. */
export function startRun<TOutput>(
  runnable: AnyRunnable,
  input: unknown,
  options: RunOptions,
  listeners: readonly EventListener[],
): Run<TOutput> {
  const log = new EventLog();
  const driven = drive(runnable, input, options, tell([(event) => log.append(event), ...listeners], options));
  const ended = Promise.resolve()
    .then(driven.start)
    .finally(() => log.end());
  return new Run<TOutput>(driven.id, log, ended, driven.cancel);
}

interface Driven {
  readonly id: string;
  readonly start: () => Promise<Ended>;
  readonly cancel: (reason: string) => void;
}

function drive(
  runnable: AnyRunnable,
  input: unknown,
  options: RunOptions,
  write: EventListener | undefined,
): Driven {
  const { clock = systemClock, random = systemRandom, grace = 1_000, signal } = options;
  const runId = options.runId ?? newId("run", clock.now(), random);
  const recorder = write === undefined ? undefined : new Recorder(runId, clock, write);
  const host = new MemoryHost({ runId, clock, random, recorder });
  const run: RunState = { root: new Activation(undefined, runnable, input), ended: undefined };
  const sink = {
    exec: (operation: Activation) => host.exec(operation),
    timer: (activation: Activation, ms: number) => host.timer(activation, ms),
    drop: () => host.drop(),
    recorder,
    grace,
  };
  const cancel = (reason: string): void => host.deliver({ kind: "cancel", reason });
  const start = async (): Promise<Ended> => {
    if (signal === undefined) return pump(run, host, sink);
    if (signal.aborted) return stillborn(run, recorder, signal);
    const onAbort = (): void => cancel(reasonOf(signal));
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await pump(run, host, sink);
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  };
  return { id: runId, start, cancel };
}

/** A run whose signal was aborted before it began: it executes nothing, and still starts and ends once. */
function stillborn(run: RunState, recorder: Recorder | undefined, signal: AbortSignal): Ended {
  const ended: Ended = { kind: "cancelled", error: new CancelledError(reasonOf(signal)) };
  recorder?.started(run.root);
  recorder?.ended(run.root, ended);
  return ended;
}

function tell(listeners: readonly EventListener[], options: RunOptions): EventListener {
  return (event) => {
    for (const listener of listeners) {
      try {
        const heard: unknown = listener(event);
        if (heard instanceof Promise) heard.catch((error: unknown) => complain(error, event, options));
      } catch (error) {
        complain(error, event, options);
      }
    }
  };
}

function complain(error: unknown, event: OrchestrationEvent, options: RunOptions): void {
  try {
    options.onListenerError?.(error, event);
  } catch {
    // There is nobody left to tell, and a run does not fail because of those who watch it.
  }
}

/** Why a signal was aborted; the reason of a cancellation around this run as it was first given. */
function reasonOf({ reason }: AbortSignal): string {
  return reason instanceof CancelledError ? reason.facts.reason : messageOf(reason);
}

function unwrap<TOutput>(ended: Ended): TOutput {
  if (ended.kind === "completed") return ended.value as TOutput;
  throw ended.error;
}
