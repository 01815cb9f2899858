/** Composites that are called by hand: whose time they take, and what tells their calls apart. */
import type { Activation } from "../kernel/activation.ts";
import type { Clock } from "../platform/clock.ts";
import type { RunContext } from "../words/context.ts";
import type { StepDoors } from "./step.ts";

/** What is behind the context of an attempt. */
export interface BehindAttempt {
  readonly operation: Activation;
  readonly doors: Pick<StepDoors, "clock" | "deliver">;
  /** Throws when the attempt may do nothing more. */
  readonly admit: () => void;
}

/**
 * Under this name the engine's own contexts hold what is behind them. It is a text and no symbol: two copies of the package
 * work together, and a bundler can leave a class out whose members all have plain names.
 */
export interface EngineContext {
  readonly "orch.behind": BehindAttempt;
}

/** What is behind a context; `undefined` for one that the engine did not make. */
export function behind(ctx: object): BehindAttempt | undefined {
  return (ctx as Partial<EngineContext>)["orch.behind"];
}

/** The clock of the run that `ctx` belongs to; `undefined` for a context that the engine did not make. */
export function clockOf(ctx: object): Clock | undefined {
  return behind(ctx)?.doors.clock;
}

const calls = new WeakMap<object, Map<string, number>>();

/** Asks through the context around a composite; calls of the composite in one attempt are told apart by their number. */
export function askAround(ctx: Pick<RunContext, "ask">, id: string): RunContext["ask"] {
  const call = countCall(ctx, id);
  const suffix = call === 1 ? "" : `~${call}`;
  return ({ name, ...question }) => ctx.ask({ name: `${name}${suffix}`, ...question });
}

/** Which call of the composite `id` this is in the attempt that `ctx` belongs to, from 1. */
function countCall(ctx: object, id: string): number {
  let counts = calls.get(ctx);
  if (counts === undefined) {
    counts = new Map();
    calls.set(ctx, counts);
  }
  const call = (counts.get(id) ?? 0) + 1;
  counts.set(id, call);
  return call;
}
