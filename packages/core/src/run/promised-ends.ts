import type { Activation } from "../kernel/activation.ts";
import type { Waits } from "../kernel/waits.ts";
import { adopted } from "../platform/adopted.ts";

/** Takes the ends of operations that gave promises. */
export class PromisedEnds {
  readonly #driver: Pick<Waits, "deliver">;
  /** The operation that `#onValue` and `#onError` are for. */
  #followed: Activation | undefined;
  #onValue: ((value: unknown) => void) | undefined;
  #onError: ((error: unknown) => void) | undefined;

  constructor(driver: Pick<Waits, "deliver">) {
    this.#driver = driver;
  }

  /**
   * Takes the end of a promise. Most are alone, and one pair of functions does for all of these in turn. What
   * is no plain promise may throw or settle twice, and its second word would be taken for the end of the next.
   */
  follow(operation: Activation, promise: PromiseLike<unknown>): void {
    const plain = adopted(promise);
    if (this.#followed !== undefined || plain !== promise) {
      followBeside(operation, plain, this.#driver);
      return;
    }
    this.#followed = operation;
    this.#onValue ??= (value) => {
      const ended = this.#followed!;
      this.#followed = undefined;
      this.#driver.deliver({ kind: "completed", operation: ended, value });
    };
    this.#onError ??= (error) => {
      const ended = this.#followed!;
      this.#followed = undefined;
      this.#driver.deliver({ kind: "failed", operation: ended, error });
    };
    promise.then(this.#onValue, this.#onError);
  }
}

/** A function of its own, because a closure retains its whole scope, and the pair above lives as long as the run. */
function followBeside(
  operation: Activation,
  promise: PromiseLike<unknown>,
  driver: Pick<Waits, "deliver">,
): void {
  promise.then(
    (value) => driver.deliver({ kind: "completed", operation, value }),
    (error: unknown) => driver.deliver({ kind: "failed", operation, error }),
  );
}
