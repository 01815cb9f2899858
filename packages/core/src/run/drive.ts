/** How a run is driven: by the memory host, or by a host that keeps it. */

import { CancelledError } from "../errors/cancelled-error.ts";
import { messageOf } from "../errors/message-of.ts";
import { Activation, type Ended } from "../kernel/activation.ts";
import { compiled } from "../kernel/compiled.ts";
import type { Recorder } from "../kernel/recorder.ts";
import type { RunState, Sink } from "../kernel/transition.ts";
import type { OrchestrationEvent } from "../words/events.ts";
import type { AnyRunnable } from "../words/runnable.ts";
import type { RunDescription } from "./describe.ts";
import { describeRun } from "./describe.ts";
import { type HostHooks, LocalHost } from "./local-host.ts";
import { type Ending, pump } from "./pump.ts";
import type { OpenQuestion } from "./questions.ts";
import type { RunOptions, RunStatus } from "./run.ts";
import type { RunHost } from "./run-host.ts";

/** What is to be run, and who hears of it. */
export interface DriveSpec {
  readonly runnable: AnyRunnable;
  readonly input: unknown;
  readonly options: RunOptions;
  /** Takes the run's events; absent when nobody listens. */
  readonly write: ((event: OrchestrationEvent) => void) | undefined;
}

/** What happened in a run before it was taken up. */
export interface History {
  /** The number of its last event. */
  readonly until: number;
  readonly load: () => Promise<readonly OrchestrationEvent[]>;
}

/** A run in the hands of its driver. */
export interface Driven {
  readonly id: string;
  /** Begins, and says in the end how the run ended. */
  readonly start: (ending: Ending) => void;
  readonly cancel: (reason: string) => void;
  readonly answer: (id: string, value: unknown) => Promise<void>;
  readonly questions: () => readonly OpenQuestion[];
  readonly isWaiting: () => boolean;
  readonly describe: (status: RunStatus) => RunDescription;
  /** Stops driving, and leaves the run where it is kept; absent where it is not. */
  readonly suspend?: () => Promise<void>;
  /** The events before this process took the run up; absent where there are none. */
  readonly history?: History;
}

/** Something that drives runs: the memory of this process unless another is given. */
export interface Host {
  readonly drive: (spec: DriveSpec) => Driven;
}

/** Drives a run in this process's memory. */
export function driveInMemory(spec: DriveSpec, hooks?: HostHooks): Driven {
  return new MemoryDriven(spec, hooks);
}

/** Starts a run. Gives its output, or rejects with what it ended with. */
export function outputOf<TOutput>(drive: () => Driven): Promise<TOutput> {
  return new Promise((resolve, reject) => drive().start(new Output(resolve, reject)));
}

/** Hands the end of a run to a promise. A class, because functions would hold on to what the run was made of. */
class Output<TOutput> implements Ending {
  readonly #resolve: (output: TOutput) => void;
  readonly failed: (error: unknown) => void;

  constructor(resolve: (output: TOutput) => void, reject: (error: unknown) => void) {
    this.#resolve = resolve;
    this.failed = reject;
  }

  ended(ended: Ended): void {
    if (ended.kind === "completed") this.#resolve(ended.value as TOutput);
    else this.failed(ended.error);
  }
}

class MemoryDriven implements Driven {
  readonly #run: RunState;
  readonly #host: LocalHost;
  readonly #signal: AbortSignal | undefined;

  constructor({ runnable, input, options, write }: DriveSpec, hooks?: HostHooks) {
    const root = new Activation(undefined, compiled(runnable), input);
    this.#run = { root, ended: undefined, values: undefined };
    this.#host = new LocalHost(this.#run, options, write, hooks);
    this.#signal = options.signal;
  }

  get id(): string {
    return this.#host.runId;
  }

  start(ending: Ending): void {
    if (this.#signal === undefined) pump(this.#run, this.#host, this.#host, ending);
    else pumpUnder(this.#signal, this.#run, this.#host, this.#host, this, ending);
  }

  cancel(reason: string): void {
    this.#host.deliver({ kind: "cancel", reason });
  }

  answer(id: string, value: unknown): Promise<void> {
    return this.#host.answer(id, value);
  }

  questions(): readonly OpenQuestion[] {
    return this.#host.questions.list();
  }

  isWaiting(): boolean {
    return this.#host.isWaiting;
  }

  describe(status: RunStatus): RunDescription {
    return describeRun(this.id, this.#run, status, this.questions());
  }
}

/** Drives a run that a signal may cancel; the signal is left without a listener. */
export function pumpUnder(
  signal: AbortSignal,
  run: RunState,
  host: RunHost,
  sink: Sink,
  driven: Pick<Driven, "cancel">,
  ending: Ending,
  resumed = false,
): void {
  if (signal.aborted && !resumed) {
    ending.ended(stillborn(run, sink.recorder, signal));
    return;
  }
  const onAbort = (): void => driven.cancel(reasonOf(signal));
  const leave = (): void => signal.removeEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  const ended = (end: Ended): void => {
    leave();
    ending.ended(end);
  };
  const failed = (error: unknown): void => {
    leave();
    ending.failed(error);
  };
  pump(run, host, sink, { ended, failed }, resumed);
}

/** A run whose signal was aborted before it began: it executes nothing, and still starts and ends once. */
function stillborn(run: RunState, recorder: Recorder | undefined, signal: AbortSignal): Ended {
  const ended: Ended = { kind: "cancelled", error: new CancelledError(reasonOf(signal)) };
  recorder?.started(run.root);
  recorder?.ended(run.root, ended);
  return ended;
}

/** Why a signal was aborted; the reason of a cancellation around this run as it was first given. */
function reasonOf({ reason }: AbortSignal): string {
  return reason instanceof CancelledError ? reason.facts.reason : messageOf(reason);
}
