import { AlreadyAnsweredError } from "../errors/already-answered-error.ts";
import { InvalidAnswerError } from "../errors/invalid-answer-error.ts";
import { UnknownQuestionError } from "../errors/unknown-question-error.ts";
import { UnknownRunError } from "../errors/unknown-run-error.ts";
import type { Clock } from "../platform/clock.ts";
import type { OpenQuestion } from "../run/questions.ts";
import type { Codec } from "./codec.ts";
import type { JournalStore } from "./journal-store.ts";
import { openQuestions, type StoredQuestion } from "./open-questions.ts";
import type { StoredRuns } from "./stored-runs.ts";
import type { AnyOrchestration } from "./version-of.ts";

/** The questions of runs that are not driven in this process. */
export class StoredQuestions {
  readonly #store: JournalStore;
  readonly #runs: StoredRuns;
  readonly #codec: Codec;
  readonly #clock: Clock;

  constructor(store: JournalStore, runs: StoredRuns, codec: Codec, clock: Clock) {
    this.#store = store;
    this.#runs = runs;
    this.#codec = codec;
    this.#clock = clock;
  }

  /** Keeps an answer for the process that drives the run, now or later. */
  async answer(
    orchestration: AnyOrchestration,
    runId: string,
    question: string,
    value: unknown,
  ): Promise<void> {
    const { folded } = await this.#runs.read(orchestration, runId);
    const open = openQuestions(folded);
    const found = open.find(({ id }) => id === question);
    if (found === undefined) {
      if (folded.answered.includes(question)) throw new AlreadyAnsweredError({ runId, question });
      throw new UnknownQuestionError({ runId, question, open: open.map(({ id }) => id) });
    }
    // A question asked by ctx.ask is checked when the run takes the answer: only the runnable knows its schema.
    const result = await found.schema?.["~standard"].validate(value);
    if (result?.issues !== undefined)
      throw new InvalidAnswerError({ runId, question, issues: result.issues });
    const json = this.#codec.encode(value, `the answer to "${question}"`) ?? null;
    const kept = await this.#store.putAnswer(runId, {
      questionId: question,
      value: json,
      at: this.#clock.now(),
    });
    if (kept === "duplicate") throw new AlreadyAnsweredError({ runId, question });
    if (kept === "unknown") throw new UnknownRunError({ runId });
  }

  /** The open questions. A question whose answer is kept already is left out. */
  async list(orchestration: AnyOrchestration, runId: string): Promise<readonly OpenQuestion[]> {
    const { folded } = await this.#runs.read(orchestration, runId);
    const answered = new Set((await this.#store.answers(runId)).map(({ questionId }) => questionId));
    return openQuestions(folded)
      .filter(({ id }) => !answered.has(id))
      .map(plainQuestion);
  }
}

/** A question as those see it who answer. */
export function plainQuestion({ id, path, prompt, askedAt }: StoredQuestion): OpenQuestion {
  return { id, path, prompt, askedAt };
}
