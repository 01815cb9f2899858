import type { Json } from "@orch/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { canonical } from "./canonical.ts";
import { isSameJson } from "./same-json.ts";

it("tells what is the same as the canonical texts do, whatever the order of keys", () => {
  const values: readonly Json[] = [
    ...[null, true, false, 0, 1, "", "1", [], {}, [1], [1, 2], [[1], 2], { a: 1 }, { a: null }, { b: 1 }],
    ...[{ a: 1, b: { c: [1] } }, { b: { c: [1] }, a: 1 }, { b: { c: [2] }, a: 1 }, { 0: 1 }, { toString: 1 }],
  ];
  for (const a of values)
    for (const b of values)
      expect(isSameJson(a, b), JSON.stringify([a, b])).toBe(canonical(a) === canonical(b));
});

it("agrees with the canonical texts on any JSON", () => {
  const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
  fc.assert(
    fc.property(json, json, (a, b) => {
      const copy = JSON.parse(JSON.stringify(a)) as Json;
      return isSameJson(a, copy) && isSameJson(a, b) === (canonical(a) === canonical(b));
    }),
  );
});
