import { messageOf } from "../errors/message-of.ts";
import type { Closed, ClosedBy } from "../errors/question-closed-error.ts";
import { fieldOf } from "../platform/field-of.ts";
import type { Activation } from "./activation.ts";

/** Codes of failures that say by themselves what closed a question. */
const BY_CODE: ReadonlyMap<unknown, ClosedBy> = new Map([
  ["ORCH_TIMEOUT", "timeout"],
  ["ORCH_DEADLINE", "deadline"],
  ["ORCH_BUDGET", "budget"],
]);

/** What closes the questions of an operation that is stopped, or that ended with `error` while it asked. */
export function closedBy(operation: Activation, error?: unknown): Closed {
  const stopped = stoppedBy(operation);
  if (stopped !== undefined) return stopped;
  if (error === undefined)
    return { by: "ended", reason: `"${operation.runnable.id}" ended without the answer` };
  return { by: BY_CODE.get(fieldOf(error, "code")) ?? "ended", reason: reasonIn(error) };
}

/** What stopped the innermost activation around it that was stopped. */
function stoppedBy(operation: Activation): Closed | undefined {
  for (let at: Activation | undefined = operation; at !== undefined; at = at.parent) {
    const { aborted } = at;
    if (aborted === undefined) continue;
    const closing = at.frame?.closing;
    const reason = reasonIn(closing?.kind === "failed" ? closing.error : aborted);
    if (closing === undefined || closing.kind === "cancelled") return { by: "cancelled", reason };
    if (closing.kind === "completed") return { by: "race", reason };
    return { by: BY_CODE.get(fieldOf(closing.error, "code")) ?? "failure", reason };
  }
  return undefined;
}

/** The first sentence of an error; of a cancellation the reason as it was given. */
function reasonIn(error: unknown): string {
  const given = fieldOf(fieldOf(error, "facts"), "reason");
  if (typeof given === "string") return given;
  return messageOf(error);
}
