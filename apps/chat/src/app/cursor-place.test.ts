import { expect, test } from "vitest";
import { isAtInput } from "./cursor-place.ts";

const streaming = { isLive: true, isAnswering: false, above: 3, reflows: false, text: "", sinceKey: 60_000 };

test.each([
  ["between answers", { isLive: false, reflows: true }, true],
  ["while a question has the input", { isAnswering: true, reflows: true }, true],
  ["while an answer comes", {}, true],
  ["above which more stands than a low window has room for", { above: 8 }, false],
  ["where the rows above are laid out anew", { reflows: true }, false],
  ["where they are, while somebody writes", { reflows: true, text: "a", sinceKey: 100 }, true],
  ["where they are, after somebody wrote", { reflows: true, text: "a", sinceKey: 2_000 }, false],
  ["where they are, right after Enter", { reflows: true, sinceKey: 100 }, false],
])("the cursor %s: at the input is %j %s", (_, facts, at) => {
  expect(isAtInput({ ...streaming, ...facts })).toBe(at);
});
