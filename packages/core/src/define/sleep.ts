import { FatalError } from "../errors/fatal-error.ts";
import { DELAY } from "../errors/number-range.ts";
import type { Activation } from "../kernel/activation.ts";
import { asSlept, type Slept, type Waits } from "../kernel/waits.ts";
import { restOf } from "../platform/clock.ts";
import type { Runnable } from "../words/runnable.ts";
import { type CompositeOptions, composite } from "./composite.ts";
import { numberProblems } from "./definition-problems.ts";
import { waiting } from "./waiting.ts";

/**
 * Waits, and passes its input on as its output. On a durable host the due time is kept, so a wait of
 * days survives a restart and still ends at its due time.
 *
 * @param delay in milliseconds, or a pure function of the input that gives them.
 *
 * @example
 * ```ts
 * const coolDown = sleep<Order>("coolDown", 60_000);
 * const untilRetry = sleep("untilRetry", (limit: RateLimit) => limit.retryAfter);
 * ```
 */
export function sleep<TInput = void>(
  id: string,
  delay: number | ((input: TInput) => number),
  options: CompositeOptions = {},
): Runnable<NoInfer<TInput>, NoInfer<TInput>> {
  const ms = typeof delay === "number" ? () => delay : (delay as (input: unknown) => number);
  return composite(id, options, {
    kind: "sleep",
    problems: () => (typeof delay === "function" ? [] : numberProblems(` of "${id}"`, DELAY, { delay })),
    wait: waiting((operation, waits) => sleepOn(operation, ms, waits)),
  });
}

/** Waits until it is due, or was due while no process drove the run. */
function sleepOn(operation: Activation, delay: (input: unknown) => number, waits: Waits): void {
  const ms = (): number => checkedDelay(operation, delay(operation.input));
  const rest = restOfSleep(operation, ms, waits);
  waits.alarm(operation, rest, () => waits.deliver({ kind: "completed", operation, value: operation.input }));
}

/** How long an operation still waits that waits for so many milliseconds from its start on. */
export function restOfSleep(operation: Activation, ms: () => number, waits: Waits): number {
  const known = operation.attached?.notes.get("slept")?.value as Slept | number | undefined;
  return known === undefined ? fallAsleep(operation, ms(), waits) : restOf(asSlept(known), waits.clock.now());
}

/** Begins to sleep; gives how long. */
function fallAsleep(operation: Activation, ms: number, waits: Waits): number {
  const slept: Slept = { due: waits.clock.now() + ms, ms };
  waits.note(operation, "slept", slept);
  return ms;
}

function checkedDelay({ runnable }: Activation, delay: number): number {
  if (Number.isFinite(delay) && delay >= 0) return delay;
  const fix = "Let its function give a number of milliseconds for every input.";
  throw new FatalError(`The delay of "${runnable.id}" is ${delay}: it has to be 0 or more milliseconds.`, {
    fix,
  });
}
