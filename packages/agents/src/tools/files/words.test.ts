import { describe, expect, it } from "vitest";
import { rawWords, stemsOf } from "./words.ts";

describe("words", () => {
  it.each([
    ["Chinese", "搜索引擎会收集网页。", ["搜索", "引擎", "会", "收集", "网页"]],
    ["Japanese", "エンジンは文書を集める。", ["エンジン", "は", "文書", "を", "集める"]],
    ["Thai, with its marks", "ค้นหาเอกสารที่นี่", ["ค้นหา", "เอกสาร", "ที่", "นี่"]],
    ["several scripts", "HTTPの状態 retryPolicy", ["http", "の", "状態", "retry", "policy"]],
    ["letters with marks of their own", "cafe\u0301 nai\u0308ve", ["cafe\u0301", "nai\u0308ve"]],
    ["marks alone", "✔\ufe0f done", ["done"]],
  ])("of %s are told apart", (_, text, words) => {
    expect(rawWords(text)).toEqual(words);
  });

  it("have the same stems however many other words were met before", () => {
    const before = stemsOf("retries of the failed states");
    for (let at = 0; at < 25_000; at++) stemsOf(`word${at}`);

    expect(stemsOf("retries of the failed states")).toEqual(before);
    expect(before).toEqual(["retri", "fail", "stat"]);
  });

  it("that only hold a sentence together say nothing", () => {
    expect(stemsOf("エンジンは文書を集めます")).not.toContain("は");
    expect(stemsOf("เอกสารที่นี่")).not.toContain("ที่");
    expect(stemsOf("文件的索引")).not.toContain("的");
  });
});
