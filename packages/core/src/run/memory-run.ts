import { CancelledError } from "../errors/cancelled-error.ts";
import { messageOf } from "../errors/message-of.ts";
import { Activation, type Ended } from "../kernel/activation.ts";
import { compiled } from "../kernel/compiled.ts";
import type { Recorder } from "../kernel/recorder.ts";
import type { RunState, Sink } from "../kernel/transition.ts";
import { describeRun, type RunDescription } from "./describe.ts";
import type { RunHandle, RunSpec } from "./host.ts";
import { type HostHooks, LocalHost } from "./local-host.ts";
import { type Ending, pump } from "./pump.ts";
import type { OpenQuestion } from "./questions.ts";
import type { RunStatus } from "./run.ts";
import type { RunHost } from "./run-host.ts";

/** Starts a run. Gives its output, or rejects with what it ended with. */
export function outputOf<TOutput>(open: () => RunHandle): Promise<TOutput> {
  return new Promise((resolve, reject) => open().start(new Output(resolve, reject)));
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

/** A run that lives in this process and ends with it. */
export class MemoryRun implements RunHandle {
  readonly #run: RunState;
  readonly #host: LocalHost;
  readonly #signal: AbortSignal | undefined;

  constructor({ runnable, input, options, write }: RunSpec, hooks?: HostHooks) {
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
  handle: Pick<RunHandle, "cancel">,
  ending: Ending,
  resumed = false,
): void {
  if (signal.aborted && !resumed) {
    ending.ended(stillborn(run, sink.recorder, signal));
    return;
  }
  const onAbort = (): void => handle.cancel(reasonOf(signal));
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
