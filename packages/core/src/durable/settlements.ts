import type { Questions } from "../run/questions.ts";
import type { SignalReceipt } from "../run/send-signal.ts";
import type { Verdict } from "./stored-request.ts";

/**
 * What the run has taken from outside and not written yet: answers, signals, and the wish to cancel it. It counts once that is
 * written, and the verdicts about the requests that brought it are written with it.
 */
export class Settlements {
  readonly #questions: () => Questions;
  #answered: string[] = [];
  /** Signals on their way into the run. */
  readonly #sent = new Set<SignalReceipt>();
  /** Signals that it has taken. */
  #received: SignalReceipt[] = [];
  /** Requests to cancel the run, which the record of the cancellation takes. */
  #cancels: number[] = [];
  /** Why this process does not drive the run any more. */
  #halted: Error | undefined;

  constructor(questions: () => Questions) {
    this.#questions = questions;
  }

  /** The answer to a question state ended it. */
  answered(id: string): void {
    this.#answered.push(id);
  }

  /** A signal is on its way into the run. */
  sent(receipt: SignalReceipt): void {
    if (this.#halted === undefined) this.#sent.add(receipt);
    else receipt.reject(this.#halted);
  }

  /** The run has taken a signal. */
  taken(receipt: SignalReceipt): void {
    this.#received.push(receipt);
  }

  /** This process stops driving the run. Answers and signals on their way do not count here. */
  halt(error: Error): void {
    this.#halted ??= error;
    this.#questions().halt(error);
    for (const { reject } of this.#sent) reject(error);
    this.#sent.clear();
  }

  /** A request cancels the run. */
  cancelling(request: number): void {
    this.#cancels.push(request);
  }

  /** The verdicts that go with the record of what the run took last; `undefined` when none does. */
  verdicts(isCancelled: boolean): readonly Verdict[] | undefined {
    const isQuiet = this.#answered.length === 0 && this.#received.length === 0;
    if (isQuiet && (this.#cancels.length === 0 || !isCancelled)) return undefined;
    const answers = this.#answered.flatMap((id) => this.verdictOn(id) ?? []);
    const signals = this.#received.flatMap(({ request }) => request ?? []);
    const cancels = isCancelled ? this.#cancels.splice(0) : [];
    return [...answers, ...[...signals, ...cancels].map((number) => ({ number, state: "taken" }) as const)];
  }

  /** The verdict on the request that brought the answer which is on its way to a question. */
  verdictOn(id: string): Verdict | undefined {
    const number = this.#questions().takingOf(id)?.request;
    return number === undefined ? undefined : { number, state: "taken" };
  }

  /** What was taken counts once `written` resolves; where it is absent, it is written. */
  count(written: Promise<void> | undefined): void {
    const [ids, receipts] = [this.#answered, this.#received];
    if (ids.length === 0 && receipts.length === 0) return;
    this.#answered = [];
    this.#received = [];
    const count = (): void => {
      for (const id of ids) this.#questions().taken(id);
      for (const receipt of receipts) {
        this.#sent.delete(receipt);
        receipt.resolve();
      }
    };
    if (written === undefined) count();
    // What could not be written halts the run, which tells those who answered.
    else written.then(count, () => {});
  }
}
