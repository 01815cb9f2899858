/** Hands the answers to interrupts to a turn or a run. */
import { isOrchError } from "@orch/core";
import { ServerRequestError } from "../errors/server-request-error.ts";
import { kindOf, type Narration } from "../reply/narration.ts";
import { questionKind } from "../reply/question-kind.ts";
import type { DoorCall } from "../words/door.ts";
import type { PublicQuestion } from "../words/public-run.ts";
import type { RunInput } from "./run-input.ts";

/** Answers of others that came first, or too late: the stream tells what counts. */
const SETTLED: readonly string[] = [
  "ORCH_ALREADY_ANSWERED",
  "ORCH_QUESTION_CLOSED",
  "ORCH_UNKNOWN_QUESTION",
  "ORCH_TURN_QUESTION",
];

/**
 * Answers each question that waits. An entry that is `cancelled` is a no where a yes or no is asked; says whether another question
 * was given up by it, for which there is no answer.
 *
 * @throws ServerRequestError when a question that waits has no entry, because a run of AG-UI goes on only with all of them.
 */
export async function answerInterrupts(
  call: DoorCall,
  name: string,
  narration: Narration,
  { thread, resume }: RunInput,
): Promise<boolean> {
  const questions = await openQuestions(call, name, thread);
  const missing = questions.filter(({ question }) => !resume.some((entry) => entry.question === question));
  if (missing.length > 0) {
    const ids = missing.map(({ question }) => `"${question}"`).join(", ");
    throw new ServerRequestError({
      problem: `its "resume" has no entry for ${ids}, and everything waits for all of them`,
    });
  }
  let isGivenUp = false;
  for (const { question, answer } of resume) {
    const asked = questions.find((one) => one.question === question);
    if (answer === undefined && asked !== undefined && questionKind(asked).type === "form") isGivenUp = true;
    else await settle(narration, question, answer === undefined ? false : answer.value);
  }
  return isGivenUp;
}

async function settle(narration: Narration, question: string, value: unknown): Promise<void> {
  try {
    await narration.answer(question, value);
  } catch (error) {
    if (!isOrchError(error) || !SETTLED.includes(error.code)) throw error;
  }
}

async function openQuestions(
  call: DoorCall,
  name: string,
  thread: string,
): Promise<readonly PublicQuestion[]> {
  const { runs, conversations } = call;
  if (kindOf(call, name) === "chat") return (await conversations.history(name, thread)).questions;
  return (await runs.describe(thread)).questions;
}
