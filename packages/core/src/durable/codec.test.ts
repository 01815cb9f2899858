import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { strictJson } from "./codec.ts";
import { readJson } from "./json.ts";

const refusal = (value: unknown): unknown => {
  try {
    strictJson.encode(value, 'the output of "plan"');
    return "taken";
  } catch (error) {
    return (error as { facts: unknown }).facts;
  }
};

/** JSON whose keys are harmless; the others are refused. */
const withoutProto = fc.jsonValue().filter((value) => !JSON.stringify(value).includes("__proto__"));

class Point {
  x = 1;
}

describe("strict JSON", () => {
  it.each([
    ["a Date", { at: [new Date(0)] }, "at[0]", "a Date"],
    ["a Map", new Map(), "", "a Map"],
    ["an instance of a class", { deep: { point: new Point() } }, "deep.point", "a Point"],
    [
      "an object without a constructor's name",
      Object.create({ a: 1 }),
      "",
      "an object with a prototype of its own",
    ],
    ["an object with a toJSON of its own", { a: { toJSON: () => 1 } }, "a", "an object with its own toJSON"],
    ["a function", { call: () => 1 }, "call", "a function"],
    ["a symbol", [Symbol("s")], "[0]", "a symbol"],
    ["a bigint", { n: 1n }, "n", "a bigint"],
    ["NaN", [[Number.NaN]], "[0][0]", "NaN"],
    ["Infinity", Number.NEGATIVE_INFINITY, "", "-Infinity"],
    ["undefined in a list", [1, undefined], "[1]", "undefined"],
  ])("refuses %s by name and place", (_name, value, place, found) => {
    expect(refusal(value)).toEqual({ value: 'the output of "plan"', place, found });
  });

  it("refuses a circle", () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;

    expect(refusal(circle)).toMatchObject({ found: "a circle, or nesting without end" });
  });

  it("leaves properties out that are undefined, and gives undefined for undefined", () => {
    expect(refusal({ a: undefined, b: 1 })).toBe("taken");
    expect(strictJson.encode(undefined, "")).toBeUndefined();
    expect(strictJson.decode(undefined)).toBeUndefined();
  });

  it("takes objects without a prototype, and those of another realm's Object", () => {
    const bare = Object.assign(Object.create(null), { a: 1 });
    const foreign = runInNewContext("({ a: [1] })");

    expect([refusal(bare), refusal(foreign)]).toEqual(["taken", "taken"]);
  });

  it("gives back what it took, for every JSON value", () => {
    fc.assert(
      fc.property(withoutProto, (value) => {
        const text = JSON.stringify(strictJson.encode(value, ""));
        expect(strictJson.decode(readJson(text))).toEqual(readJson(JSON.stringify(value)));
      }),
      { numRuns: 2_000 },
    );
  });
});
