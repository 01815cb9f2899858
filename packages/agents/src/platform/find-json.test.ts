import { expect, it } from "vitest";
import { findJson } from "./find-json.ts";

it("takes the whole text where it is JSON, scalars too", () => {
  expect(findJson(" 12 ")).toBe(12);
  expect(findJson('"a {b} c"')).toBe("a {b} c");
});

it("finds the first balanced value in prose, whatever stands in its strings", () => {
  expect(findJson('Well: {"a":"} \\" {","b":[1]} and {"c":2}')).toEqual({ a: '} " {', b: [1] });
  expect(findJson("See [here] or {this}: [1, 2]")).toEqual([1, 2]);
});

it("repairs nothing", () => {
  expect(findJson('{"a":1')).toBeUndefined();
  expect(findJson("{'a':1}")).toBeUndefined();
  expect(findJson("")).toBeUndefined();
});

it.each(["{", "[", '{"a":', '{"', "{}}{{", '{"a":{"b":[', "[1,"])(
  "gives up a long text of %j in time that grows with its length",
  (piece) => {
    const time = (size: number): number => {
      const text = piece.repeat(size / piece.length);
      const before = process.cpuUsage().user;
      findJson(text);
      return process.cpuUsage().user - before;
    };
    time(10_000);
    expect(time(400_000)).toBeLessThan(20 * Math.max(time(100_000), 5_000));
  },
);
