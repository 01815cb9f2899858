/** `orch answer`: a person's words for a question, taken by the process that drives the run, or kept for the next one. */
import { isOrchError } from "@orch/core";
import { describeIssues } from "@orch/core/doors";
import { AnswerUnfitError } from "../errors/answer-unfit-error.ts";
import { answerWith } from "../sessions/open-questions.ts";
import { wantedBy } from "../sessions/wanted-by.ts";
import type { Setup } from "../setup/compose.ts";
import type { FolderRuns, WaitingQuestion } from "./folder-runs.ts";
import { definitionOf } from "./run-code.ts";
import { typedAnswer } from "./typed-answer.ts";

/** What became of an answer. */
export interface Answered {
  readonly value: unknown;
  /** The process that goes on with it; absent where the answer is kept until somebody does. */
  readonly driver?: string;
}

/**
 * Gives a typed text as the answer to a question.
 *
 * @throws what the run says to it: an answer that does not fit, or that came too late; and what loading its code throws
 * where no process drives the run.
 */
export async function answerQuestion(
  asked: WaitingQuestion,
  text: string,
  runs: FolderRuns,
  setup: Setup,
): Promise<Answered> {
  try {
    return await answered(asked, text, runs, setup);
  } catch (error) {
    if (!isOrchError(error, "ORCH_INVALID_ANSWER")) throw error;
    // The run knows the question by its path, and who answers by its name.
    const { name, question } = asked;
    const wanted = question.schema === undefined ? "a value that fits" : wantedBy(question.schema);
    const problem = describeIssues(error.facts.issues);
    throw new AnswerUnfitError({ question: name, wanted, problem }, { cause: error });
  }
}

async function answered(
  { name, question, of }: WaitingQuestion,
  text: string,
  runs: FolderRuns,
  setup: Setup,
): Promise<Answered> {
  const { runId, holder } = of.run;
  let value: unknown;
  if (holder !== undefined) {
    try {
      await answerWith(text, (reading) => {
        value = reading;
        return runs.host.run(runId).answer(question.id, reading);
      });
      return { value, driver: holder.name };
    } catch (error) {
      // That process ended meanwhile.
      if (!isOrchError(error, "ORCH_RUN_STATE")) throw error;
    }
  }
  const code = await definitionOf(of, setup);
  const definition = "orchestration" in code ? code.orchestration : undefined;
  const kept = runs.host.run(runId, definition);
  const give = (reading: unknown): Promise<void> => {
    value = reading;
    return kept.answer(question.id, reading);
  };
  // Of a question state the definition knows the schema; of one on the way only the code in the middle of it.
  if (question.id === question.path) await answerWith(text, give);
  else await give(typedAnswer(text, name, question.schema));
  return { value };
}
