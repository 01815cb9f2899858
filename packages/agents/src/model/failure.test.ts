import { expect, test } from "vitest";
import { failureOf } from "./failure.ts";

const key = `plain-${"swordfish".repeat(4)}`;
const failed = (message: string) =>
  failureOf({ status: 400, error: { message } }, { provider: "house", now: 0, secrets: [key] }).message;

test("asks about the address when a server does not know it, and not when it lacks the model", () => {
  const ctx = { provider: "house", now: 0, secrets: [] };
  const lost = failureOf({ status: 404, error: { message: "Not found" } }, ctx);
  expect(lost).toMatchObject({
    kind: "not-found",
    message: "house answered 404: Not found; is the base URL right?",
  });
  const other = failureOf({ status: 404, error: { message: "The model `x` does not exist." } }, ctx);
  expect(other.message).toBe("house answered 404: The model `x` does not exist.");
});

test("an SDK that does not work in a page is no trouble with the network", () => {
  const error = new Error(
    "It looks like you're running in a browser-like environment.\n\nThis is disabled ...",
  );
  expect(failureOf(error, { provider: "openai", now: 0, secrets: [] })).toEqual({
    kind: "bad-request",
    message: "The SDK of openai does not work in a page, where anybody could read the key.",
    retryable: false,
    hint: "Call the model on a server.",
  });
});

test.each([
  ["spaces", (at: number) => " ".repeat(at)],
  ["other secrets", (at: number) => `${"sk-".padEnd(99, "x")} `.repeat(at / 100).padEnd(at)],
  ["words", (at: number) => "far ".repeat(at / 4).padEnd(at)],
])("no part of a key survives behind %s, wherever a long text is cut", (_name, before) => {
  for (const size of [480, 9_990, 16_000, 19_990, 20_000, 24_000]) {
    for (let shift = 0; shift <= key.length; shift += 3) {
      const message = failed(`${before(size - shift)}${key} and more`.padEnd(30_000, "."));
      expect(message, `${size}-${shift}`).not.toMatch(/plain|sword|fish/);
      expect(message.startsWith("house answered 400:")).toBe(true);
    }
  }
});
