/**
 * Scopes: the one tree along which cancellation travels, from the run to the leaves.
 *
 * A scope is made only when a signal is read, for that activation and those around it, and no scope listens to
 * its parent's signal: the parent knows its children, and forgets them when they end. So a long run
 * leaves no listener behind.
 */
const owners = new WeakMap<AbortSignal, object>();

/** The owner of the scope that a signal belongs to; `undefined` for a signal of somebody else. */
export function ownerOf(signal: AbortSignal): object | undefined {
  return owners.get(signal);
}

/** What is cancelled together: one signal, with its parent and children. */
export class Scope {
  readonly #parent: Scope | undefined;
  readonly #owner: object | undefined;
  #reason: Error | undefined;
  #controller: AbortController | undefined;
  #children: Set<Scope> | undefined;

  /** With a `reason`, the scope is aborted from the start. `owner` is found again by the signal. */
  constructor(parent: Scope | undefined, reason?: Error, owner?: object) {
    this.#parent = parent;
    this.#owner = owner;
    this.#reason = reason ?? parent?.reason;
    if (this.#reason === undefined) parent?.keep(this);
  }

  /** Why it was aborted; `undefined` while it lives. */
  get reason(): Error | undefined {
    return this.#reason;
  }

  /** Aborted with the scope. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#owner !== undefined) owners.set(this.#controller.signal, this.#owner);
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** Aborts this scope and all within it. The first reason stays. */
  abort(reason: Error): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#controller?.abort(reason);
    if (this.#children !== undefined) for (const child of this.#children) child.abort(reason);
  }

  /** Lets the parent forget this scope. */
  release(): void {
    this.#parent?.forget(this);
  }

  keep(child: Scope): void {
    this.#children ??= new Set();
    this.#children.add(child);
  }

  forget(child: Scope): void {
    this.#children?.delete(child);
  }
}
