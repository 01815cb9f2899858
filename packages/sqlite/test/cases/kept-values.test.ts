/** Rule 22, of values that are kept in a database: the second life is one of another host on the file. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { budget, figure } from "../../../../scripts/lanes.ts";
import { anyValue, differenceOf, oddValues } from "../../../core/test/any-value.ts";
import { livesOf, type Seen, WAYS } from "../../../core/test/kept-values.ts";
import { sqliteHost } from "../../src/index.ts";

const folder = mkdtempSync(join(tmpdir(), "orch-kept-values-"));
const first = sqliteHost(join(folder, "runs.db"));
const second = sqliteHost(join(folder, "runs.db"));
afterAll(async () => {
  await first.close();
  await second.close();
  rmSync(folder, { recursive: true });
});

function check(seen: Seen, what = ""): Seen["kind"] {
  if (seen.kind === "taken") expect(differenceOf(seen.first, seen.second), what).toBeUndefined();
  else expect(seen.facts, what).toMatchObject({ place: expect.any(String), found: expect.any(String) });
  return seen.kind;
}

describe("P19: a value that is kept in a database", () => {
  it("is the same in both lives or refused, of each odd kind", async () => {
    for (const [name, make] of Object.entries(oddValues)) {
      for (const way of WAYS) check(await livesOf(way, make, first, second), `${name}, by ${way}`);
    }
  });

  it("is the same in both lives or refused, of every kind that JavaScript has", async () => {
    const counted = { taken: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(anyValue, fc.constantFrom(...WAYS), async (value, way) => {
        counted[check(await livesOf(way, () => value, first, second))] += 1;
      }),
      { numRuns: budget("keptValues") },
    );
    figure(
      `${counted.taken} values were the same in two hosts on a file, ${counted.refused} were refused with their place`,
    );
  });
});
