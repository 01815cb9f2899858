/** Whatever two things happen to one run, wherever they meet, on one host or two: each hears how it went, and the run ends or rests. */
import { manualClock } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { budget, figure } from "../../../../scripts/lanes.ts";
import { meet } from "./encounter.ts";
import { encounterFlow, FLOWS } from "./encounter-flows.ts";
import { memoryGround } from "./encounter-ground.ts";
import { foundEncounters } from "./found-encounters.ts";
import { meetMany } from "./many-encounters.ts";

describe.each(["1", "2"] as const)("the flows of encounters, version %s", (version) => {
  const clock = manualClock();

  it.each(FLOWS)("%s waits where it says", async (name) => {
    const { flow, question, open } = encounterFlow(name, clock, version);
    const run = flow.start(undefined, { clock, onUnheard: false });
    run.result.catch(() => {});
    await clock.advance(0);

    expect(run.describe().open.map(({ path }) => path)).toContain(open);
    const questions = run.questions.map(({ id }) => id);
    if (question === undefined) expect(questions).toEqual([]);
    else expect(questions).toContain(question);
    await run.cancel();
  });
});

describe("two things that happen to one run at once", () => {
  it.each(Object.entries(foundEncounters))("%s", async (_what, encounter) => {
    const { problems, isMet } = await meet(encounter, memoryGround());

    expect(problems).toEqual([]);
    expect(isMet).toBe(true);
  });

  it("P14: are each told how they went, and the run ends or rests", async () => {
    const encounters = budget("encounters");
    const { problems, met } = await meetMany(encounters, memoryGround);
    figure(
      `${encounters} encounters of two commands with one run, ${met} of them at a call that was held: ${problems.length} not told, lost or left open`,
    );

    expect(problems).toEqual([]);
    expect(met).toBeGreaterThan(encounters / 5);
  }, 1_200_000);
});
