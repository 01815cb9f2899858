/** One run of a target: its questions are answered, and what it did is read. */
import type { Clock, OpenQuestion, Orchestration, Run } from "@orch/core";
import type { EvalOutcome } from "./eval-outcome.ts";
import { OutcomeReader } from "./outcome-reader.ts";

/** Answers a question, or gives `undefined` where nobody does. */
export type EvalAnswerer = (question: OpenQuestion) => unknown;

/** How a trial is run. */
export interface TrialOptions {
  readonly answer: EvalAnswerer;
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock | undefined;
}

/** What a trial gave. */
export interface TrialRun {
  readonly reader: OutcomeReader;
  readonly outcome: EvalOutcome;
  /** Questions that nobody answered; the run was stopped when it could not go on without them. */
  readonly unanswered: readonly string[];
}

/** Runs to the end, or until the run waits for a question that nobody answers. */
export async function runTrial(
  target: Orchestration<unknown, unknown>,
  input: unknown,
  { answer, signal, clock }: TrialOptions,
): Promise<TrialRun> {
  const reader = new OutcomeReader();
  const desk = new AnswerDesk(answer);
  const run = target.start(input, {
    onEvent: (event) => {
      reader.take(event);
      // Heard while the run takes its step, which an answer has to come after.
      if (event.type === "question.asked")
        void Promise.resolve().then(() => desk.answer(run, event.question));
      if (event.type === "run.waiting") void Promise.resolve().then(() => desk.stop(run));
    },
    onUnheard: false,
    ...(signal && { signal }),
    ...(clock && { clock }),
  });
  await run.result.catch(() => {});
  const { outcome } = reader;
  return {
    reader,
    outcome: desk.stopped ? { ...outcome, status: "waiting" } : outcome,
    unanswered: [...desk.unanswered],
  };
}

/** Gives the answers that there are, and stops a run that waits for others. */
class AnswerDesk {
  readonly unanswered = new Set<string>();
  stopped = false;
  readonly #answer: EvalAnswerer;

  constructor(answer: EvalAnswerer) {
    this.#answer = answer;
  }

  async answer(run: Run<unknown>, id: string): Promise<void> {
    const question = run.questions.find((open) => open.id === id);
    if (question === undefined) return;
    const given = this.#answer(question);
    // An answer that does not fit any more, as when the schema has changed, is none.
    const taken =
      given !== undefined &&
      (await run.answer(id, given).then(
        () => true,
        () => false,
      ));
    if (taken) return;
    this.unanswered.add(id);
    await this.stop(run);
  }

  async stop(run: Run<unknown>): Promise<void> {
    // What a timer ends goes on by itself, and what has an answer on its way goes on with it.
    if (run.status !== "waiting" || !run.questions.every(({ id }) => this.unanswered.has(id))) return;
    this.stopped = true;
    await run.cancel("nobody answers the question");
  }
}
