/** An abort controller that follows another until it is disposed. */
import { Watcher, WatcherList } from "./watchers.ts";

/**
 * A signal of one's own, below another: it aborts with its parent, or by itself, and the parent never
 * notices. What follows it within the run stands in a list: a listener on a signal costs five times as
 * much, and every model call and tool call needs some. The signal is made when somebody asks for it.
 */
export class LinkedAbort extends Watcher {
  /** Whether it has aborted, as the signal says too. */
  aborted = false;
  readonly #parent: AbortSignal | LinkedAbort | undefined;
  readonly #onSignal: (() => void) | undefined;
  readonly #watchers = new WatcherList();
  #controller: AbortController | undefined;

  constructor(parent: AbortSignal | LinkedAbort | undefined) {
    super();
    this.#parent = parent;
    if (parent === undefined) return;
    if (parent.aborted) this.hear();
    else if (parent instanceof LinkedAbort) parent.#watchers.add(this);
    else {
      this.#onSignal = () => this.hear();
      parent.addEventListener("abort", this.#onSignal, { once: true });
    }
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }

  /** Aborts with its parent. */
  hear(): void {
    this.abort(this.#parent instanceof LinkedAbort ? this.#parent.signal.reason : this.#parent?.reason);
  }

  abort(reason?: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.#controller ??= new AbortController();
    this.#controller.abort(reason);
    this.#watchers.tell();
  }

  /** Stops following the parent. */
  dispose(): void {
    this.leave();
    if (this.#onSignal !== undefined && !(this.#parent instanceof LinkedAbort))
      this.#parent?.removeEventListener("abort", this.#onSignal);
  }

  /** Calls `act` when this aborts, or at once if it has aborted. The returned function removes `act`. */
  follow(act: () => void): () => void {
    const watcher = new Act(act);
    this.watch(watcher);
    return () => watcher.leave();
  }

  /** As {@link follow}, for what takes itself out. */
  watch(watcher: Watcher): void {
    if (this.aborted) watcher.hear();
    else this.#watchers.add(watcher);
  }
}

class Act extends Watcher {
  readonly #act: () => void;

  constructor(act: () => void) {
    super();
    this.#act = act;
  }

  hear(): void {
    this.#act();
  }
}
