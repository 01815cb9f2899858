import type { Activation } from "../kernel/activation.ts";
import { closedBy } from "../kernel/closed-by.ts";
import type { WaitNode } from "../kernel/node.ts";
import type { QuestionEnds } from "../run/question-ends.ts";
import type { Folded } from "./folded.ts";
import { askedBy, isEnding } from "./open-questions.ts";

/** An operation ends while a journal is folded: it is the answer of a question state, or what it asks is closed. */
export function endQuestions(operation: Activation, ends: QuestionEnds, error?: Error): void {
  const asks = (operation.node as WaitNode | undefined)?.question !== undefined;
  if (!asks && operation.attached === undefined) return;
  if (asks && error === undefined && operation.reason === undefined) ends.answered(operation.path);
  else if (asks) ends.closed(operation.path, closedBy(operation, error));
  for (const { id } of askedBy(operation)) ends.closed(id, closedBy(operation, error));
}

/** Closes what a run asks that has ended, or is being stopped, and what is asked in the parts of it that are. */
export function closeQuestions({ run, open }: Pick<Folded, "run" | "open">, ends: QuestionEnds): void {
  const { root, ended } = run;
  if (isEnding(root)) endQuestions(root, ends, ended?.kind === "failed" ? ended.error : undefined);
  for (const operation of open.values()) if (isEnding(operation)) endQuestions(operation, ends);
}
