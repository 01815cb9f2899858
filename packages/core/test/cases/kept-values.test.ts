/** Rule 22, of values that are kept: what a state sees, it sees in every life of its run, or the value is refused with its place. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { budget, figure } from "../../../../scripts/lanes.ts";
import { memoryHost } from "../../src/host.ts";
import { anyValue, differenceOf, oddValues } from "../any-value.ts";
import { livesOf, type Seen, WAYS } from "../kept-values.ts";

const host = memoryHost();

function check(seen: Seen, what = ""): Seen["kind"] {
  if (seen.kind === "taken") expect(differenceOf(seen.first, seen.second), what).toBeUndefined();
  else expect(seen.facts).toMatchObject({ place: expect.any(String), found: expect.any(String) });
  return seen.kind;
}

describe("P19: a value that is kept", () => {
  it.each(Object.keys(oddValues))("is the same in both lives or refused: %s", async (name) => {
    for (const way of WAYS) check(await livesOf(way, oddValues[name]!, host, host), `${name}, by ${way}`);
  });

  it("is the same in both lives or refused, of every kind that JavaScript has", async () => {
    const counted = { taken: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(anyValue, fc.constantFrom(...WAYS), async (value, way) => {
        counted[check(await livesOf(way, () => value, host, host))] += 1;
      }),
      { numRuns: budget("keptValues") },
    );
    figure(
      `${counted.taken} values were the same in both lives, ${counted.refused} were refused with their place`,
    );
  });

  it("says what was found and where, at the first write", async () => {
    const found = async (value: unknown) => {
      const seen = await livesOf("output", () => ({ deep: [value] }), host, host);
      return seen.kind === "taken" ? seen.second : (seen.facts as { place: string; found: string });
    };

    expect(await found(oddValues["an accessor"]!())).toMatchObject({
      place: "deep[0].a",
      found: "an accessor",
    });
    expect(await found(oddValues["a list with gaps"]!())).toMatchObject({
      place: "deep[0]",
      found: "a list with gaps",
    });
    expect(await found(oddValues["a list of a class"]!())).toMatchObject({
      place: "deep[0]",
      found: "a List",
    });
    expect(await found(oddValues["a hidden property"]!())).toMatchObject({
      found: 'an object with the hidden property "b"',
    });
    expect(await found(oddValues["a property named __proto__"]!())).toMatchObject({
      place: "deep[0].__proto__",
      found: 'a property named "__proto__"',
    });
    expect(await found({ a: undefined, b: -0 })).toEqual({ deep: [{ b: 0 }] });
  });
});
