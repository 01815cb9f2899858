import fc from "fast-check";
import { expect, test } from "vitest";
import { conversation, TARGETS } from "../../test/conversations.ts";
import type { Message } from "../words/message.ts";
import { leftOutFiles, normalize } from "./normalize.ts";
import { type CallIdRule, callIdRule, isLegalCallId } from "./tool-call-ids.ts";

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
        // A blank item of the provider goes back to it, because others may belong to it.
        const kept = part.type === "text" && part.opaque !== undefined;
        if ((part.type === "text" && !kept) || part.type === "refusal") expect(part.text.trim()).not.toBe("");
        if (part.type !== "file") continue;
        expect(message.role).toBe("user");
        expect(part.mediaType.startsWith("image/") ? caps.images : caps.files).toBe(true);
      }
    }
  },
);

holds("no file is left out without a word", (out, { messages, caps, target }) => {
  const left = JSON.stringify(out).includes("is left out: this model does not read it");
  const told = leftOutFiles(messages, target, caps);
  if (left) expect(told).not.toEqual([]);
  expect(new Set(told).size).toBe(told.length);
});

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
