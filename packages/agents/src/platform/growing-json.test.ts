/** JSON in pieces, held against the platform's own reader at every place where it may be cut. */
import type { Json } from "@orch/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { anyLetter } from "../../../testing/src/store/any-letter.ts";
import { GrowingJson } from "./growing-json.ts";

/** Whether a value can grow into another one: texts and lists at their ends, objects by keys. */
function growsInto(before: Json | undefined, after: Json): boolean {
  if (before === undefined) return true;
  if (typeof before === "string") return typeof after === "string" && after.startsWith(before);
  if (Array.isArray(before))
    return Array.isArray(after) && before.every((item, at) => growsInto(item, after[at] as Json));
  if (typeof before === "object" && before !== null) {
    if (typeof after !== "object" || after === null || Array.isArray(after)) return false;
    const known = after as { readonly [key: string]: Json };
    return Object.entries(before).every(
      ([key, item]) => Object.hasOwn(known, key) && growsInto(item, known[key]!),
    );
  }
  return Object.is(before, after);
}

const containers = fc
  .jsonValue({ maxDepth: 4 })
  .map((value) => (typeof value === "object" && value !== null ? value : [value]) as Json);

it("grows, character by character, into what the whole text means", () => {
  fc.assert(
    fc.property(containers, fc.constantFrom(0, 2), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const whole = JSON.parse(text) as Json;
      const json = new GrowingJson();
      for (const char of text.split("")) {
        json.add(char);
        expect(growsInto(json.value(), whole), `${JSON.stringify(json.value())} of ${text}`).toBe(true);
      }
      expect(json.value()).toEqual(whole);
    }),
    { numRuns: 150 },
  );
});

it("gives the same in pieces of any length, and never throws, whatever comes", () => {
  const texts = fc.array(
    fc.oneof(
      fc.string({ unit: anyLetter() }),
      containers.map((value) => JSON.stringify(value)),
    ),
  );
  fc.assert(
    fc.property(texts, (pieces) => {
      const [one, other] = [new GrowingJson(), new GrowingJson()];
      for (const piece of pieces) one.add(piece);
      for (const char of pieces.join("").split("")) other.add(char);
      expect(one.value()).toEqual(other.value());
    }),
    { numRuns: 60 },
  );
});

it("shows a text as it grows, and a number or a word when it has ended", () => {
  const json = new GrowingJson();
  const seen = ['Here: {"na', 'me":"A', 'da","age":3', "6", ',"ok":tr', "ue", "}"].map((piece) => {
    json.add(piece);
    return json.value();
  });
  expect(seen).toEqual([
    {},
    { name: "A" },
    { name: "Ada" },
    { name: "Ada" },
    { name: "Ada", age: 36 },
    { name: "Ada", age: 36 },
    { name: "Ada", age: 36, ok: true },
  ]);
});

it("waits for the other half of a character, and tells that nothing changed", () => {
  const json = new GrowingJson();
  expect(json.add('["\\ud83d')).toBe(true);
  expect(json.value()).toEqual([""]);
  json.add("\\udcfa");
  expect(json.value()).toEqual(["📺"]);
  expect(json.add("  ")).toBe(true);
  expect(json.add('"')).toBe(true);
  expect(json.add(" ")).toBe(false);
});

it("lets a later value replace an earlier one, and gives up what is no JSON", () => {
  const json = new GrowingJson();
  json.add('a draft: {"n":1} and the answer: {"n":');
  expect(json.value()).toEqual({});
  json.add("2}");
  expect(json.value()).toEqual({ n: 2 });
  json.add(" {oops} ");
  expect(json.value()).toEqual({ n: 2 });
  json.add("[".repeat(201));
  expect(json.value()).toEqual({ n: 2 });
});

it("makes no prototype of a key, and leaves values that it gave before as they were", () => {
  const json = new GrowingJson();
  json.add('{"__proto__":{"bad":1},"list":[1,');
  const before = json.value();
  json.add("2]}");
  expect(before).toEqual(JSON.parse('{"__proto__":{"bad":1},"list":[1]}'));
  expect(Object.getPrototypeOf(json.value())).toBe(Object.prototype);
  expect(json.value()).toEqual(JSON.parse('{"__proto__":{"bad":1},"list":[1,2]}'));
});
