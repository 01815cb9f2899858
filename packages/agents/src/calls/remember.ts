/** The work that a resumed run does not repeat: its model calls and its tools. */
import { UnfinishedStepError } from "../errors/unfinished-step-error.ts";

/** Calls `fn` and returns its value, or returns the value that was recorded under this name before. */
export type RunOnce = <TValue>(name: string, fn: () => Promise<TValue>) => Promise<TValue>;

/** A value, and whether it was done now or remembered. */
export interface Remembered<TValue> {
  readonly value: TValue;
  readonly replayed: boolean;
}

/**
 * Does something, unless it is remembered. What is not worth remembering (a call that was cancelled,
 * an answer that was cut off) is given out all the same, and done again next time.
 *
 * @throws the errors of `fn`, and those of `once` itself.
 */
export async function remember<TValue>(
  once: RunOnce,
  name: string,
  fn: () => Promise<TValue>,
  isWorthKeeping: (value: TValue) => boolean,
): Promise<Remembered<TValue>> {
  let done = undefined as { readonly value: TValue } | undefined;
  let kept = true;
  try {
    const value = await once(name, async () => {
      done = { value: await fn() };
      kept = isWorthKeeping(done.value);
      if (kept) return done.value;
      throw new UnfinishedStepError({ step: name });
    });
    return { value, replayed: done === undefined };
  } catch (error) {
    if (done !== undefined && !kept) return { ...done, replayed: false };
    throw error;
  }
}
