import fc from "fast-check";
import { expect, test } from "vitest";
import type { AssistantPart, Message, Origin, ToolResultPart, UserMessage } from "./message.ts";
import type { FinishReason } from "./model.ts";
import { normalize } from "./normalize.ts";
import { type CallIdRule, callIdRule, isLegalCallId } from "./tool-call-ids.ts";

const TARGETS: readonly Origin[] = [
  { provider: "openai", api: "responses", model: "gpt" },
  { provider: "lab", api: "chat-completions", model: "small" },
  { provider: "anthropic", api: "messages", model: "claude" },
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
const opaque = fc.option(fc.constant({ signature: "s" }), { nil: undefined });
const call = fc.record({
  type: fc.constant("tool-call" as const),
  id: callId,
  name: fc.constantFrom("weather", "", "web.search", "z".repeat(70)),
  rawInput: fc.constant("{}"),
});
const reasoning = fc
  .record({ type: fc.constant("reasoning" as const), text: fc.constant("hm"), opaque })
  .map((part) => (part.opaque ? part : { type: part.type, text: part.text }) as AssistantPart);
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
      content: content.map(
        (part): AssistantPart =>
          signed && part.type === "tool-call" ? { ...part, opaque: { id: "fc" } } : part,
      ),
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
const conversation = fc.array(fc.oneof(system, user, assistant, assistant, toolTurn, toolTurn), {
  maxLength: 12,
});
const situation = fc.record({
  messages: conversation,
  target: fc.constantFrom(...TARGETS),
  caps: fc.record({ images: fc.boolean(), files: fc.boolean() }),
  nine: fc.boolean(),
});
type Situation = typeof situation extends fc.Arbitrary<infer T> ? T : never;

const ruleOf = ({ nine, target }: Situation): CallIdRule => (nine ? "nine" : callIdRule(target));
const normalized = (at: Situation): readonly Message[] =>
  normalize(at.messages, at.target, at.caps, ruleOf(at));

function holds(name: string, check: (out: readonly Message[], at: Situation) => void): void {
  test(name, () => {
    fc.assert(
      fc.property(situation, (at) => check(normalized(at), at)),
      { numRuns: 1_000 },
    );
  });
}

holds("normalizing twice is normalizing once", (out, at) => {
  expect(normalize(out, at.target, at.caps, ruleOf(at))).toEqual(out);
});

test("its input stays as it was", () => {
  fc.assert(
    fc.property(situation, (at) => {
      const before = structuredClone(at.messages);
      normalized(at);
      expect(at.messages).toEqual(before);
    }),
  );
});

holds("every call has exactly one result, right after its message and in order", (out) => {
  out.forEach((message, at) => {
    if (message.role === "tool") expect(out[at - 1]?.role).toBe("assistant");
    if (message.role !== "assistant") return;
    const calls = message.content.filter((part) => part.type === "tool-call").map((part) => part.id);
    const after = out[at + 1];
    const results = after?.role === "tool" ? after.content.map((part) => part.id) : [];
    expect(results).toEqual(calls);
  });
});

holds("ids are legal for the target and unique", (out, at) => {
  const ids = out.flatMap((message) =>
    message.role === "assistant"
      ? message.content.flatMap((part) => (part.type === "tool-call" ? [part.id] : []))
      : [],
  );
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(isLegalCallId(id, ruleOf(at)), id).toBe(true);
});

holds(
  "opaque data and reasoning go only to whom they came from, all of a message or nothing",
  (out, { target }) => {
    for (const message of out) {
      if (message.role !== "assistant") continue;
      const same = JSON.stringify(message.origin) === JSON.stringify(target);
      const cut = ["interrupted", "aborted", "error"].includes(message.finish.reason);
      for (const part of message.content) {
        if (!same || cut) {
          expect(part.type).not.toBe("reasoning");
          expect(part).not.toHaveProperty("opaque");
        }
        if (part.type === "reasoning") expect(part.opaque).toBeDefined();
      }
    }
  },
);

holds("reasoning stands only before what it led to", (out) => {
  for (const message of out) expect(message.content.at(-1)?.type).not.toBe("reasoning");
});

holds(
  "no blank text, no empty message and no file that the target does not read is left",
  (out, { caps }) => {
    for (const message of out) {
      expect(message.content.length).toBeGreaterThan(0);
      for (const part of message.content) {
        if (part.type === "text" || part.type === "refusal") expect(part.text.trim()).not.toBe("");
        if (part.type !== "file") continue;
        expect(message.role).toBe("user");
        expect(part.mediaType.startsWith("image/") ? caps.images : caps.files).toBe(true);
      }
    }
  },
);

holds("what is appended later changes nothing that was sent before", (out, at) => {
  const more: Message[] = [...at.messages, { role: "system", content: [{ type: "text", text: "more" }] }];
  expect(normalize(more, at.target, at.caps, ruleOf(at)).slice(0, out.length)).toEqual(out);
});

test("results that come late or twice find their call, and a missing one is told", () => {
  const origin = TARGETS[0]!;
  const call = (id: string) => ({
    type: "tool-call" as const,
    id,
    name: "weather",
    rawInput: "{}",
    input: {},
  });
  const result = (id: string, output: string) => ({
    type: "tool-result" as const,
    id,
    name: "weather",
    output,
  });
  const out = normalize(
    [
      { role: "assistant", content: [call("a|1"), call("b")], origin, finish: { reason: "tool-calls" } },
      { role: "user", content: [{ type: "text", text: "well?" }] },
      { role: "tool", content: [result("a|1", "first"), result("a|1", "second"), result("zzz", "orphan")] },
    ],
    TARGETS[2]!,
    { images: true, files: true },
  );
  expect(out.map((message) => message.role)).toEqual(["assistant", "tool", "user"]);
  expect(out[1]?.content).toMatchObject([{ output: "first" }, { id: "b", isError: true }]);
});
