/**
 * The objects of the responses API.
 *
 * Source: https://platform.openai.com/docs/api-reference/responses/object
 */
import type { ReplyPlace } from "../reply/reply-place.ts";
import type { PublicUsage } from "../words/public-event.ts";
import type { FailureBody } from "./reply-failure.ts";

/** What a response says from its beginning on. */
export interface ResponseHead {
  readonly id: string;
  /** Seconds since the epoch. */
  readonly created: number;
  readonly model: string;
  readonly place: ReplyPlace;
  readonly previous?: string;
  readonly conversation?: string;
  readonly background: boolean;
}

/** How far a response is. */
export interface ResponseState {
  readonly status: "in_progress" | "completed" | "failed" | "cancelled" | "incomplete";
  readonly output: readonly ResponseItem[];
  readonly error?: FailureBody;
  readonly usage?: PublicUsage;
  /** The questions that the run waits for. */
  readonly questions?: readonly string[];
}

/** A message, or what was said beside it. */
export type ResponseItem =
  | {
      readonly type: "message";
      readonly id: string;
      readonly role: "assistant";
      readonly status: "in_progress" | "completed" | "incomplete";
      readonly content: readonly object[];
    }
  | {
      readonly type: "reasoning";
      readonly id: string;
      readonly status: "in_progress" | "completed" | "incomplete";
      readonly summary: readonly object[];
    };

/** A response as it stands. */
export function responseObject(head: ResponseHead, state: ResponseState): object {
  const { id, created, model, previous, conversation, background } = head;
  const { status, output, error, usage } = state;
  return {
    ...{ id, object: "response", created_at: created, status, background, model, output },
    error: error === undefined ? null : { code: error.code, message: error.message },
    incomplete_details: null,
    ...{ instructions: null, max_output_tokens: null, max_tool_calls: null, parallel_tool_calls: false },
    previous_response_id: previous ?? null,
    ...(conversation !== undefined && { conversation: { id: conversation } }),
    ...{ reasoning: { effort: null, summary: null }, store: true, temperature: null, top_p: null },
    ...{ text: { format: { type: "text" } }, tool_choice: "auto", tools: [], truncation: "disabled" },
    usage: usage === undefined ? null : responseUsage(usage),
    ...{ user: null, metadata: responseMetadata(head.place, state) },
  };
}

/** An output text of a message. */
export function outputPart(text: string): object {
  return { type: "output_text", text, annotations: [], logprobs: [] };
}

/** Where the run is, for programs that look it up elsewhere. */
function responseMetadata(place: ReplyPlace, { questions = [] }: ResponseState): object {
  const where = place.kind === "run" ? { run: place.run } : { session: place.session, turn: place.turn };
  return { ...where, ...(questions.length > 0 && { questions: JSON.stringify(questions).slice(0, 512) }) };
}

function responseUsage({ inputTokens = 0, outputTokens = 0 }: PublicUsage): object {
  return {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: inputTokens + outputTokens,
  };
}
