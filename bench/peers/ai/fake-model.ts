/** The fake model as a language model of the AI SDK; Mastra takes the same. */
import type { LanguageModelV4, LanguageModelV4StreamPart, LanguageModelV4Usage } from "@ai-sdk/provider";
import { argumentsOf, FINAL, TOOL } from "../../fake-model.ts";
import { DELTA } from "../../work.ts";

const usage: LanguageModelV4Usage = {
  inputTokens: { total: 10, noCache: 10, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 5, text: 5, reasoning: 0 },
};
const stopped = { unified: "stop", raw: "stop" } as const;
const called = { unified: "tool-calls", raw: "tool-calls" } as const;

/** A model that starts again whenever `restart` is called. */
export interface FakeModel {
  readonly model: LanguageModelV4;
  readonly restart: () => void;
}

/** Calls the tool `turns` times, then answers; its streams carry the same. */
export function callingModel(turns: number): FakeModel {
  let turn = 0;
  const next = () => {
    turn += 1;
    return turn > turns
      ? { call: undefined, finishReason: stopped }
      : {
          call: {
            type: "tool-call" as const,
            toolCallId: `call_${turn}`,
            toolName: TOOL,
            input: JSON.stringify(argumentsOf(turn)),
          },
          finishReason: called,
        };
  };
  const model: LanguageModelV4 = {
    specificationVersion: "v4",
    provider: "bench",
    modelId: "fake",
    supportedUrls: {},
    doGenerate: async () => {
      const { call, finishReason } = next();
      return { content: [call ?? { type: "text", text: FINAL }], finishReason, usage, warnings: [] };
    },
    doStream: async () => {
      const { call, finishReason } = next();
      const text: LanguageModelV4StreamPart[] = [
        { type: "text-start", id: "1" },
        { type: "text-delta", id: "1", delta: FINAL },
        { type: "text-end", id: "1" },
      ];
      return {
        stream: streamOf([
          { type: "stream-start", warnings: [] },
          ...(call === undefined ? text : [call]),
          { type: "finish", usage, finishReason },
        ]),
      };
    },
  };
  return {
    model,
    restart: () => {
      turn = 0;
    },
  };
}

/** Streams `count` deltas of text. */
export function streamingModel(count: number): LanguageModelV4 {
  return {
    specificationVersion: "v4",
    provider: "bench",
    modelId: "fake",
    supportedUrls: {},
    doGenerate: async () => {
      throw new TypeError("This model streams.");
    },
    doStream: async () => ({ stream: streamOf(textParts(count)) }),
  };
}

function* textParts(count: number): Generator<LanguageModelV4StreamPart> {
  yield { type: "stream-start", warnings: [] };
  yield { type: "text-start", id: "1" };
  for (let index = 0; index < count; index++) yield { type: "text-delta", id: "1", delta: DELTA };
  yield { type: "text-end", id: "1" };
  yield { type: "finish", usage, finishReason: stopped };
}

function streamOf(parts: Iterable<LanguageModelV4StreamPart>): ReadableStream<LanguageModelV4StreamPart> {
  const iterator = parts[Symbol.iterator]();
  return new ReadableStream({
    pull: (controller) => {
      const step = iterator.next();
      if (step.done) controller.close();
      else controller.enqueue(step.value);
    },
  });
}
