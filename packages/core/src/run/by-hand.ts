/** Composites that are called by hand: whose time they take, and what tells their calls apart. */
import type { Clock } from "../platform/clock.ts";
import type { RunContext } from "../words/context.ts";

/** Under this the engine's own contexts hold the clock of their run. */
export const CLOCK: unique symbol = Symbol("orch.clock");

/** The clock of the run that `ctx` belongs to; `undefined` for a context that the engine did not make. */
export function clockOf(ctx: object): Clock | undefined {
  return (ctx as { readonly [CLOCK]?: Clock })[CLOCK];
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
