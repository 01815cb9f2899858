import type { Clock, OrchestrationEvent, Run } from "@orch/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sampleFlows } from "./sample-flows.ts";
import { wellFormed } from "./well-formed.ts";

type Scheduler = fc.Scheduler;

/** What an action may see and do. A host that keeps runs adds its store here. */
interface World {
  readonly run: Run<unknown>;
  readonly events: OrchestrationEvent[];
}

/**
 * What happens from outside, in any order and between any two steps of a run. A durable host adds
 * `crash` (throw the run away) and `resume` (take it up again from its store).
 */
const actions: { readonly [name: string]: (world: World) => Promise<void> } = {
  answer: async ({ run }) => {
    const [question] = run.questions;
    if (question !== undefined) await run.answer(question.id, "yes").catch(() => {});
  },
  answerLast: async ({ run }) => {
    const question = run.questions.at(-1);
    if (question !== undefined) await run.answer(question.id, "no").catch(() => {});
  },
  answerAgain: async ({ run, events }) => {
    const asked = events.find((event) => event.type === "question.asked");
    if (asked?.type === "question.asked") await run.answer(asked.question, "late").catch(() => {});
  },
  cancel: ({ run }) => run.cancel("by chance"),
  look: async ({ run }) => void JSON.stringify(run.describe()),
};

/** A clock whose timers are tasks of the scheduler: they fire in any order. */
function scheduledClock(scheduler: Scheduler): Clock {
  const open = new Set<object>();
  return {
    now: () => 0,
    after: (ms, fire) => {
      const timer = {};
      open.add(timer);
      void scheduler.schedule(Promise.resolve(), `timer of ${ms}`).then(() => {
        if (open.delete(timer)) fire();
      });
      return () => void open.delete(timer);
    },
  };
}

const names = Object.keys(sampleFlows({ now: () => 0, after: () => () => {} }));

describe("start, answers, cancellation and timers in any order", () => {
  it("end a run exactly once, every state that started ended, and nothing left open", async () => {
    const ends: { [status: string]: number } = {};
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.constantFrom(...names),
        fc.array(fc.constantFrom(...Object.keys(actions)), { maxLength: 5 }),
        async (scheduler, name, doings) => {
          const clock = scheduledClock(scheduler);
          const flow = sampleFlows(clock)[name]!;
          const events: OrchestrationEvent[] = [];
          flow.on("*", (event) => events.push(event));
          const world: World = { run: flow.start(3, { clock, grace: 5 }), events };
          for (const doing of doings) {
            void scheduler.schedule(Promise.resolve(), doing).then(() => actions[doing]!(world));
          }
          await scheduler.waitIdle();
          // What still waits for a human is answered until the run ends.
          for (let round = 0; round < 20 && world.run.questions.length > 0; round++) {
            await actions["answer"]!(world);
            await scheduler.waitIdle();
          }
          await world.run.result.catch(() => {});

          expect(wellFormed(events)).toEqual([]);
          expect(world.run.questions).toEqual([]);
          ends[world.run.status] = (ends[world.run.status] ?? 0) + 1;
        },
      ),
      { numRuns: 3_000 },
    );
    console.log(`3000 interleavings of ${names.length} orchestrations: ${JSON.stringify(ends)}`);

    expect(Object.keys(ends).toSorted()).toEqual(["cancelled", "completed", "failed"]);
  });
});
