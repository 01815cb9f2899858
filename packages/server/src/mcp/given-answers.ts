import { isOrchError } from "@orch/core";
import { isObject, type JsonObject } from "../reply/json-object.ts";
import { questionText } from "../reply/question-text.ts";
import type { DoorCall } from "../words/door.ts";
import type { PublicQuestion } from "../words/public-run.ts";
import { questionForm, takesYesOrNo } from "./question-form.ts";

/** What became of the answers of a client. */
export interface GivenAnswers {
  /** The questions that are answered now, by this client or by somebody else. */
  readonly answered: readonly string[];
  /** The questions that the person did not want to answer, or left. */
  readonly declined: readonly string[];
  /** Why an answer was not taken, by its question. */
  readonly refused: { readonly [question: string]: string };
}

/** Answers the questions of a run with what a client's forms hold, by the ids of the questions. Other ids are passed over. */
export async function giveAnswers(
  { runs }: Pick<DoorCall, "runs">,
  run: string,
  questions: readonly PublicQuestion[],
  given: JsonObject,
): Promise<GivenAnswers> {
  const answered: string[] = [];
  const declined: string[] = [];
  const refused: { [question: string]: string } = {};
  for (const question of questions) {
    const filled = given[question.question];
    if (!isObject(filled)) continue;
    const value = answerIn(filled, question);
    if (value === DECLINED) {
      declined.push(question.question);
      continue;
    }
    try {
      await runs.answer(run, question.question, value);
      answered.push(question.question);
    } catch (error) {
      if (isOrchError(error, "ORCH_INVALID_ANSWER")) refused[question.question] = error.message;
      else if (isOrchError(error, "ORCH_ALREADY_ANSWERED") || isOrchError(error, "ORCH_QUESTION_CLOSED"))
        answered.push(question.question);
      else throw error;
    }
  }
  return { answered, declined, refused };
}

const DECLINED: unique symbol = Symbol("declined");

/** The answer in a filled form. To decline a yes or no is to say no; to leave a form is no answer. */
function answerIn({ action, content }: JsonObject, { prompt, schema }: PublicQuestion): unknown {
  if (action === "accept") return questionForm(questionText(prompt), schema).read(content);
  return action === "decline" && schema !== undefined && takesYesOrNo(schema) ? false : DECLINED;
}
