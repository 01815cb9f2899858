import { type Codec, strictJson } from "../durable/codec.ts";
import type { Json } from "../durable/json.ts";
import type { AnyOrchestration } from "../durable/version-of.ts";
import { checkNumbers, DELAY } from "../errors/number-range.ts";
import { type Clock, systemClock } from "../platform/clock.ts";
import { type Random, systemRandom } from "../platform/random.ts";
import { DEFAULT_GRACE } from "../run/driver-hooks.ts";
import { ArrivalMachine, type RunParts } from "./arrival-machine.ts";
import type { Effect } from "./effect.ts";
import { readMachine } from "./machine-text.ts";
import type { RunMachine } from "./run-machine.ts";

/** How a machine is made. */
export interface MachineOptions {
  readonly runId: string;
  /** How long aborted work may take to settle, in milliseconds. Default 1,000. The same whenever the run is made again. */
  readonly grace?: number;
  /** How values become JSON. Default: plain JSON, and anything else is refused by name. */
  readonly codec?: Codec;
  /** For attempts that are performed here. Default: the machine's own. */
  readonly clock?: Clock;
  /** For attempts that are performed here. Default: the machine's own. */
  readonly random?: Random;
}

/**
 * Opens a run for a driver. Nothing happens until it takes its first arrival, `begin`; of a run that is made again, the
 * first that was kept. See {@link RunMachine} for what a driver promises.
 *
 * @example
 * ```ts
 * const machine = openMachine(flow, "input", { runId: "r1" });
 * const { decisions, effects, events } = machine.take({ kind: "begin", at: Date.now() });
 * ```
 */
export function openMachine(
  runnable: AnyOrchestration,
  input: Json | undefined,
  options: MachineOptions,
): RunMachine {
  return new ArrivalMachine(runnable, input, partsOf(options));
}

/** A run that goes on from a snapshot. */
export interface RestoredMachine {
  readonly machine: RunMachine;
  /** The attempts, wakes and questions that are open, to be launched before the next arrival is taken. */
  readonly effects: readonly Effect[];
}

/**
 * Opens a run as it was when {@link RunMachine.snapshot} gave this text, by the same options; `undefined` when it is damaged,
 * or of another definition or version of this library. Then the run is made again from its arrivals, by `openMachine`.
 *
 * @example
 * ```ts
 * const restored = restoreMachine(flow, text, { runId: "r1" });
 * ```
 */
export function restoreMachine(
  runnable: AnyOrchestration,
  snapshot: string,
  options: MachineOptions,
): RestoredMachine | undefined {
  const parts = partsOf(options);
  try {
    const kept = readMachine(snapshot, runnable, parts.codec);
    if (kept === undefined) return undefined;
    const machine = new ArrivalMachine(runnable, undefined, parts, kept);
    const effects = machine.restore(kept);
    return effects && { machine, effects };
  } catch {
    // Whatever is wrong is told by who takes all arrivals.
    return undefined;
  }
}

function partsOf(options: MachineOptions): RunParts {
  const { runId, grace = DEFAULT_GRACE, codec = strictJson } = options;
  const { clock = systemClock, random = systemRandom } = options;
  checkNumbers(DELAY, { grace });
  return { runId, grace, codec, clock, random };
}
