import type { Questions } from "../run/questions.ts";
import type { Verdict } from "./stored-request.ts";

/**
 * What the run has taken from outside and not written yet: answers, and the wish to cancel it. It counts once that is
 * written, and the verdicts about the requests that brought it are written with it.
 */
export class Settlements {
  readonly #questions: () => Questions;
  #answered: string[] = [];
  /** Requests to cancel the run, which the record of the cancellation takes. */
  #cancels: number[] = [];

  constructor(questions: () => Questions) {
    this.#questions = questions;
  }

  /** The answer to a question state ended it. */
  answered(id: string): void {
    this.#answered.push(id);
  }

  /** A request cancels the run. */
  cancelling(request: number): void {
    this.#cancels.push(request);
  }

  /** The verdicts that go with the record of what the run took last; `undefined` when none does. */
  verdicts(isCancelled: boolean): readonly Verdict[] | undefined {
    if (this.#answered.length === 0 && (this.#cancels.length === 0 || !isCancelled)) return undefined;
    const answers = this.#answered.flatMap((id) => this.verdictOn(id) ?? []);
    const cancels = isCancelled ? this.#cancels.splice(0) : [];
    return [...answers, ...cancels.map((number) => ({ number, state: "taken" }) as const)];
  }

  /** The verdict on the request that brought the answer which is on its way to a question. */
  verdictOn(id: string): Verdict | undefined {
    const number = this.#questions().takingOf(id)?.request;
    return number === undefined ? undefined : { number, state: "taken" };
  }

  /** What was taken counts once `written` resolves; where it is absent, it is written. */
  count(written: Promise<void> | undefined): void {
    const ids = this.#answered;
    if (ids.length === 0) return;
    this.#answered = [];
    const count = (): void => {
      for (const id of ids) this.#questions().taken(id);
    };
    if (written === undefined) count();
    // What could not be written halts the run, which tells those who answered.
    else written.then(count, () => {});
  }
}
