/** One case of the conformance suite, and what all of them ask of a stream. */
import type {
  AssistantMessage,
  AssistantPart,
  FinishEvent,
  Model,
  ModelEvent,
  ModelRequest,
  ToolCallPart,
  ToolSpec,
} from "@orch/agents";
import { textOf, userMessage } from "@orch/agents";
import { parseJson } from "@orch/core";
import { expect } from "vitest";
import type { ModelScene } from "./model-scene.ts";

/** What a case is given. */
export interface ModelCaseContext {
  readonly model: Model;
  /** The bodies that the provider got so far; empty where it cannot tell. */
  readonly sent: () => readonly string[];
  /** Whether `sent` tells. */
  readonly tells: boolean;
  readonly secret: string;
}

/** One test: a scene, and what the model makes of it. */
export interface ModelCase {
  readonly title: string;
  readonly scene: ModelScene | ((secret: string) => ModelScene);
  readonly run: (context: ModelCaseContext) => Promise<void>;
}

/** A request of one user message. */
export function ask(text: string, more: Partial<ModelRequest> = {}): ModelRequest {
  return { messages: [userMessage(text)], signal: new AbortController().signal, ...more };
}

/** Calls the model and gives its last event, after the checks that hold for every stream. */
export async function answerOf(model: Model, request: ModelRequest): Promise<FinishEvent> {
  return finishOf(await eventsOf(model, request));
}

/** Calls the model with a request that must stay as it is, and gives all events. */
export async function eventsOf(
  model: Model,
  request: ModelRequest,
  onEvent: (event: ModelEvent) => void = () => {},
): Promise<readonly ModelEvent[]> {
  const { signal, ...plain } = request;
  const frozen = { ...deepFreeze(structuredClone(plain)), signal };
  const events: ModelEvent[] = [];
  for await (const event of model.stream(frozen)) {
    events.push(event);
    onEvent(event);
  }
  checkStream(model, events);
  return events;
}

export function finishOf(events: readonly ModelEvent[]): FinishEvent {
  return events.at(-1) as FinishEvent;
}

export function callsOf(message: AssistantMessage): readonly ToolCallPart[] {
  return message.content.filter((part) => part.type === "tool-call");
}

/** Calls that a runner would run. */
export function runnableCalls(message: AssistantMessage): readonly ToolCallPart[] {
  if (message.finish.reason !== "tool-calls")
    return callsOf(message).filter(({ input }) => input !== undefined);
  return callsOf(message).filter((call) => call.invalid === undefined && call.input !== undefined);
}

/** A tool that every case with tools offers. */
export const weather: ToolSpec = {
  name: "weather",
  description: "The weather of a city.",
  schema: {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
    additionalProperties: false,
  },
};

/** What the contract of `stream` promises for every call, however it goes. */
function checkStream(model: Model, events: readonly ModelEvent[]): void {
  const types = events.map(({ type }) => type);
  expect(
    types.filter((type) => type === "finish"),
    "finish comes once",
  ).toHaveLength(1);
  expect(types.at(-1), "finish comes last").toBe("finish");
  expect(types.lastIndexOf("start"), "start comes first, if at all").toBeLessThanOrEqual(0);
  const { message, usage } = finishOf(events);
  expect(message.role).toBe("assistant");
  expect(message.origin).toEqual(model.id);
  expect(parseJson(JSON.stringify(message)), "a message is plain JSON").toEqual(message);
  expect(usage.input).toBeGreaterThanOrEqual(0);
  expect(usage.output).toBeGreaterThanOrEqual(0);
  const parts = events.filter((event) => event.type === "part");
  const indexes = parts.map(({ index }) => index);
  expect(new Set(indexes).size, "each part is completed once").toBe(indexes.length);
  expect(indexes.length, "each part of the message was told").toBe(message.content.length);
  for (const [index, part] of message.content.entries()) {
    const told = parts.find((event) => event.index === index)?.part;
    expect(told === undefined ? undefined : written(told), "a part stays as it was told").toBe(written(part));
    const deltas = events.filter(
      (event) =>
        (event.type === "text" || event.type === "reasoning" || event.type === "tool-input") &&
        event.index === index,
    ) as readonly Extract<ModelEvent, { delta: string }>[];
    if (part.type === "refusal" || part.type === "file" || deltas.length === 0) continue;
    expect(deltas.map(({ delta }) => delta).join(""), "deltas make up their part").toBe(written(part));
  }
  const text = events.map((event) => (event.type === "text" ? event.delta : "")).join("");
  expect(text.length === 0 || text === textOf(message), "the text is what was streamed").toBe(true);
  if (message.finish.reason !== "tool-calls")
    expect(runnableCalls(message), "no call of it runs").toEqual([]);
  const failed = ["error", "interrupted", "aborted"].includes(message.finish.reason);
  if (failed) expect(message.finish.error?.message, "a failure says what happened").toMatch(/\S/);
}

function written(part: AssistantPart): string {
  if (part.type === "tool-call") return part.rawInput;
  if (part.type === "provider-call") return part.output ?? "";
  return part.type === "file" ? (part.data ?? part.url ?? "") : part.text;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
