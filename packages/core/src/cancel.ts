/**
 * Scopes: the one tree along which cancellation travels, from the run to the leaves.
 *
 * An `AbortController` is made only when somebody asks for a signal, and no scope listens to its
 * parent's signal: the parent knows the children that have signals, and forgets them when they end.
 * So a long run leaves no listener behind.
 */
export class Scope {
  readonly #parent: Scope | undefined;
  #controller: AbortController | undefined;
  #children: Set<Scope> | undefined;
  #linked = false;
  #reason: Error | undefined;

  constructor(parent: Scope | undefined) {
    this.#parent = parent;
  }

  /** Why this scope, or one around it, was aborted; `undefined` while it lives. */
  get reason(): Error | undefined {
    return this.#reason ?? this.#parent?.reason;
  }

  /** Aborted with the scope. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      const { reason } = this;
      if (reason === undefined) this.#link();
      else this.#controller.abort(reason);
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
    if (!this.#linked) return;
    this.#linked = false;
    this.#parent?.forget(this);
  }

  forget(child: Scope): void {
    this.#children?.delete(child);
  }

  #link(): void {
    if (this.#linked || this.#parent === undefined) return;
    this.#linked = true;
    this.#parent.#children ??= new Set();
    this.#parent.#children.add(this);
    this.#parent.#link();
  }
}
