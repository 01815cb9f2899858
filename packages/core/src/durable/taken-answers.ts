import type { Questions } from "../run/questions.ts";

/** Answers that the run has taken, and that count once that is written. */
export class TakenAnswers {
  #ids: string[] = [];

  add(id: string): void {
    this.#ids.push(id);
  }

  get isEmpty(): boolean {
    return this.#ids.length === 0;
  }

  /** They count once `written` resolves; where it is absent, they are written. */
  count(questions: Questions, written: Promise<void> | undefined): void {
    if (this.isEmpty) return;
    const ids = this.#ids;
    this.#ids = [];
    const count = (): void => {
      for (const id of ids) questions.taken(id);
    };
    if (written === undefined) count();
    // What could not be written halts the run, which tells those who answered.
    else written.then(count, () => {});
  }
}
