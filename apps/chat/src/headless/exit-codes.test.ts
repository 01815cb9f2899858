import { FatalError, RunnableError } from "@orch/core";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../errors/config-error.ts";
import { InterruptedError } from "../errors/interrupted-error.ts";
import { UsageError } from "../errors/usage-error.ts";
import { errorSentence } from "./error-sentence.ts";
import { exitCodeOf } from "./exit-codes.ts";

const inState = (cause: unknown): RunnableError =>
  new RunnableError({ runnable: "r", path: "o/r#1", visit: 1, attempt: 1, input: "" }, cause);
const stopped = (stopReason: string, kind?: string): unknown =>
  Object.assign(new FatalError("x"), {
    code: "ORCH_AGENT_STOPPED",
    facts: { stopReason, ...(kind !== undefined && { failure: { kind } }) },
  });

describe("the exit code", () => {
  it.each([
    ["a usage error", new UsageError({ problem: "x" }), 2],
    ["a wrong configuration", new ConfigError({ file: "f", place: "p", problem: "x" }), 3],
    ["a refused key", inState(stopped("error", "auth")), 4],
    ["an unreachable provider", inState(stopped("error", "network")), 5],
    ["a rate limit", stopped("error", "rate-limit"), 5],
    ["output that does not fit", inState(stopped("invalid-output")), 6],
    ["too many turns", stopped("max-turns"), 7],
    ["an approval that nobody can give", stopped("needs-approval"), 20],
    ["a state that throws", inState(new TypeError("x")), 1],
    ["SIGINT", new InterruptedError({ signal: "SIGINT" }), 130],
    ["SIGTERM", new InterruptedError({ signal: "SIGTERM" }), 143],
    ["an error nobody foresaw", new TypeError("x"), 70],
  ])("of %s", (_what, error, code) => {
    expect(exitCodeOf(error)).toBe(code);
  });
});

describe("the sentence of an error", () => {
  it("is the sentence of its cause where a state only passes it on, with the way out", () => {
    expect(errorSentence(inState(new UsageError({ problem: "Nothing was asked." })))).toBe(
      "Nothing was asked. See orch --help.",
    );
  });

  it("is what the provider said, with a way out for a person", () => {
    const error = Object.assign(new FatalError("x"), {
      code: "ORCH_AGENT_STOPPED",
      facts: { stopReason: "error", failure: { kind: "network", message: "The connection failed: refused" } },
    });
    expect(errorSentence(inState(error))).toMatch(/^The connection failed: refused\. Check the network/);
  });

  it.each([
    ["max-turns", undefined, "limits.maxTurns in the configuration"],
    ["loop", undefined, "other words"],
    ["invalid-output", undefined, "another model"],
    ["error", "bad-request", "provider's baseURL"],
  ])("tells whoever asked, not whoever wrote the agent, what to do at %s %s", (stop, kind, fix) => {
    expect(errorSentence(inState(stopped(stop, kind)))).toContain(fix);
  });

  it("lets no control characters through", () => {
    expect(errorSentence(new Error("a\u001b]0;x\u0007b"))).not.toContain("\u001b");
    // What does not end hides nothing of what is to be done.
    const cut = new UsageError({ problem: "There is no \u001b]0;" });
    expect(errorSentence(cut)).toMatch(/^There is no +See orch --help/);
  });
});
