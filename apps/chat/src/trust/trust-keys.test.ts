import { expect, it } from "vitest";
import { ESC_WAIT, STRAY, type TrustKey, TrustKeys } from "./trust-keys.ts";

const press = (chunks: readonly string[], at = STRAY): TrustKey | undefined => {
  const keys = new TrustKeys(0);
  let key: TrustKey | undefined;
  for (const chunk of chunks) key ??= keys.take(chunk, at);
  return key;
};

it.each([
  ["y", "yes"],
  ["Y", "yes"],
  ["n", "no"],
  ["v", "view"],
  ["\u0003", "interrupt"],
  ["\u0004", "end"],
  ["\u001a", "suspend"],
])("%j answers", (key, means) => {
  expect(press([key])).toBe(means);
});

it.each([
  "why not",
  "hello y",
  "\u001by",
  "\u001b[200~y\u001b[201~",
  "\u001bOy",
  "\u001b]0;y\u0007",
  "\r",
  "q",
])("%j trusts nothing, however it is cut into chunks", (text) => {
  for (let cut = 0; cut <= text.length; cut++)
    expect(press([text.slice(0, cut), text.slice(cut)]), String(cut)).toBeUndefined();
  expect(press([...text])).toBeUndefined();
});

it("a key in the first 300 ms, or soon after another, was typed for something else", () => {
  const keys = new TrustKeys(0);
  expect(keys.take("y", STRAY - 1)).toBeUndefined();
  expect(keys.ready).toBe(2 * STRAY - 1);
  expect(keys.take("y", 2 * STRAY - 2)).toBeUndefined();
  expect(keys.take("y", 3 * STRAY - 2)).toBe("yes");
});

it("Ctrl-C leaves at any time, and what follows an answer is not another one", () => {
  expect(press(["\u0003"], 0)).toBe("interrupt");
  expect(press(["ny"])).toBe("no");
});

it("Esc leaves for now when nothing follows it, and is no answer where it comes early or begins a key", () => {
  const keys = new TrustKeys(0);
  expect(keys.take("\u001b", STRAY)).toBeUndefined();
  expect(keys.isOpen).toBe(true);
  expect(keys.alone(STRAY + ESC_WAIT - 1)).toBeUndefined();
  expect(keys.alone(STRAY + ESC_WAIT)).toBe("no");
  const early = new TrustKeys(0);
  early.take("\u001b", STRAY - 1);
  expect(early.alone(STRAY + ESC_WAIT)).toBeUndefined();
  // The letter after it is a key of its own then.
  expect(early.take("n", 3 * STRAY)).toBe("no");
  const arrow = new TrustKeys(0);
  arrow.take("\u001b[A", STRAY);
  expect(arrow.isOpen).toBe(false);
  expect(arrow.alone(STRAY + ESC_WAIT)).toBeUndefined();
});

it("a key counts after a paste only when some time has passed", () => {
  const keys = new TrustKeys(0);
  expect(keys.take("\u001b[200~some text\u001b[201~y", STRAY)).toBeUndefined();
  expect(keys.take("y", 2 * STRAY)).toBe("yes");
});
