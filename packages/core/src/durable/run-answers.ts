import type { LiveRuns } from "./live-runs.ts";
import type { StoredQuestions } from "./stored-questions.ts";
import { isUndecided } from "./undecided.ts";
import type { AnyOrchestration } from "./version-of.ts";

/** Answers questions of runs, whichever process drives them. */
export class RunAnswers {
  readonly #live: LiveRuns;
  readonly #questions: StoredQuestions;

  constructor(live: LiveRuns, questions: StoredQuestions) {
    this.#live = live;
    this.#questions = questions;
  }

  /** Resolves when the answer counts: the process that drives the run has taken it, or it is kept for the next one. */
  async answer(
    orchestration: AnyOrchestration,
    runId: string,
    question: string,
    value: unknown,
  ): Promise<void> {
    if (await this.#here(runId, question, value)) return;
    return this.#questions.answer(orchestration, runId, question, value);
  }

  /** The same with a definition whose schemas are not known: only the process that drives the run can take the answer. */
  async offer(
    orchestration: AnyOrchestration,
    runId: string,
    question: string,
    value: unknown,
  ): Promise<void> {
    if (await this.#here(runId, question, value)) return;
    return this.#questions.offer(orchestration, runId, question, value);
  }

  /** Gives the answer to the run in this process. Gives false when it is not driven here, or not any more. */
  async #here(runId: string, question: string, value: unknown): Promise<boolean> {
    const live = this.#live.get(runId);
    if (live === undefined) return false;
    try {
      await live.answer(question, value);
      return true;
    } catch (error) {
      // This process stopped driving the run before it decided.
      if (!isUndecided(error)) throw error;
      await live.over;
      return false;
    }
  }
}
