/**
 * A run in the words of the protocol.
 *
 * Source: https://a2a-protocol.org/v1.0.1/spec/a2a.proto
 */
import type { Json } from "@orch/core";
import { questionText } from "../reply/question-text.ts";
import type { OpenPublicQuestion, ReplyEnd } from "../reply/reply-piece.ts";
import type { PublicRunPicture } from "../words/public-run.ts";
import { contextOf } from "./task-id.ts";

/** Where a task is. */
export type A2aState =
  | "TASK_STATE_SUBMITTED"
  | "TASK_STATE_WORKING"
  | "TASK_STATE_INPUT_REQUIRED"
  | "TASK_STATE_COMPLETED"
  | "TASK_STATE_FAILED"
  | "TASK_STATE_CANCELED";

/** What says where a run is. */
export interface AskingRun extends Pick<PublicRunPicture, "status"> {
  /** What it asks now. */
  readonly questions: readonly unknown[];
}

/** The status of a run, as one of a task. A run that waits for a signal works. */
export function taskState({ status, questions }: AskingRun): A2aState {
  if (status === "completed") return "TASK_STATE_COMPLETED";
  if (status === "failed") return "TASK_STATE_FAILED";
  if (status === "cancelled") return "TASK_STATE_CANCELED";
  if (status === "queued") return "TASK_STATE_SUBMITTED";
  return status === "waiting" && questions.length > 0 ? "TASK_STATE_INPUT_REQUIRED" : "TASK_STATE_WORKING";
}

/** Tells whether a task goes on no more. */
export function isEnded(state: A2aState): boolean {
  return state === "TASK_STATE_COMPLETED" || state === "TASK_STATE_FAILED" || state === "TASK_STATE_CANCELED";
}

/** The ids that all that is said of a run has. */
export function idsOf(run: string): { readonly taskId: string; readonly contextId: string } {
  return { taskId: run, contextId: contextOf(run) };
}

/** Words of the agent, or of the user. */
export function wordsOf(
  run: string,
  messageId: string,
  texts: readonly string[],
  options: { readonly role?: "ROLE_AGENT" | "ROLE_USER"; readonly metadata?: object } = {},
): object {
  const { role = "ROLE_AGENT", metadata } = options;
  const parts = texts.map((text) => ({ text, mediaType: "text/plain" }));
  return { messageId: `${run}.${messageId}`, ...idsOf(run), role, parts, ...(metadata && { metadata }) };
}

/** What a run asks: a text for each question, and in the metadata what an answer has to look like. */
export function askedWords(
  run: string,
  number: number,
  questions: readonly OpenPublicQuestion[],
  refused?: string,
): object {
  const texts = questions.map(({ question, prompt }) =>
    questions.length === 1 ? questionText(prompt) : `${question}: ${questionText(prompt)}`,
  );
  const asked = questions.map(({ question, prompt, schema }) => ({
    question,
    prompt,
    ...(schema && { schema }),
  }));
  const all = refused === undefined ? texts : [refused, ...texts];
  return wordsOf(run, `asked-${number}`, all, { metadata: { questions: asked } });
}

/** The status that the end of a reply leads to. */
export function endStatus(run: string, end: ReplyEnd, time: number, refused?: string): object {
  const timestamp = new Date(time).toISOString();
  const { status, number, error, reason, questions } = end;
  switch (status) {
    case "completed":
      return { state: "TASK_STATE_COMPLETED", timestamp };
    case "failed": {
      const { code = "ORCH_FAILED", message = "The run failed." } = error ?? {};
      const words = wordsOf(run, `failed-${number}`, [message], { metadata: { code } });
      return { state: "TASK_STATE_FAILED", timestamp, message: words };
    }
    case "cancelled": {
      const words = wordsOf(run, `cancelled-${number}`, [`Stopped: ${reason ?? "cancelled"}`]);
      return { state: "TASK_STATE_CANCELED", timestamp, message: words };
    }
    case "asked": {
      const message = askedWords(run, number, questions, refused);
      return { state: "TASK_STATE_INPUT_REQUIRED", timestamp, message };
    }
    case "parked":
      return { state: "TASK_STATE_WORKING", timestamp };
  }
}

/** What the output of a run is called among the artifacts of its task. */
const OUTPUT = "output";

/** The output as an artifact; `undefined` where there is none. */
export function outputArtifact(output: Json | undefined): object | undefined {
  if (output === undefined || output === null) return undefined;
  if (typeof output === "string") return textArtifact(output);
  return { artifactId: OUTPUT, name: OUTPUT, parts: [{ data: output, mediaType: "application/json" }] };
}

/** A text, or a piece of it, as the output. */
export function textArtifact(text: string): object {
  return { artifactId: OUTPUT, name: OUTPUT, parts: [{ text, mediaType: "text/plain" }] };
}
