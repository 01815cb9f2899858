import type { CancelTimer, Clock } from "../platform/clock.ts";
import type { JournalStore } from "./journal-store.ts";
import type { StoredRequest } from "./stored-request.ts";

/** How often a store that others write to is looked at, in milliseconds: a run may wait for a person for days. */
const LOOK = 250;

/** The open requests of a store: one look for all the runs that a host drives. */
export class OpenRequests {
  readonly #store: JournalStore;
  readonly #clock: Clock;
  readonly #bring: (request: StoredRequest) => void;
  #timer: CancelTimer | undefined;
  #unlisten: (() => void) | undefined;
  #isLooking = false;

  /** `bring` is given each open request at each look. */
  constructor(store: JournalStore, clock: Clock, bring: (request: StoredRequest) => void) {
    this.#store = store;
    this.#clock = clock;
    this.#bring = bring;
  }

  /** A run is driven here. */
  begin(): void {
    if (this.#store.shared) this.#timer ??= this.#later();
    if (this.#store.listen === undefined) return;
    this.#unlisten ??= this.#store.listen(() => this.#soon());
    // What was asked of the run while it was being taken up.
    this.#soon();
  }

  /** None is driven here any more. */
  end(): void {
    this.#timer?.();
    this.#timer = undefined;
    this.#unlisten?.();
    this.#unlisten = undefined;
  }

  #later(): CancelTimer {
    const timer = this.#clock.after(LOOK, async () => {
      await this.#look();
      if (this.#timer === timer) this.#timer = this.#later();
    });
    return timer;
  }

  /** Later, because the store may be in the middle of a write. */
  #soon(): void {
    if (this.#isLooking) return;
    this.#isLooking = true;
    void Promise.resolve().then(() => {
      this.#isLooking = false;
      return this.#look();
    });
  }

  async #look(): Promise<void> {
    try {
      const found = this.#store.openRequests();
      for (const request of found instanceof Promise ? await found : found) this.#bring(request);
    } catch {
      // The next write says what is wrong with the store.
    }
  }
}
