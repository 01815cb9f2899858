import { type Codec, strictJson } from "../durable/codec.ts";
import type { Json } from "../durable/json.ts";
import type { AnyOrchestration } from "../durable/version-of.ts";
import { checkNumbers, DELAY } from "../errors/number-range.ts";
import { type Clock, systemClock } from "../platform/clock.ts";
import { type Random, systemRandom } from "../platform/random.ts";
import { DEFAULT_GRACE } from "../run/driver-hooks.ts";
import { ArrivalMachine } from "./arrival-machine.ts";
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
  const { runId, grace = DEFAULT_GRACE, codec = strictJson } = options;
  const { clock = systemClock, random = systemRandom } = options;
  checkNumbers(DELAY, { grace });
  return new ArrivalMachine(runnable, input, { runId, grace, codec, clock, random });
}
