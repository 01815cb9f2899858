/** Random conversations, as they may come from any provider, from a store or from another program. */
import fc from "fast-check";
import type {
  AssistantPart,
  Message,
  Opaque,
  Origin,
  ToolResultPart,
  UserMessage,
} from "../src/words/message.ts";
import type { FinishReason } from "../src/words/model.ts";

/** A model on each of the wire formats. */
export const TARGETS: readonly Origin[] = [
  { provider: "openai", api: "responses", model: "gpt" },
  { provider: "lab", api: "chat-completions", model: "small" },
  { provider: "anthropic", api: "messages", model: "claude" },
  { provider: "openai.responses", api: "ai-sdk", model: "gpt" },
];

const text = fc.record({ type: fc.constant("text" as const), text: fc.constantFrom("", " ", "hello", "ok") });
const refusal = fc.record({ type: fc.constant("refusal" as const), text: fc.constantFrom("", "no") });
const file = fc.record({
  type: fc.constant("file" as const),
  mediaType: fc.constantFrom("image/png", "application/pdf"),
  data: fc.constant("AAAA"),
});
// Few ids, so that they clash; some of them no provider takes.
const callId = fc.constantFrom(
  "",
  "call_0",
  "call_1",
  "call|fc_1",
  "tool:9.x",
  "abcDEF123",
  "x".repeat(50),
  "y".repeat(80),
);
const opaque = fc.option(fc.constant({ kept: true }), { nil: undefined });
const call = fc.record({
  type: fc.constant("tool-call" as const),
  id: callId,
  name: fc.constantFrom("weather", "", "web.search", "z".repeat(70)),
  rawInput: fc.constantFrom("{}", '{"city":"Oslo"}', "", '{"ci', "[1]"),
});
const reasoning = fc
  .record({ type: fc.constant("reasoning" as const), text: fc.constant("hm"), opaque })
  .map((part) => (part.opaque ? part : { type: part.type, text: part.text }) as AssistantPart);
/** What each wire format keeps with a part. */
function keptBy(origin: Origin, part: AssistantPart, at: number, signed: boolean): AssistantPart {
  switch (part.type) {
    case "reasoning":
      return part.opaque === undefined ? part : { ...part, opaque: REASONING[origin.api]!(at) };
    case "text":
      return signed && origin.api === "responses" ? { ...part, opaque: { id: `msg_${at}` } } : part;
    case "tool-call":
      return signed && origin.api === "responses" ? { ...part, opaque: { id: `fc_${at}` } } : part;
    default:
      return part;
  }
}

const REASONING: { readonly [api: string]: (at: number) => Opaque } = {
  responses: (at) => ({ type: "reasoning", id: `rs_${at}`, summary: [], encrypted_content: "enc" }),
  "chat-completions": () => ({ field: "reasoning_content" }),
  messages: () => ({ signature: "sig" }),
  "ai-sdk": () => ({ metadata: { openai: { itemId: "rs_1", reasoningEncryptedContent: "enc" } } }),
};

const assistant = fc
  .record({
    content: fc.array(fc.oneof(text, refusal, call, reasoning, file), { maxLength: 4 }),
    origin: fc.constantFrom(...TARGETS),
    reason: fc.constantFrom<FinishReason>("stop", "tool-calls", "length", "interrupted", "aborted", "error"),
    signed: fc.boolean(),
  })
  .map(
    ({ content, origin, reason, signed }): Message => ({
      role: "assistant",
      content: content.map((part, at) => keptBy(origin, part, at, signed)),
      origin,
      finish: { reason },
    }),
  );
const result = fc.record({
  id: callId,
  output: fc.oneof(fc.constant("21C"), fc.array(fc.oneof(text, file), { maxLength: 2 })),
});
const toolTurn = fc.array(result, { maxLength: 3 }).map(
  (results): Message => ({
    role: "tool",
    content: results.map((one): ToolResultPart => ({ type: "tool-result", name: "weather", ...one })),
  }),
);
const user = fc
  .tuple(fc.array(fc.oneof(text, file), { maxLength: 2 }), fc.boolean())
  .map(
    ([content, cache]): UserMessage => ({ role: "user", content, ...(cache && { cache: true as const }) }),
  );
const system = fc.array(text, { maxLength: 2 }).map((content): Message => ({ role: "system", content }));
/** Conversations of any providers, with all that can be wrong with one. */
export const conversation: fc.Arbitrary<readonly Message[]> = fc.array(
  fc.oneof(system, user, assistant, assistant, toolTurn, toolTurn),
  {
    maxLength: 12,
  },
);
