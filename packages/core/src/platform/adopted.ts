/**
 * A plain promise of what another one gives. What is no plain promise may throw, settle twice, or give a promise in the place of a
 * value. `Promise.resolve` and `await` hand on a promise with a `then` of its own as it is.
 */
export function adopted(promise: object): PromiseLike<unknown> {
  const { constructor: maker, then } = promise as Partial<PromiseLike<unknown>>;
  const isPlain = maker === Promise && then === Promise.prototype.then;
  return isPlain ? (promise as Promise<unknown>) : new Promise((resolve) => resolve(promise));
}
