/**
 * A run as a task.
 *
 * Sources: https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/tasks and
 * https://modelcontextprotocol.io/extensions/tasks (the extension of 2026).
 */
import { questionText } from "../reply/question-text.ts";
import type { OpenPublicQuestion } from "../reply/reply-piece.ts";
import type { PublicRunPicture } from "../words/public-run.ts";
import { questionForm } from "./question-form.ts";

/** How often a client should ask, in milliseconds. */
const POLL = 1000;

/** Where a task is. */
export type TaskStatus = "working" | "input_required" | "completed" | "failed" | "cancelled";

/** The status of a run, as one of a task. What failed in the program's own code is a result; what failed in the engine is not. */
export function taskStatus({
  status,
  questions,
}: Pick<PublicRunPicture, "status" | "questions">): TaskStatus {
  if (status === "completed" || status === "failed" || status === "cancelled") return status;
  return status === "waiting" && questions.length > 0 ? "input_required" : "working";
}

/** A task in the words of the extension of 2026. It is kept as long as its run is. */
export function taskObject(
  picture: PublicRunPicture,
  status: TaskStatus,
): { readonly [field: string]: unknown } {
  return { ...common(picture, status), ttlMs: null, pollIntervalMs: POLL };
}

/** A task in the words of 2025. */
export function earlierTask(picture: PublicRunPicture, status: TaskStatus): object {
  return { ...common(picture, status), ttl: null, pollInterval: POLL };
}

function common({ run, startedAt, updatedAt, open }: PublicRunPicture, status: TaskStatus): object {
  const states = [...new Set(open.map(({ state }) => state))].join(", ");
  return {
    taskId: run,
    status,
    ...(states !== "" && { statusMessage: states }),
    createdAt: new Date(startedAt).toISOString(),
    lastUpdatedAt: new Date(updatedAt).toISOString(),
  };
}

/** Short keys for questions, and the ids that they stand for: the names of the states that ask, where these are different. */
export function questionKeys(questions: readonly OpenPublicQuestion[]): { readonly [key: string]: string } {
  const named = questions.map(
    ({ question }) => [/([^/#]+)(?:#\d+)?$/.exec(question)?.[1] ?? question, question] as const,
  );
  const isClear = new Set(named.map(([key]) => key)).size === named.length;
  return Object.fromEntries(isClear ? named : questions.map(({ question }) => [question, question]));
}

/** What a client has to ask a person, by keys; by the ids of the questions without them. */
export function inputRequests(
  questions: readonly OpenPublicQuestion[],
  keys: { readonly [key: string]: string } = Object.fromEntries(
    questions.map(({ question: id }) => [id, id]),
  ),
): object {
  const requests = Object.entries(keys).flatMap(([key, id]) => {
    const asked = questions.find(({ question }) => question === id);
    if (asked === undefined) return [];
    const { message, requestedSchema } = questionForm(questionText(asked.prompt), asked.schema);
    return [
      [key, { method: "elicitation/create", params: { mode: "form", message, requestedSchema } }] as const,
    ];
  });
  return Object.fromEntries(requests);
}
