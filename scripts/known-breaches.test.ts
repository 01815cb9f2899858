import { expect, it } from "vitest";
import { judge } from "./known-breaches.ts";

const breach = (key: string) => ({ key, at: [] });

it("tells what is not listed, and what is listed and gone: a list may only shrink", () => {
  expect(judge([breach("old"), breach("new")], ["old", "gone"])).toEqual({
    added: [breach("new")],
    mended: ["gone"],
    left: 1,
  });
});
