import fc from "fast-check";
import { expect, it } from "vitest";
import { toolName } from "./tool-name.ts";

it.each([
  ["files", "read_file", "files__read_file"],
  [false, "read_file", "read_file"],
  ["", "read_file", "read_file"],
] as const)("keeps a name that is fine: %s, %s", (prefix, name, expected) => {
  expect(toolName(prefix, name)).toBe(expected);
});

it("makes a name that providers accept of any name, and not the same of two", () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.string({ maxLength: 90 }),
      fc.string({ maxLength: 90 }),
      (prefix, one, two) => {
        const [a, b] = [toolName(prefix, one), toolName(prefix, two)];
        expect(a).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
        expect(a === b).toBe(one === two);
      },
    ),
    { numRuns: 2_000, seed: 7 },
  );
});
