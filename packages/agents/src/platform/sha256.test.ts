import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { anyLetter } from "../../../testing/src/store/any-letter.ts";
import { callHash } from "../calls/call-hash.ts";
import { sha256 } from "./sha256.ts";

it("gives what the platform's own gives, for any text of any length", () => {
  const own = (text: string): string => createHash("sha256").update(text).digest("hex");
  for (const length of [0, 55, 56, 63, 64, 65, 1_000, 100_000])
    expect(sha256("ž".repeat(length))).toBe(own("ž".repeat(length)));
  fc.assert(
    fc.property(fc.string({ unit: anyLetter(), maxLength: 300 }), (text) => {
      expect(sha256(text)).toBe(own(text));
    }),
    { numRuns: 500 },
  );
});

it("makes one name for one call, whatever the order of its keys", () => {
  const call = { name: "t", input: { a: 1, b: [2] } };
  expect(callHash(call)).toBe(callHash({ name: "t", input: { b: [2], a: 1 } }));
  expect(callHash(call)).not.toBe(callHash({ name: "u", input: { a: 1, b: [2] } }));
  expect(callHash(call)).not.toBe(callHash({ name: "t", input: { a: 1, b: [3] } }));
  expect(callHash(call)).toMatch(/^[0-9a-f]{32}$/);
});
