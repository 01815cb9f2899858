/**
 * The output of a run that a state began, or a promise made of it: it tells when somebody waits for it. `await` and the
 * functions of `Promise` call `then` with functions of the platform; who calls it with a function of their own listens,
 * and waits only when they wait for what `then` gives.
 */
export class AwaitedOutput<TOutput> extends Promise<TOutput> {
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  #wait: Wait | undefined;
  #waiting: Promise<TOutput> | undefined;

  /** `wait` is given what is waited for, once, when somebody begins to wait. */
  static of<TOutput>(output: Promise<TOutput>, wait: Wait): AwaitedOutput<TOutput> {
    const made = new AwaitedOutput<TOutput>((resolve, reject) => void output.then(resolve, reject));
    made.#wait = wait;
    return made;
  }

  // biome-ignore lint/suspicious/noThenProperty: every promise has it, and `await` calls that of a class of its own
  override then<TValue = TOutput, TError = never>(
    onValue?: ((value: TOutput) => TValue | PromiseLike<TValue>) | null,
    onError?: ((error: unknown) => TError | PromiseLike<TError>) | null,
  ): Promise<TValue | TError> {
    const wait = this.#wait;
    if (wait === undefined) return super.then(onValue, onError);
    if (!isOfPlatform(onValue)) return AwaitedOutput.of(super.then(onValue, onError), wait);
    this.#waiting ??= wait(new Promise<TOutput>((resolve, reject) => void super.then(resolve, reject)));
    return this.#waiting.then(onValue, onError);
  }
}

/** Waits for a promise; gives its value or failure when the wait is over. */
type Wait = <TValue>(output: Promise<TValue>) => Promise<TValue>;

function isOfPlatform(called: unknown): boolean {
  if (typeof called !== "function" || called.name !== "") return false;
  return Function.prototype.toString.call(called).includes("[native code]");
}
