import type { LanguageModelV3, LanguageModelV4, LanguageModelV4StreamPart } from "@ai-sdk/provider";
import { manualClock } from "@orch/testing";
import { describe, expect, expectTypeOf, test } from "vitest";
import { ask } from "../../../test/wires.ts";
import { generate } from "../../model/generate.ts";
import { userMessage } from "../../words/message.ts";
import type { Model } from "../../words/model.ts";
import type { AiSdkModel } from "./ai-sdk-model.ts";
import { fromAiSdk } from "./from-ai-sdk.ts";

const NO_TOKENS = { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined };
const end = (
  raw?: string,
  unified: "stop" | "other" | "interrupted" | "error" = "stop",
): LanguageModelV4StreamPart => ({
  type: "finish",
  finishReason: { unified, raw },
  usage: {
    inputTokens: NO_TOKENS,
    outputTokens: { total: undefined, text: undefined, reasoning: undefined },
  },
});
const text = (delta: string): readonly LanguageModelV4StreamPart[] => [
  { type: "text-start", id: "0" },
  { type: "text-delta", id: "0", delta },
  { type: "text-end", id: "0" },
];

/** A literal model that streams these parts; without an end where the stream is to hang. */
function literal(
  parts: readonly LanguageModelV4StreamPart[],
  hangs = false,
): LanguageModelV4 & { calls: object[] } {
  const calls: object[] = [];
  return {
    specificationVersion: "v4",
    provider: "lab.chat",
    modelId: "m",
    supportedUrls: {},
    calls,
    doGenerate: () => Promise.reject(new Error("not called")),
    doStream: (options) => {
      calls.push(options);
      const stream = new ReadableStream<LanguageModelV4StreamPart>({
        start: (out) => {
          for (const part of parts) out.enqueue(part);
          if (!hangs) out.close();
        },
      });
      return Promise.resolve({ stream });
    },
  };
}

const answer = (model: AiSdkModel, more = {}) => generate(fromAiSdk(model), ask("hi", more));

describe("a model of the AI SDK", () => {
  test("fits by its type, in both versions", () => {
    expectTypeOf<LanguageModelV3>().toExtend<AiSdkModel>();
    expectTypeOf<LanguageModelV4>().toExtend<AiSdkModel>();
    expectTypeOf(fromAiSdk).returns.toEqualTypeOf<Model>();
  });

  test.each([
    [
      "v2",
      { specificationVersion: "v2", modelId: "old", doStream: () => {} },
      /"old" has the specification version "v2"/,
    ],
    ["a name", "openai/gpt-5", /"openai\/gpt-5" has the specification version none/],
    ["nothing", undefined, /only v3 and v4/],
  ])("is refused when it is %s", (_name, given, says) => {
    expect(() => fromAiSdk(given as never)).toThrow(says);
    expect(() => fromAiSdk(given as never)).toThrow(expect.objectContaining({ code: "ORCH_AI_SDK_VERSION" }));
  });

  test("has totals that nobody told as estimates", async () => {
    const { usage } = await answer(literal([...text("hi"), end("stop")]));
    expect(usage).toEqual({ input: 5, output: 5, estimated: true });
  });

  test("is whole only by an end of the provider, not by one that the SDK made up", async () => {
    const reason = async (...parts: readonly LanguageModelV4StreamPart[]) =>
      (await answer(literal([...text("hi"), ...parts]))).message.finish.reason;
    expect(await reason(end("stop"))).toBe("stop");
    expect(await reason(end(undefined, "other"))).toBe("interrupted");
    expect(await reason(end(undefined, "interrupted"))).toBe("interrupted");
    expect(await reason(end("tired", "other"))).toBe("other");
    expect(await reason(end("pause_turn"))).toBe("paused");
    expect(await reason(end(undefined, "error"))).toBe("error");
    expect(await reason({ type: "error", error: { type: "overloaded_error", message: "busy" } })).toBe(
      "error",
    );
    expect(await reason()).toBe("interrupted");
  });

  test("is not whole when a part of it could not be read, whatever its end says", async () => {
    const unread = Object.assign(new Error("Type validation failed."), { name: "AI_TypeValidationError" });
    const call = { type: "tool-call", toolCallId: "c", toolName: "weather", input: "{}" } as const;
    const { message } = await answer(
      literal([...text("hi"), { type: "error", error: unread }, call, end("stop")]),
    );
    expect(message.finish).toMatchObject({ reason: "error", error: { kind: "protocol", retryable: false } });
    expect(message.content).toMatchObject([
      { text: "hi" },
      { type: "tool-call", invalid: expect.any(String) },
    ]);
  });

  test("refuses a web page that comes with status 200", async () => {
    const page: AiSdkModel = {
      ...literal([]),
      doStream: () =>
        Promise.resolve({
          stream: new ReadableStream(),
          response: { headers: { "content-type": "text/html" } },
        }),
    };
    const { finish } = (await answer(page)).message;
    expect(finish).toMatchObject({ reason: "error", error: { kind: "protocol", retryable: false } });
    expect(finish.error?.message).toContain("text/html");
  });

  test("tells citations, files, warnings and tools that ran at the provider, and gives the last back as they were", async () => {
    const source = { type: "source", sourceType: "url", id: "s", url: "https://x.org", title: "X" } as const;
    const model = literal([
      { type: "stream-start", warnings: [{ type: "unsupported", feature: "temperature" }] },
      { type: "tool-call", toolCallId: "w", toolName: "search", input: '{"q":1}', providerExecuted: true },
      { type: "tool-result", toolCallId: "w", toolName: "search", result: { found: 1 } },
      { type: "text-start", id: "0" },
      { type: "text-delta", id: "0", delta: "So." },
      source,
      { type: "source", sourceType: "url", id: "t", url: "https://y.org" },
      { type: "text-end", id: "0", citations: [{ source, citedText: "it is" }] },
      { type: "file", mediaType: "image/png", data: { type: "data", data: new Uint8Array([1, 2, 3]) } },
      end("stop"),
    ]);
    const starts: (readonly string[])[] = [];
    for await (const event of fromAiSdk(model).stream(ask("hi")))
      if (event.type === "start") starts.push(event.warnings ?? []);
    expect(starts).toEqual([[expect.stringContaining('"temperature" is not supported')]]);
    const { message } = await answer(model);
    expect(message.finish.reason).toBe("stop");
    expect(message.content.slice(2)).toEqual([
      {
        type: "text",
        text: "So.",
        citations: [{ url: "https://y.org" }, { url: "https://x.org", title: "X", quote: "it is" }],
      },
      { type: "file", mediaType: "image/png", data: "AQID" },
    ]);
    await generate(fromAiSdk(model), ask("", { messages: [userMessage("hi"), message, userMessage("so?")] }));
    const { prompt } = model.calls.at(-1) as { prompt: { role: string; content: object[] }[] };
    expect(prompt[1]?.content).toMatchObject([
      { type: "tool-call", toolCallId: "w", input: { q: 1 }, providerExecuted: true },
      { type: "tool-result", toolCallId: "w", output: { type: "json", value: { found: 1 } } },
      { type: "text", text: "So." },
      { type: "text", text: expect.stringContaining("left out") },
    ]);
  });

  test("is given up when it goes silent, though it does not listen to its signal", async () => {
    const clock = manualClock();
    const model = fromAiSdk(literal(text("hi"), true), { clock, timeouts: { idle: 5_000 } });
    const pending = generate(model, ask("hi"));
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(5_000);
    expect((await pending).message).toMatchObject({
      content: [{ type: "text", text: "hi" }],
      finish: { reason: "error", error: { kind: "timeout" } },
    });
    expect(clock.pending()).toBe(0);
  });

  test("fails as data when it throws", async () => {
    const broken = { ...literal([]), doStream: () => Promise.reject(new TypeError("fetch failed")) };
    expect((await answer(broken)).message.finish).toMatchObject({
      reason: "error",
      error: { kind: "network", retryable: true },
    });
    const unsupported = Object.assign(new Error("'images' functionality not supported."), {
      name: "AI_UnsupportedFunctionalityError",
    });
    const refused = { ...literal([]), doStream: () => Promise.reject(unsupported) };
    expect((await answer(refused)).message.finish.error).toMatchObject({
      kind: "bad-request",
      retryable: false,
    });
  });

  test("is asked without what it has no field for, and says so", async () => {
    const v3 = { ...literal([end("stop")]), specificationVersion: "v3" } as unknown as LanguageModelV3;
    const { warnings } = await answer(v3, { reasoning: "high", parallelToolCalls: false });
    expect(warnings).toEqual([expect.stringContaining("estimated from the text")]);
    const starts: string[] = [];
    for await (const event of fromAiSdk(v3).stream(
      ask("hi", { reasoning: "high", parallelToolCalls: false }),
    ))
      if (event.type === "start") starts.push(...(event.warnings ?? []));
    expect(starts).toHaveLength(2);
  });
});
