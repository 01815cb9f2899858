import type { Activation } from "../kernel/activation.ts";
import { given } from "../platform/given.ts";
import { type SignalTarget, sendSignal } from "../run/send-signal.ts";
import type { Codec } from "./codec.ts";
import type { DurableDriver } from "./durable-driver.ts";
import type { UncheckedAnswer } from "./kept-requests.ts";
import { errorJson } from "./revive.ts";
import type { SignalRequest, StoredRequest } from "./stored-request.ts";
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
  take(driver: DurableDriver, { number, request }: StoredRequest, target: () => SignalTarget): void {
    if (this.#seen.has(number)) return;
    this.#seen.add(number);
    if (request.type === "cancel") {
      driver.settlements.cancelling(number);
      driver.local.deliver({ kind: "cancel", reason: request.reason });
    } else if (request.type === "signal") void this.#signal(driver, number, request, target());
    else void this.#answer(driver, number, request.question, this.#codec.decode(request.value));
  }

  async #signal(
    driver: DurableDriver,
    number: number,
    { signal, value, key }: SignalRequest,
    target: SignalTarget,
  ): Promise<void> {
    const sent = sendSignal(target, signal, this.#codec.decode(value), given({ key }), number);
    await this.#refused(driver, number, sent);
  }

  #given(id: string): void {
    if (!this.#awaited.delete(id) || this.#awaited.size > 0) return;
    // Later, because the run may be in the middle of taking something.
    void Promise.resolve().then(this.#then);
  }

  async #answer(driver: DurableDriver, number: number, id: string, value: unknown): Promise<void> {
    await this.#refused(driver, number, driver.local.answer(id, value, number));
  }

  /** Has the store told when the run refuses what a request brought. */
  async #refused(driver: DurableDriver, number: number, taking: Promise<void>): Promise<void> {
    try {
      await taking;
    } catch (error) {
      if (isUndecided(error)) return;
      // An answer that does not fit leaves the question open for another one.
      driver.journal.decide([{ number, state: "refused", detail: errorJson(error) }]);
    }
  }
}
