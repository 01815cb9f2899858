import type { Run } from "@orch/core";
import { DurableHost, memoryStore } from "@orch/core/host";
import { manualClock } from "@orch/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { budget, figure } from "../../../../scripts/lanes.ts";
import { sampleFlows } from "../sample-flows.ts";
import { type Driven, drive, kept } from "../told-and-kept.ts";

const LIVES = budget("toldLives");

/** What happens after a process has driven the run for some steps. */
const life = fc.record({
  steps: fc.nat({ max: 4 }),
  after: fc.constantFrom("resume" as const, "cancel" as const, "fork" as const),
});

it("P13: tells every event once and for ever, whichever way runs are suspended, cancelled, retried and forked", async () => {
  const counts = { resume: 0, retry: 0, fork: 0, events: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.keys(sampleFlows(manualClock()))),
      fc.constantFrom("step" as const, "group" as const, "end" as const),
      fc.array(life, { minLength: 1, maxLength: 6 }),
      fc.nat(),
      async (name, durability, lives, place) => {
        const clock = manualClock();
        const store = memoryStore();
        const host = () => new DurableHost(store, { clock, durability });
        let driven: Driven = { flow: sampleFlows(clock)[name]!, clock, told: [] };
        const { flow } = driven;
        let run: Run<unknown> = flow.start(3, { host: host(), runId: "r0", grace: 20 });
        const expectSame = async (): Promise<void> => {
          const recorded = await host().events(flow, run.id);
          expect(kept(driven.told)).toEqual(recorded);
          expect(recorded.map(({ seq }) => seq)).toEqual(recorded.map((_, index) => index + 1));
          counts.events += recorded.length;
        };
        for (const [index, { steps, after }] of lives.entries()) {
          const isOver = await drive(driven, run, steps, after === "cancel" ? "cancel" : "suspend");
          await expectSame();
          const { status } = (await host().get(run.id))!;
          const paths = driven.told.filter(({ type }) => type === "state.completed").map(({ path }) => path);
          if (after === "fork" && paths.length > 0) {
            const before = paths[place % paths.length]!;
            run = await host().fork(flow, run.id, { before, runId: `r${index + 1}` });
            driven = { ...driven, told: [] };
            counts.fork += 1;
          } else if (status === "failed" || status === "cancelled") {
            const retried = await host()
              .retry(flow, run.id)
              .catch(() => undefined);
            if (retried === undefined) return;
            run = retried;
            counts.retry += 1;
          } else if (isOver) return;
          else {
            run = await host().resume(flow, run.id);
            counts.resume += 1;
          }
        }
        await drive(driven, run);
        await expectSame();
      },
    ),
    { numRuns: LIVES },
  );
  figure(`told lives: ${LIVES} runs, ${JSON.stringify(counts)}, no event number repeated or missing`);
});
