/** Composites that are called by hand: what tells the calls of one runnable from each other. */
const calls = new WeakMap<object, Map<string, number>>();

/** Which call of the composite `id` this is in the attempt that `ctx` belongs to, from 1. */
export function countCall(ctx: object, id: string): number {
  let counts = calls.get(ctx);
  if (counts === undefined) {
    counts = new Map();
    calls.set(ctx, counts);
  }
  const call = (counts.get(id) ?? 0) + 1;
  counts.set(id, call);
  return call;
}
