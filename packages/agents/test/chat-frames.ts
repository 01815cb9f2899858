/** Scenes of the conformance suite as chunks of Chat Completions, in the ways in which servers write them. */
import type { SceneAnswer, SceneCall } from "@orch/testing/models";
import { DONE, unnamed } from "./hostile-server.ts";
import { pieces } from "./pieces.ts";
import type { Frames } from "./scenes.ts";

/** Where a server puts what the format leaves open. */
export interface ChatStyle {
  /** `pieces` is Mistral's way, in the content. */
  readonly reasoning: "reasoning_content" | "reasoning" | "tags" | "pieces";
  readonly usage: "chunk" | "end" | "choice" | "x_groq";
  /** Chunks before the first word. */
  readonly first?: readonly object[];
}

const PLAIN: ChatStyle = { reasoning: "reasoning_content", usage: "chunk" };
const BASE = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1_700_000_000, model: "m" };

/** Writes one answer. */
export function chatFrames(answer: SceneAnswer, _turn?: number, style: ChatStyle = PLAIN): Frames {
  const { reasoning, text, refusal, calls = [], usage, end, manner } = answer;
  const chunk = (delta: object, finish_reason: string | null = null, more: object = {}): string =>
    unnamed({ ...BASE, choices: [{ index: 0, delta, finish_reason }], ...more });
  const whole = calls.length > 0 ? "tool_calls" : "stop";
  const reason = { length: "length", filtered: "content_filter", unknown: "tired" }[end ?? "length"];
  const counted = usage && {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    prompt_tokens_details: { cached_tokens: usage.cacheRead ?? 0 },
    completion_tokens_details: { reasoning_tokens: usage.reasoning ?? 0 },
  };
  const thinks = manner === "tagged" ? "tags" : style.reasoning;
  return {
    content: [
      ...(style.first ?? []).map((one) => unnamed({ ...BASE, ...one })),
      chunk({ role: "assistant", content: "" }),
      ...thinking(reasoning ?? "", thinks).map((delta) => chunk(delta)),
      ...pieces(text ?? "").map((piece) => chunk({ content: piece })),
      ...pieces(refusal ?? "").map((piece) => chunk({ refusal: piece })),
      ...calls.flatMap((call, index) => callDeltas(call, index, manner)).map((delta) => chunk(delta)),
    ],
    ending: [
      ending(end === undefined ? whole : reason, counted, style.usage),
      ...(counted && style.usage === "chunk" ? [unnamed({ ...BASE, choices: [], usage: counted })] : []),
      DONE,
    ],
    error: unnamed({ error: { message: "busy", type: "overloaded_error", code: null, param: null } }),
  };
}

function ending(finish_reason: string, counted: object | undefined, place: ChatStyle["usage"]): string {
  const choice = { index: 0, delta: {}, finish_reason, ...(place === "choice" && { usage: counted }) };
  const more =
    place === "end" ? { usage: counted } : place === "x_groq" ? { x_groq: { usage: counted } } : {};
  return unnamed({ ...BASE, choices: [choice], ...(counted && more) });
}

function thinking(text: string, style: ChatStyle["reasoning"]): readonly object[] {
  if (text === "") return [];
  if (style === "tags") return pieces(`<think>${text}</think>\n\n`).map((content) => ({ content }));
  if (style !== "pieces") return pieces(text).map((piece) => ({ [style]: piece }));
  return pieces(text).map((piece) => ({
    content: [{ type: "thinking", thinking: [{ type: "text", text: piece }] }],
  }));
}

function callDeltas(
  { id, name, rawInput }: SceneCall,
  index: number,
  manner: SceneAnswer["manner"],
): object[] {
  const delta = (said: object, more: object = {}): object => ({
    tool_calls: [{ index, ...more, function: said }],
  });
  const named = { id, type: "function" };
  const cut = pieces(rawInput);
  const args = cut.map((piece, at) =>
    delta({ arguments: manner === "snapshots" ? cut.slice(0, at + 1).join("") : piece }),
  );
  if (manner === "late-names") return [delta({ arguments: "" }, named), ...args, delta({ name })];
  return [delta({ name, arguments: manner === "placeholder" ? "{}" : "" }, named), ...args];
}
