import type { Codec } from "./codec.ts";
import type { DurableDriver } from "./durable-driver.ts";
import type { KeptAnswer } from "./kept-requests.ts";
import { errorJson } from "./revive.ts";
import type { StoredRequest } from "./stored-request.ts";
import { isUndecided } from "./undecided.ts";

/** Brings the requests of one run to it, and has the store told what the run decided. */
export class RunRequests {
  /** Kept answers to what running runnables ask, by question. */
  readonly #kept: ReadonlyMap<string, KeptAnswer>;
  readonly #seen = new Set<number>();

  readonly #codec: Codec;

  constructor(kept: ReadonlyMap<string, KeptAnswer> | undefined, codec: Codec) {
    this.#kept = kept ?? new Map();
    this.#codec = codec;
  }

  /** A question was asked. */
  opened(driver: DurableDriver, id: string): void {
    const kept = this.#kept.get(id);
    if (kept !== undefined) void this.#answer(driver, kept.number, id, kept.value);
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
