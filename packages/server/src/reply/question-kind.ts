/** What a question asks for, and which value an approval gives it. */
import { askedCall } from "@orch/agents";
import type { Json, JsonSchema } from "@orch/core";

/** A question, from its event or from a list. */
export interface AskedQuestion {
  readonly question: string;
  readonly path: string;
  readonly prompt: Json;
  readonly schema?: JsonSchema;
}

/** `call`: may this tool run? `yes-or-no`: a boolean. `form`: a value of any other form. */
export type QuestionKind =
  | { readonly type: "call"; readonly tool: string; readonly input: Json }
  | { readonly type: "yes-or-no" }
  | { readonly type: "form" };

/** Says what a question asks for. */
export function questionKind({ question: id, prompt, schema }: AskedQuestion): QuestionKind {
  const call = askedCall({ id, prompt, schema });
  if (call !== undefined) return { type: "call", tool: call.tool, input: call.input };
  return { type: schema?.["type"] === "boolean" ? "yes-or-no" : "form" };
}

/** What the user said to an approval. */
export interface UiApproval {
  readonly approved: boolean;
  readonly reason?: string;
}

/** The answer that an approval gives to a question. */
export function answerOf(kind: QuestionKind["type"], { approved, reason }: UiApproval): Json {
  if (approved || kind !== "call" || reason === undefined || reason === "") return approved;
  return { deny: reason };
}

/** The approval that an answer to a question was. */
export function approvalOf(answer: unknown): UiApproval {
  if (typeof answer === "boolean") return { approved: answer };
  if (typeof answer === "object" && answer !== null && "deny" in answer) {
    return { approved: false, reason: String(answer.deny) };
  }
  return { approved: true };
}

/** A prompt as one line of text. */
export function promptText(prompt: Json): string {
  if (typeof prompt === "string") return prompt;
  const asked = typeof prompt === "object" && prompt !== null && "question" in prompt && prompt["question"];
  return typeof asked === "string" ? asked : JSON.stringify(prompt);
}
