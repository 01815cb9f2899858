import { expect, test } from "vitest";
import { questionName, shortEnd, shortQuestionName, shortStart } from "./short-id.ts";

test("an id is shown by as much of it as tells it apart", () => {
  const ids = ["turn_01AAAA", "turn_01BAAA", "turn_02CCCC"];
  expect(ids.map((id) => shortEnd(id, ids))).toEqual(["AAAA", "BAAA", "CCCC"]);
  expect(shortEnd("xAAAA", ["xAAAA", "yAAAA"])).toBe("xAAAA");
  expect(shortStart("abcdef", ["abcdef", "abcdxx"])).toBe("abcde");
  expect(shortStart("abc", ["abc"])).toBe("abc");
});

test("the name of a question is the same in every process, and another one in every run", () => {
  expect(questionName("run_1", "flow/ask#1")).toBe("sabgtqgvtmha");
  expect(questionName("run_1", "flow/ask#1")).toHaveLength(12);
  expect(shortQuestionName("run_2", "flow/ask#1")).not.toBe(shortQuestionName("run_1", "flow/ask#1"));
});
