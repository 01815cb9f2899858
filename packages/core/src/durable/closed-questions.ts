import type { Activation } from "../kernel/activation.ts";
import { closedBy } from "../kernel/closed-by.ts";
import type { WaitNode } from "../kernel/node.ts";
import type { QuestionEnds } from "../run/question-ends.ts";
import { askedBy } from "./open-questions.ts";

/** An operation ends while a journal is folded: what it asks and has no answer is closed. */
export function closeQuestions(operation: Activation, ends: QuestionEnds, error?: Error): void {
  const asks = (operation.node as WaitNode | undefined)?.question !== undefined;
  if (!asks && operation.attached === undefined) return;
  if (asks) ends.closed(operation.path, closedBy(operation, error));
  for (const { id } of askedBy(operation)) ends.closed(id, closedBy(operation, error));
}
