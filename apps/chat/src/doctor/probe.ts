/** Small calls that show what a server can do. Each asks for a few words. */
import type { FinishEvent, Message, ModelRequest, ToolSpec } from "@orch/agents";
import { thinkingField } from "./thinking-field.ts";
import type { SeenCall } from "./wire-witness.ts";

/** What came of a probe. */
export interface ProbeResult {
  readonly finish: FinishEvent;
  readonly seen: SeenCall;
}

/** The results so far, by the name of the probe. */
export type ProbeResults = { readonly [name in ProbeName]?: ProbeResult };

/** The probes by name. */
export type ProbeName =
  | "text"
  | "stream"
  | "tool"
  | "parallel"
  | "result"
  | "structured"
  | "picture"
  | "thinking"
  | "replay"
  | "wrong name";

/** One small call. */
export interface Probe {
  readonly name: ProbeName;
  /** What it finds out, for people who are told beforehand. */
  readonly asks: string;
  /** Flags that are set for it, so that the server itself decides. */
  readonly compat?: (so: ProbeResults) => { readonly [flag: string]: unknown };
  readonly caps?: { readonly [cap: string]: unknown };
  /** Goes to a model that does not exist. */
  readonly wrongName?: true;
  readonly request: (so: ProbeResults) => Omit<ModelRequest, "signal">;
}

/** At most so many tokens; OpenAI takes no less than 16, and a model that thinks needs room for it. */
const FEW = 64;
const ROOM = 1_024;

/** A red picture of 16 pixels by 16. */
const RED =
  "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAGElEQVR4nGP4z8BAEiJN9aiGUQ1DSgMAcSf/AbZ4Y0QAAAAASUVORK5CYII=";

const CITY = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false,
};
const weather: ToolSpec = { name: "weather", description: "The weather of a city, now.", schema: CITY };
const answer = {
  name: "answer",
  schema: {
    type: "object",
    properties: { number: { type: "integer" } },
    required: ["number"],
    additionalProperties: false,
  },
};

/** The ten probes, in their order. */
export const PROBES: readonly Probe[] = [
  { name: "text", asks: "a word", request: () => ask("Answer with the one word: ready") },
  {
    name: "stream",
    asks: "numbers in pieces, with what they cost",
    compat: () => ({ usageInStream: true }),
    request: () => ask("Count from 1 to 12, with a space between."),
  },
  {
    name: "tool",
    asks: "a call of a tool",
    request: () => ({ ...ask("What is the weather in Oslo? Use the tool."), tools: [weather] }),
  },
  {
    name: "parallel",
    asks: "two calls at once",
    compat: () => ({ parallelToolCalls: true }),
    request: () => ({
      ...ask("What is the weather in Oslo and in Rome? Call the tool for both at once."),
      tools: [weather],
      parallelToolCalls: true,
    }),
  },
  {
    name: "result",
    asks: "the result of a tool goes back",
    request: ({ tool }) => ({ ...withResult(tool), tools: [weather] }),
  },
  {
    name: "structured",
    asks: "an answer that fits a schema",
    compat: () => ({ jsonSchema: "native" }),
    caps: { output: "native" },
    request: () => ({ ...ask("What is 6 times 7?"), output: answer }),
  },
  {
    name: "picture",
    asks: "a picture",
    caps: { images: true },
    request: () => ({
      ...ask(""),
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "Which colour is this? Answer with one word." },
            { type: "file", mediaType: "image/png", data: RED },
          ],
        },
      ],
    }),
  },
  {
    name: "thinking",
    asks: "thinking",
    compat: () => ({ reasoningEffort: true }),
    caps: { reasoning: true },
    request: () => ({
      ...ask("What is 17 times 23? Answer with the number."),
      reasoning: "low",
      maxOutputTokens: ROOM,
    }),
  },
  {
    name: "replay",
    asks: "the thinking goes back",
    compat: (so) => {
      const thinking = thoughtOf(so);
      if (thinking === undefined) return {};
      const field = thinkingField(thinking.seen.received);
      const named = field === "reasoning_content" || field === "reasoning" ? { reasoningField: field } : {};
      return { reasoningEffort: true, replayReasoning: true, ...named };
    },
    caps: { reasoning: true },
    request: (so) => {
      const thinking = thoughtOf(so);
      const { messages } = ask("What is 17 times 23? Answer with the number.");
      if (thinking === undefined) return { messages, maxOutputTokens: FEW };
      return {
        messages: [...messages, thinking.finish.message, user("Add 1 to it. Answer with the number.")],
        reasoning: "low",
        maxOutputTokens: ROOM,
      };
    },
  },
  { name: "wrong name", asks: "a model that does not exist", wrongName: true, request: () => ask("Hello.") },
];

/** The call for thinking, unless the server refused it. */
function thoughtOf({ thinking }: ProbeResults): ProbeResult | undefined {
  return thinking?.finish.message.finish.error === undefined ? thinking : undefined;
}

function ask(text: string): Omit<ModelRequest, "signal"> {
  return { messages: [user(text)], maxOutputTokens: FEW };
}

function user(text: string): Message {
  return { role: "user", content: [{ type: "text", text }] };
}

/** The conversation with the call of the model, or with one that it might have made. */
function withResult(tool: ProbeResult | undefined): Omit<ModelRequest, "signal"> {
  const said = tool?.finish.message;
  const call = said?.content.find((part) => part.type === "tool-call");
  const asked = user("What is the weather in Oslo? Use the tool.");
  const made: Message = {
    role: "assistant",
    origin: { provider: "probe", api: "probe", model: "probe" },
    finish: { reason: "tool-calls" },
    content: [
      {
        type: "tool-call",
        id: "call_1",
        name: "weather",
        rawInput: '{"city":"Oslo"}',
        input: { city: "Oslo" },
      },
    ],
  };
  const calls =
    said !== undefined && call !== undefined
      ? said.content.filter((part) => part.type === "tool-call")
      : made.content;
  const results = calls.flatMap((part) =>
    part.type === "tool-call"
      ? [{ type: "tool-result" as const, id: part.id, name: part.name, output: "21 degrees" }]
      : [],
  );
  return {
    messages: [
      asked,
      said !== undefined && call !== undefined ? said : made,
      { role: "tool", content: results },
    ],
    maxOutputTokens: FEW,
  };
}
