/** Cases about the failures of a provider. */
import { type ModelFailure, textOf } from "@orch/agents";
import { expect } from "vitest";
import { answerOf, ask, type ModelCase } from "./model-case.ts";
import type { SceneError } from "./model-scene.ts";

type Expected = readonly [kind: ModelFailure["kind"], retryable: boolean];

/** Failures are reported as data, by kind, without the key. */
export const failureCases: readonly ModelCase[] = [
  http(401, "authentication_error", ["auth", false]),
  http(403, "permission_error", ["auth", false]),
  http(404, "not_found_error", ["not-found", false]),
  http(400, "invalid_request_error", ["bad-request", false]),
  http(413, "request_too_large", ["context-length", false]),
  http(429, "rate_limit_error", ["rate-limit", true]),
  http(500, "api_error", ["server", true]),
  http(503, "server_error", ["overloaded", true]),
  http(529, "overloaded_error", ["overloaded", true]),
  {
    title: "of too long a conversation is told apart from other bad requests",
    scene: failing({
      status: 400,
      type: "invalid_request_error",
      message: "prompt is too long: 210000 tokens > 200000 maximum",
    }),
    run: async ({ model }) => {
      const { message } = await answerOf(model, ask("hi"));
      expect(message.finish.error).toMatchObject({ kind: "context-length", retryable: false });
    },
  },
  {
    title: "that is a mistake of the model says so, and what it was",
    scene: failing({ status: 400, type: "tool_use_failed", message: "Failed to call a function." }),
    run: async ({ model }) => {
      const { message } = await answerOf(model, ask("hi"));
      expect(message.finish).toMatchObject({ reason: "error", error: { retryable: false } });
      expect(message.finish.error?.mistake).toContain("Failed to call a function.");
    },
  },
  {
    title: "that refuses the prompt is a refusal",
    scene: failing({ status: 400, type: "content_filter", message: "The prompt was filtered." }),
    run: async ({ model }) => {
      const { message } = await answerOf(model, ask("hi"));
      expect(message.finish).toMatchObject({ reason: "refusal", error: { retryable: false } });
    },
  },
  {
    title: "that asks to wait says for how long",
    scene: failing({ status: 429, type: "rate_limit_error", message: "slow down", retryAfter: 7 }),
    run: async ({ model }) => {
      const { message } = await answerOf(model, ask("hi"));
      expect(message.finish.error).toMatchObject({ kind: "rate-limit", retryAfterMs: 7_000 });
    },
  },
  {
    title: "does not repeat the key",
    scene: (secret) =>
      failing({ status: 401, type: "authentication_error", message: `The key ${secret} is not valid.` }),
    run: async ({ model, secret }) => {
      const { message } = await answerOf(model, ask("hi"));
      expect(message.finish.error?.kind).toBe("auth");
      expect(JSON.stringify(message)).not.toContain(secret);
    },
  },
  {
    title: "is made once: trying again is not the adapter's",
    scene: { answers: [error(503, "server_error"), { text: "late" }] },
    run: async ({ model, sent, tells }) => {
      const { message } = await answerOf(model, ask("hi"));
      expect(message.finish.reason).toBe("error");
      if (tells) expect(sent()).toHaveLength(1);
    },
  },
  {
    title: "passes: the next call is answered",
    scene: { answers: [error(529, "overloaded_error"), { text: "here" }] },
    run: async ({ model }) => {
      expect((await answerOf(model, ask("hi"))).message.finish.error?.kind).toBe("overloaded");
      expect(textOf((await answerOf(model, ask("hi"))).message)).toBe("here");
    },
  },
  {
    title: "by a web page instead of an answer is told as one, and is not tried again",
    scene: { answers: [{ fault: "web-page" }] },
    run: async ({ model }) => {
      const { message } = await answerOf(model, ask("hi"));
      expect(message.finish).toMatchObject({
        reason: "error",
        error: { kind: "protocol", retryable: false },
      });
      expect(message.content).toEqual([]);
    },
  },
  {
    title: "inside a stream keeps what was said before it",
    scene: { answers: [{ text: "one two three", fault: "error-event" }] },
    run: async ({ model }) => {
      const { message } = await answerOf(model, ask("hi"));
      expect(message.finish).toMatchObject({ reason: "error", error: { retryable: true } });
      expect(["overloaded", "server"]).toContain(message.finish.error?.kind);
      expect(textOf(message)).toBe("one two three");
    },
  },
  {
    title: "inside a stream lets no call before it run",
    scene: {
      answers: [
        { calls: [{ id: "call_1", name: "weather", rawInput: '{"city":"Oslo"}' }], fault: "error-event" },
      ],
    },
    run: async ({ model }) => {
      // The checks of every stream hold that no call of a failed message can run.
      expect((await answerOf(model, ask("hi"))).message.finish.reason).toBe("error");
    },
  },
];

function error(status: number, type: string): { readonly error: SceneError } {
  return { error: { status, type, message: `It failed with ${status}.` } };
}

function failing(told: SceneError): { readonly answers: readonly [{ readonly error: SceneError }] } {
  return { answers: [{ error: told }] };
}

function http(status: number, type: string, [kind, retryable]: Expected): ModelCase {
  return {
    title: `of HTTP ${status} is of the kind ${kind}`,
    scene: { answers: [error(status, type)] },
    run: async ({ model }) => {
      const { message } = await answerOf(model, ask("hi"));
      expect(message.finish).toMatchObject({ reason: "error", error: { kind, retryable, status } });
      expect(message.content).toEqual([]);
    },
  };
}
