/** What a person did with a form other than answering it. */
export interface FormNotice {
  readonly question: string;
  /** Why the answer was not taken; absent where the person declined or left. */
  readonly refused?: string;
}

/**
 * The streams of this process whose runs wait for a person, so that they hear of a form that was declined. Nothing depends on
 * it: in another process the question stays open, and the call waits on.
 */
export class WaitingCalls {
  readonly #listeners = new Map<string, Set<(notice: FormNotice) => void>>();

  /** Calls `hear` with the notices of a run, until the function that it gives is called. */
  listen(run: string, hear: (notice: FormNotice) => void): () => void {
    const those = this.#listeners.get(run) ?? new Set();
    this.#listeners.set(run, those.add(hear));
    return () => {
      those.delete(hear);
      if (those.size === 0) this.#listeners.delete(run);
    };
  }

  tell(run: string, notice: FormNotice): void {
    for (const hear of this.#listeners.get(run) ?? []) hear(notice);
  }
}
