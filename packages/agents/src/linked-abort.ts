/** An abort controller that follows another signal until it is disposed. */

/** A signal of one's own, below another. */
export interface LinkedAbort {
  readonly signal: AbortSignal;
  readonly abort: (reason?: unknown) => void;
  /** Stops following the parent. */
  readonly dispose: () => void;
}

/** Makes a signal that aborts with `parent`, or by itself; the parent never notices. */
export function linkedAbort(parent: AbortSignal | undefined): LinkedAbort {
  const controller = new AbortController();
  const follow = (): void => controller.abort(parent?.reason);
  if (parent?.aborted) follow();
  else parent?.addEventListener("abort", follow, { once: true });
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    dispose: () => parent?.removeEventListener("abort", follow),
  };
}
