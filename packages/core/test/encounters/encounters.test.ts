/** Whatever two things happen to one run, wherever they meet, on one host or two: each hears how it went, and the run ends or rests. */
import { memoryStore } from "@orch/core/host";
import { manualClock } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { budget, figure, seed } from "../../../../scripts/lanes.ts";
import { meet } from "./encounter.ts";
import { encounterFlow, FLOWS } from "./encounter-flows.ts";
import type { Encounter } from "./encounter-words.ts";
import { randomEncounter } from "./random-encounter.ts";

const usual = { isOneHost: false, level: "step", isLate: false } as const;

/** Encounters that went wrong once. */
const found: { readonly [what: string]: Encounter } = {
  "a parked run that is cancelled, and hears a signal before that is written": {
    ...usual,
    ...{ flow: "signals", place: "parked", first: "cancel", second: "signal" },
    call: { name: "append", at: 1, isDone: false },
  },
  "a run whose claim was lost, and which the host takes up again that drives it still": {
    ...usual,
    ...{ flow: "signals", place: "here", first: "lose", second: "resume", isOneHost: true, turns: 3 },
  },
  "a run that another host cancels, and that is tried again before the one who asked looks": {
    ...usual,
    ...{ flow: "signals", place: "there", first: "cancel", second: "retry" },
    call: { name: "withdraw", at: 1, isDone: true },
  },
  "a run that is tried again, and whose host is closed while it tells so": {
    ...usual,
    ...{ flow: "races", place: "ended", first: "retry", second: "close", isOneHost: true, isLate: true },
    call: { name: "load", at: 4, isDone: true },
  },
  "a start that finds its id taken, and a signal to the run before it knows": {
    ...usual,
    ...{ flow: "signals", place: "crashed", first: "start", second: "signal", isOneHost: true },
    ...{ isLate: true, turns: 4 },
  },
  "a run that has ended with an open circuit, and an answer to it": {
    ...usual,
    ...{ flow: "breaks", place: "ended", first: "answer", second: "resume", isOneHost: true, turns: 13 },
  },
  "a signal that is kept, and an answer after it to a question beside its wait": {
    ...usual,
    ...{ flow: "races", place: "crashed", first: "signal", second: "answer", isOneHost: true },
    ...{ level: "group", isLate: false, turns: 17 },
  },
  "an answer that is kept, and a new version that has another name for its question": {
    ...usual,
    ...{ flow: "picks", place: "parked", first: "answer", second: "migrate", isOneHost: true, turns: 20 },
  },
};

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
  it.each(Object.entries(found))("%s", async (_what, encounter) => {
    const { problems, isMet } = await meet(encounter, memoryStore());

    expect(problems).toEqual([]);
    expect(isMet).toBe(true);
  });

  it("P14: are each told how they went, and the run ends or rests", async () => {
    const encounters = budget("encounters");
    const problems: string[] = [];
    let met = 0;
    for (let number = 0; number < encounters; number++) {
      const encounter = randomEncounter(seed, number);
      const told = await meet(encounter, memoryStore());
      if (told.isMet) met += 1;
      for (const problem of told.problems) problems.push(`${problem}: ${JSON.stringify(encounter)}`);
    }
    figure(
      `${encounters} encounters of two commands with one run, ${met} of them at a call that was held: ${problems.length} not told, lost or left open`,
    );

    expect(problems).toEqual([]);
    expect(met).toBeGreaterThan(encounters / 5);
  }, 1_200_000);
});
