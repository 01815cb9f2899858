import { CancelledError } from "../errors/cancelled-error.ts";
import { messageOf } from "../errors/message-of.ts";
import type { Ended } from "../kernel/activation.ts";
import type { Recorder } from "../kernel/recorder.ts";
import type { RunState } from "../kernel/transition.ts";
import type { Driver } from "./driver.ts";
import { type Ending, Pump } from "./pump.ts";

/** A run, and what drives it. */
interface Driven {
  readonly run: RunState;
  readonly driver: Driver;
  readonly isResumed: boolean;
  readonly cancel: (reason: string) => void;
}

/** Drives a run that a signal may cancel. The signal is left without a listener. */
export function startUnder(
  signal: AbortSignal,
  { run, driver, isResumed, cancel }: Driven,
  ending: Ending,
): void {
  if (signal.aborted && !isResumed) {
    ending.ended(stillborn(run, driver.recorder, signal));
    return;
  }
  const onAbort = (): void => cancel(reasonOf(signal));
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
  new Pump(run, driver, { ended, failed }).start(isResumed);
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
