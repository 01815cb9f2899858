import type { Activation } from "../kernel/activation.ts";
import type { Codec } from "./codec.ts";
import type { DurableDriver } from "./durable-driver.ts";
import type { UncheckedAnswer } from "./kept-requests.ts";
import { errorJson } from "./revive.ts";
import type { StoredRequest } from "./stored-request.ts";
import { isUndecided } from "./undecided.ts";

/** Brings the requests of one run to it, and has the store told what the run decided. */
export class RunRequests {
  /** Kept answers to what running runnables ask, by question. */
  readonly #kept: ReadonlyMap<string, UncheckedAnswer>;
  /** Of these the questions that have not been asked again. */
  readonly #awaited: Set<string>;
  readonly #seen = new Set<number>();
  readonly #codec: Codec;
  #then: (() => void) | undefined;

  constructor(kept: ReadonlyMap<string, UncheckedAnswer> | undefined, codec: Codec) {
    this.#kept = kept ?? new Map();
    this.#awaited = new Set(this.#kept.keys());
    this.#codec = codec;
  }

  /** Calls `then` when each kept answer was given to what asks for it, or its operation has ended without asking. */
  whenGiven(open: ReadonlyMap<string, Activation>, then: () => void): void {
    if (this.#awaited.size === 0) {
      then();
      return;
    }
    this.#then = then;
    for (const [id, { path }] of this.#kept)
      open
        .get(path)
        ?.attach()
        .alarms.push(() => this.#given(id));
  }

  /** A question was asked. */
  opened(driver: DurableDriver, id: string): void {
    const kept = this.#kept.get(id);
    if (kept !== undefined)
      void this.#answer(driver, kept.number, id, kept.value).then(() => this.#given(id));
  }

  /** Takes an open request; one that was taken already is left alone. */
  take(driver: DurableDriver, { number, request }: StoredRequest): void {
    if (this.#seen.has(number)) return;
    this.#seen.add(number);
    if (request.type === "cancel") {
      driver.settlements.cancelling(number);
      driver.local.deliver({ kind: "cancel", reason: request.reason });
    } else void this.#answer(driver, number, request.question, this.#codec.decode(request.value));
  }

  #given(id: string): void {
    if (!this.#awaited.delete(id) || this.#awaited.size > 0) return;
    // Later, because the run may be in the middle of taking something.
    void Promise.resolve().then(this.#then);
  }

  async #answer(driver: DurableDriver, number: number, id: string, value: unknown): Promise<void> {
    try {
      await driver.local.answer(id, value, number);
    } catch (error) {
      if (isUndecided(error)) return;
      // An answer that does not fit leaves the question open for another one.
      driver.journal.decide([{ number, state: "refused", detail: errorJson(error) }]);
    }
  }
}
