import { FatalError, RunnableError } from "@orch/core";
import { errorData } from "@orch/core/doors";
import { expect, test } from "vitest";
import { errorSentence } from "../headless/error-sentence.ts";
import { failureReason, failureWords } from "./failure-words.ts";

const failed = (cause: unknown): RunnableError =>
  new RunnableError({ runnable: "pay", path: "f/pay#1", visit: 1, attempt: 1, input: "x" }, cause);

test.each([
  ["the words of the author alone", failed(new FatalError("card is stolen")), "card is stolen"],
  [
    "the innermost cause once",
    failed(new TypeError("fetch failed", { cause: new Error("refused") })),
    "fetch failed: refused",
  ],
  ["a failure inside a failure", failed(failed(new Error("refused"))), "refused"],
  ["whatever was thrown", "no", "no"],
])("a failure says %s", (_, error, says) => {
  expect(failureReason(error)).toBe(says);
});

test("the way out of an author is shown as such", () => {
  expect(failureWords(failed(new FatalError("no key", { fix: "Set ORDERS_KEY." }))).fix).toBe(
    "Set ORDERS_KEY.",
  );
});

test("T24: the sentence names the state that failed", () => {
  expect(failureWords(failed(new Error("cannot digest 6"))).says).toBe(
    'The state "pay" failed: cannot digest 6.',
  );
});

test("T20: an agent's failure says what the provider said, and a way out for who sits before the screen", () => {
  const failure = { kind: "auth", message: "fake answered 401: bad key", retryable: false } as const;
  const error = Object.assign(new FatalError('The agent "chat" stopped without an answer (error)'), {
    code: "ORCH_AGENT_STOPPED",
    facts: { agent: "chat", stopReason: "error", failure },
  });
  const words = {
    says: "fake answered 401: bad key.",
    fix: "Check the key in the environment, give another one by /connect in the chat, or choose another model by --model, or by /model in the chat.",
  };
  expect(failureWords(error)).toEqual(words);
  expect(failureWords(JSON.parse(JSON.stringify(errorData(error))))).toEqual(words);
  expect(errorSentence(error)).toBe(`${words.says} ${words.fix}`);
});
