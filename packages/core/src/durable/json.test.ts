import { describe, expect, it } from "vitest";
import { parseJson } from "../index.ts";

describe("parseJson", () => {
  it("reads what is JSON", () => {
    expect(parseJson('{"a":[1,null,"x"]}')).toEqual({ a: [1, null, "x"] });
  });

  it.each([
    ["what is not JSON", "{a:1}", {}, "syntax"],
    ["an empty text", "", {}, "syntax"],
    ["a text that is too long", '"aaaa"', { maxLength: 5 }, "too-long"],
    ["nesting that is too deep", "[[[1]]]", { maxDepth: 2 }, "too-deep"],
    ["a key that reaches a prototype", '{"a":{"__proto__":{"admin":true}}}', {}, "forbidden-key"],
  ])("refuses %s, and says so", (_what, text, limits, reason) => {
    expect(() => parseJson(text, limits)).toThrow(
      expect.objectContaining({ code: "ORCH_JSON", facts: expect.objectContaining({ reason }) }),
    );
  });
});
