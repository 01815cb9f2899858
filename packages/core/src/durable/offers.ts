import type { Clock } from "../platform/clock.ts";
import { isEnd, type JournalStore } from "./journal-store.ts";
import { revive } from "./revive.ts";
import type { RunRequest } from "./stored-request.ts";
import { undecidedRequests } from "./undecided-requests.ts";

/** How often it is looked for a verdict, in milliseconds. */
const LOOK = 50;

/** Puts requests before the processes that drive runs, and waits for what these decide. */
export class Offers {
  readonly #store: JournalStore;
  readonly #clock: Clock;

  constructor(store: JournalStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /**
   * Offers a request; `taken` when the driver of the run has used it, `undriven` when no process drives the run, or the one
   * that did ended before it decided. Throws why the driver refused it.
   */
  async make(runId: string, request: RunRequest): Promise<"taken" | "undriven"> {
    const number = await this.#store.offer(runId, request, this.#clock.now());
    if (typeof number !== "number") return "undriven";
    return this.#until(async () => {
      const { requests } = await undecidedRequests(this.#store, runId);
      const open = requests.some((one) => one.number === number) && (await this.#isDriven(runId));
      if (open) return undefined;
      // No process decides about it any more, or one just has.
      const last = await this.#store.withdraw(runId, number);
      if (last?.state === "refused" && last.detail !== undefined) throw revive(last.detail);
      return last?.state === "taken" ? "taken" : "undriven";
    });
  }

  /** Resolves when the run has ended since it had so many records (`true`), or no process drives it any more. After its end it may have been tried again. */
  async over(runId: string, records: number): Promise<boolean> {
    return this.#until(async () => {
      const since = (await this.#store.load(runId, records + 1)) ?? [];
      if (since.some(({ type }) => type === "done")) return true;
      return (await this.#isDriven(runId)) ? undefined : false;
    });
  }

  async #isDriven(runId: string): Promise<boolean> {
    const stored = await this.#store.get(runId);
    if (stored?.holder === undefined || isEnd(stored.status)) return false;
    return stored.holder.until > this.#clock.now();
  }

  /** Looks until something is found: after each change that the store tells of, and every now and then. */
  async #until<TFound>(look: () => Promise<TFound | undefined>): Promise<TFound> {
    let hasChanged = false;
    let wake = (): void => {};
    const unlisten = this.#store.listen?.(() => {
      hasChanged = true;
      wake();
    });
    try {
      for (;;) {
        hasChanged = false;
        const found = await look();
        if (found !== undefined) return found;
        if (hasChanged) continue;
        await new Promise<void>((resolve) => {
          const cancel = this.#clock.after(LOOK, resolve);
          wake = () => {
            cancel();
            resolve();
          };
        });
      }
    } finally {
      unlisten?.();
    }
  }
}
