import type { Activation } from "../kernel/activation.ts";
import { leavesOf } from "../kernel/leaves.ts";
import { newRun } from "../kernel/new-run.ts";
import type { RunState } from "../kernel/transition.ts";
import { type AnySignalKind, SENDER, type SignalOptions } from "../words/signal.ts";
import { AwaitedOutput } from "./awaited-output.ts";
import { refuseCirclesIn } from "./circle.ts";
import { describeRun, type RunDescription } from "./describe.ts";
import type { Driver } from "./driver.ts";
import type { DriverHooks } from "./driver-hooks.ts";
import { placeOf, type QueuedState } from "./gate-place.ts";
import { isQueued } from "./gate-places.ts";
import type { RunHandle, RunSpec, RunStage } from "./host.ts";
import { awaitInner, forgetInner, type InnerRun, starterOf } from "./inner-runs.ts";
import { LocalDriver } from "./local-driver.ts";
import { type Ending, Pump } from "./pump.ts";
import type { OpenQuestion } from "./questions.ts";
import type { RunStatus } from "./run.ts";
import type { SignalSender, SignalTarget } from "./send-signal.ts";
import { startUnder } from "./under-signal.ts";

/** A run that is driven in this process: in its memory, or by a driver around that. */
export class LocalRun implements RunHandle, InnerRun {
  readonly #run: RunState;
  readonly #local: LocalDriver;
  readonly #driver: Driver;
  readonly #signal: AbortSignal | undefined;
  readonly #isResumed: boolean;
  /** The operation that began it. */
  readonly #starter: Activation | undefined;

  constructor(
    run: RunState,
    local: LocalDriver,
    driver: Driver,
    signal: AbortSignal | undefined,
    isResumed: boolean,
  ) {
    this.#run = run;
    this.#local = local;
    this.#driver = driver;
    this.#signal = signal;
    this.#isResumed = isResumed;
    this.#starter = starterOf(signal);
  }

  get id(): string {
    return this.#local.runId;
  }

  start(ending: Ending): void {
    ending.accepted?.();
    if (this.#signal === undefined) new Pump(this.#run, this.#driver, ending).start(this.#isResumed);
    else {
      const cancel = (reason: string): void => this.cancel(reason);
      const driven = { run: this.#run, driver: this.#driver, isResumed: this.#isResumed, cancel };
      startUnder(this.#signal, driven, ending);
    }
  }

  /** Whether a timer may end what is open in it. */
  get hasTimers(): boolean {
    return this.#local.hasTimers;
  }

  queued(): readonly QueuedState[] {
    return this.leaves().flatMap((leaf) => this.#local.queuedAt(leaf) ?? []);
  }

  leaves(): readonly Activation[] {
    return [...leavesOf(this.#run.root)];
  }

  /** The state that began it waits when somebody waits for the output, and gives its place at a gate back. */
  awaited<TOutput>(output: Promise<TOutput>): Promise<TOutput> {
    const starter = this.#starter;
    if (starter === undefined) return output;
    return AwaitedOutput.of(output, (waited) => {
      awaitInner(starter, this);
      const forget = (): void => forgetInner(starter, this);
      output.then(forget, forget);
      // Without the signal of the state nothing says that it is this state that waits.
      const place = this.#signal === undefined ? undefined : placeOf(starter);
      if (place !== undefined) return place.during(() => waited);
      refuseCirclesIn(this.leaves());
      return waited;
    });
  }

  cancel(reason: string): void {
    this.#local.deliver({ kind: "cancel", reason });
  }

  answer(id: string, value: unknown): Promise<void> {
    return this.#local.answer(id, value);
  }

  signal(kind: AnySignalKind, value: unknown, options?: SignalOptions): Promise<void> {
    return (kind[SENDER] as SignalSender)(this.target(), kind.name, value, options);
  }

  /** The run, as signals are sent to it. */
  target(): SignalTarget {
    return { runId: this.id, run: this.#run, deliver: (completion) => this.#local.deliver(completion) };
  }

  questions(): readonly OpenQuestion[] {
    return this.#local.questions.list();
  }

  stage(): RunStage {
    const local = this.#local;
    if (local.isWaiting) return "waiting";
    return isQueued(this.#run.root, local.questions, (leaf) => local.queuedAt(leaf)) ? "queued" : "running";
  }

  describe(status: RunStatus): RunDescription {
    return describeRun(this.id, this.#run, status, this.questions(), (leaf) => this.#local.queuedAt(leaf));
  }
}

/** A run that lives in the memory of this process, and ends with it. */
export function memoryRun({ runnable, input, options, write }: RunSpec, hooks?: DriverHooks): LocalRun {
  const run = newRun(runnable, input);
  const driver = new LocalDriver(run, options, write, hooks);
  return new LocalRun(run, driver, driver, options.signal, false);
}
