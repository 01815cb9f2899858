/**
 * One poisoned part of each kind in a conversation with each adapter and preset, refused in the words of several servers: this turn and the next one
 * answer. `cases/healing.test.ts` has the same in detail for one preset.
 */
import { describe, expect, onTestFinished, test } from "vitest";
import { budget, figure, takes } from "../../../../scripts/lanes.ts";
import { agent } from "../../src/agent/agent.ts";
import { runAgent } from "../../src/run/runner.ts";
import {
  type AssistantMessage,
  type FilePart,
  type Message,
  type Opaque,
  userMessage,
} from "../../src/words/message.ts";
import type { Model } from "../../src/words/model.ts";
import { targets, type WalkTarget } from "./targets.ts";
import { CALM, walkServer } from "./walk-server.ts";

interface Poison {
  readonly kind: string;
  /** What a body holds that has the poison in it. */
  readonly mark: RegExp;
  /** How servers say that they do not take it. */
  readonly words: readonly string[];
  readonly history: (model: Model) => readonly Message[];
}

const picture: FilePart = { type: "file", mediaType: "image/png", data: "AAAABBBB", name: "odd.png" };
const pdf: FilePart = { type: "file", mediaType: "application/pdf", data: "UE9JU09O", name: "p.pdf" };

function said({ id }: Model, ...content: AssistantMessage["content"]): AssistantMessage {
  const calls = content.some(({ type }) => type === "tool-call");
  return { role: "assistant", origin: id, finish: { reason: calls ? "tool-calls" : "stop" }, content };
}

const call = {
  type: "tool-call",
  id: "call_1",
  name: "view",
  rawInput: '{"p":"POISON"}',
  input: { p: "POISON" },
} as const;
const result = (output: string | readonly FilePart[]): Message => ({
  role: "tool",
  content: [{ type: "tool-result", id: "call_1", name: "view", output }],
});
const shown = (...content: readonly FilePart[]): Message => ({
  role: "user",
  content: [{ type: "text", text: "See." }, ...content],
});

/** What each wire format keeps with thinking. */
function thoughtOf({ id }: Model): Opaque {
  switch (id.api) {
    case "responses":
      return {
        type: "reasoning",
        id: "rs_poison",
        summary: [{ type: "summary_text", text: "POISON-THOUGHT" }],
        encrypted_content: "POISON-SIG",
      };
    case "messages":
      return { signature: "POISON-SIG" };
    case "ai-sdk":
      return {
        metadata: {
          openai: { itemId: "rs_poison", reasoningEncryptedContent: "POISON-SIG" },
          anthropic: { signature: "POISON-SIG" },
        },
      };
    default:
      return { field: "reasoning_content" };
  }
}

const POISONS: readonly Poison[] = [
  {
    kind: "a picture",
    mark: /AAAABBBB/,
    words: [
      "Could not process image",
      "You uploaded an unsupported image. Please make sure your image is valid.",
      "Failed to load image: cannot identify image file",
      "image dimensions exceed max allowed size: 8000 pixels",
    ],
    history: () => [shown(picture)],
  },
  {
    kind: "a picture in a result",
    mark: /AAAABBBB/,
    words: [
      "messages.2.content.0.tool_result.content.0.image.source.base64: the image was specified wrongly",
      "Invalid 'input[2].output[0].image_url': expected a base64-encoded data URL",
      "this model does not support image input",
    ],
    history: (model) => [userMessage("See."), said(model, call), result([picture])],
  },
  {
    kind: "a document",
    mark: /UE9JU09O/,
    words: [
      "The PDF specified was not valid.",
      "Invalid file data: could not parse document",
      "messages.0.content.1.document.source: file is password protected",
    ],
    history: () => [shown(pdf)],
  },
  {
    kind: "thinking",
    mark: /POISON-SIG|POISON-THOUGHT/,
    words: [
      "messages.1.content.0: Invalid `signature` in `thinking` block",
      "The encrypted content could not be verified.",
      "Item 'rs_poison' of type 'reasoning' was provided without its required following item.",
      "reasoning_content is not supported in input messages",
    ],
    history: (model) => [
      userMessage("Go."),
      said(
        model,
        { type: "reasoning", text: "POISON-THOUGHT", opaque: thoughtOf(model) },
        { type: "text", text: "Well." },
      ),
    ],
  },
  {
    kind: "a call of a tool",
    mark: /"(?:tool_calls|tool_use|function_call)"/,
    words: [
      "Function call is missing a thought_signature in functionCall parts.",
      "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'.",
      "messages.1: `tool_use` ids were found without `tool_result` blocks immediately after",
      "No tool call found for function call output with call_id call_1.",
    ],
    history: (model) => [userMessage("Go."), said(model, call), result("page")],
  },
  {
    kind: "a control character",
    mark: /\\u0000/,
    words: [
      "invalid character: null byte in string",
      "The request body is not valid JSON: unsupported Unicode escape sequence",
      "text contains illegal character U+0000: invalid UTF-8",
    ],
    history: () => [userMessage("a \u0000 b")],
  },
  {
    kind: "a control character in a result",
    mark: /\\u0001/,
    words: [
      "text contains invalid unicode: control character",
      "invalid character in string literal, expected valid JSON",
      "illegal character in tool message",
    ],
    history: (model) => [userMessage("Go."), said(model, call), result("a \u0001 b")],
  },
  {
    kind: "something that is not named",
    mark: /AAAABBBB/,
    words: ["Bad Request", "Invalid argument", "Request contains an invalid argument."],
    history: () => [shown(picture)],
  },
];

const CASES = targets.flatMap((target) =>
  POISONS.flatMap((poison) => poison.words.map((words) => ({ target, poison, words }))),
);
const every = budget("poisonedEvery");
const counted = { poisoned: 0, answered: 0, without: 0 };

/** Whether this turn and the next one answer; `undefined` where the target sends no such part. */
async function heals(
  target: WalkTarget,
  { mark, history }: Poison,
  words: string,
): Promise<string | undefined> {
  const server = await walkServer(target, 0, {
    signed: new Map([["POISON-SIG", "POISON-THOUGHT"]]),
    ran: new Map(),
  });
  onTestFinished(server.close);
  server.mood = { ...CALM, dislikes: [{ mark, message: words }] };
  const model = target.model(server.url);
  const one = agent({ name: "a", model });
  const first = await runAgent(one, [...history(model), userMessage("And?")]);
  const met =
    first.warnings.some((warning) => warning.includes("The call is made again")) ||
    first.stopReason !== "done";
  const [illegal] = server.illegal;
  if (illegal !== undefined) return `an illegal body: ${illegal.problems.join("; ")}`;
  if (!met) return undefined;
  if (first.stopReason !== "done") return `this turn: ${first.failure?.message ?? first.stopReason}`;
  const next = await runAgent(one, [...first.messages, userMessage("So?")]);
  if (next.stopReason !== "done") return `the next turn: ${next.failure?.message ?? next.stopReason}`;
  // As after a restart: plain data, and a model that remembers nothing.
  const kept = JSON.parse(JSON.stringify(first.messages)) as readonly Message[];
  const later = await runAgent(agent({ name: "a", model: target.model(server.url) }), [
    ...kept,
    userMessage("So?"),
  ]);
  return later.stopReason === "done" ? "" : `after a restart: ${later.failure?.message ?? later.stopReason}`;
}

describe("bar 1: one poisoned part of each kind, each adapter and preset, in the words of several servers", () => {
  for (const target of targets) {
    test(`${target.name}: this turn and the next one answer`, async () => {
      const dead: string[] = [];
      for (const [at, one] of CASES.entries()) {
        if (one.target !== target || !takes(at, every)) continue;
        const end = await heals(target, one.poison, one.words);
        if (end === undefined) counted.without += 1;
        else counted.poisoned += 1;
        if (end === "") counted.answered += 1;
        else if (end !== undefined) dead.push(`${one.poison.kind} (${one.words}): ${end}`);
      }
      expect(dead).toEqual([]);
    });
  }

  test("is counted", () => {
    const { poisoned, answered, without } = counted;
    figure(
      `poison suite: ${answered} of ${poisoned} poisoned conversations answer, ${targets.length} adapters and presets, ${POISONS.length} kinds in 3 or 4 wordings; ${without} parts that a target never sends`,
    );
    expect(answered).toBe(poisoned);
    expect(poisoned).toBeGreaterThan(without);
  });
});
