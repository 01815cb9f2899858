import type { Clock, Orchestration, OrchestrationEvent, Run } from "@orch/core";
import { type Claim, DurableHost, type JournalStore, memoryStore } from "@orch/core/host";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { budget, figure } from "../../../scripts/lanes.ts";
import { sampleFlows } from "./sample-flows.ts";
import { wellFormed } from "./well-formed.ts";

type Scheduler = fc.Scheduler;

/** What an action may see and do. */
interface World {
  run: Run<unknown>;
  readonly events: OrchestrationEvent[];
}

/** What happens from outside, in any order and between any two steps of a run. */
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
      { numRuns: budget("interleavings") },
    );
    figure(
      `${budget("interleavings")} interleavings of ${names.length} orchestrations: ${JSON.stringify(ends)}`,
    );

    expect(Object.keys(ends).toSorted()).toEqual(["cancelled", "completed", "failed"]);
  });
});

const LEASE = 999_999_999;

/** A process on a store: its writes fail once it has crashed, and its claims pass on. */
class Process {
  readonly host: DurableHost;
  readonly #store: JournalStore;
  readonly #claims: Claim[] = [];
  #hasCrashed = false;

  constructor(store: JournalStore, clock: Clock, durability: "step" | "group" | "end") {
    this.#store = store;
    const alive = <TResult>(act: () => TResult): TResult => {
      if (this.#hasCrashed) throw new Error("the process is gone");
      return act();
    };
    const claimed = <TResult>(result: TResult): TResult => {
      const claim = (result as { readonly claim?: Claim }).claim ?? result;
      if (typeof claim === "object") this.#claims.push(claim as Claim);
      return result;
    };
    const watched: JournalStore = {
      ...store,
      create: (run, records, until) => alive(() => claimed(store.create(run, records, until))),
      claim: (runId, now, until) => alive(() => claimed(store.claim(runId, now, until))),
      append: (batch) => alive(() => store.append(batch)),
      offer: (runId, request, now) => alive(() => store.offer(runId, request, now)),
      keep: (runId, answer, judged) => alive(() => store.keep(runId, answer, judged)),
      release: (claims) => (this.#hasCrashed ? undefined : store.release(claims)),
    };
    // The renewal of claims goes on as long as a run waits; without it the scheduler comes to rest.
    const resting: Clock = {
      ...clock,
      after: (ms, fire) => (ms === LEASE / 3 ? () => {} : clock.after(ms, fire)),
    };
    this.host = new DurableHost(watched, { clock: resting, durability, lease: LEASE });
  }

  crash(): void {
    this.#hasCrashed = true;
    void this.#store.release(this.#claims);
  }
}

describe("start, answers, cancellation, timers, crashes and resumes in any order", () => {
  it("end a run exactly once, and its journal tells one story", async () => {
    const ends: { [status: string]: number } = {};
    let crashes = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.constantFrom(...names),
        fc.array(fc.constantFrom(...Object.keys(actions), "crash", "crash", "resume", "suspend"), {
          maxLength: 7,
        }),
        fc.constantFrom("step" as const, "group" as const, "end" as const),
        async (scheduler, name, doings, durability) => {
          const clock = scheduledClock(scheduler);
          const flow = sampleFlows(clock)[name]! as Orchestration<never, unknown>;
          const store = memoryStore();
          let at = new Process(store, clock, durability);
          const start = (): Run<unknown> =>
            (flow as Orchestration<number, unknown>).start(3, { host: at.host, runId: "r", grace: 5 });
          const world: World = { run: start(), events: [] };
          const resume = async (): Promise<void> => {
            if ((await store.get("r")) === undefined) world.run = start();
            else world.run = await at.host.resume(flow, "r", { grace: 5 }).catch(() => world.run);
          };
          const doing = async (what: string): Promise<void> => {
            if (what === "crash") {
              crashes += 1;
              at.crash();
              at = new Process(store, clock, durability);
            } else if (what === "resume") await resume();
            else if (what === "suspend") await world.run.suspend();
            else await actions[what]!(world);
          };
          for (const what of doings) {
            void scheduler.schedule(Promise.resolve(), what).then(() => doing(what));
          }
          /** Lets everything happen that can, also what a store writes at the end of a turn. */
          const settle = async (): Promise<void> => {
            for (let turn = 0; turn < 3; turn++) {
              await new Promise((resolve) => setImmediate(resolve));
              await scheduler.waitIdle();
            }
          };
          await settle();
          // The last process takes the run up and answers until it has ended.
          at.crash();
          at = new Process(store, clock, durability);
          await resume();
          for (let round = 0; round < 50 && /running|waiting/.test(world.run.status); round++) {
            await settle();
            await actions["answer"]!(world);
          }
          expect(world.run.status).toMatch(/completed|failed|cancelled/);
          const events = await at.host.events(flow, "r");

          // What is only told live, as a retry, leaves a gap in the numbers.
          const numbers = events.map(({ seq }) => seq);
          expect(numbers).toEqual([...new Set(numbers)].toSorted((one, other) => one - other));
          expect(wellFormed(events.map((event, index) => ({ ...event, seq: index + 1 })))).toEqual([]);
          expect((await store.get("r"))?.status).toBe(world.run.status);
          ends[world.run.status] = (ends[world.run.status] ?? 0) + 1;
        },
      ),
      { numRuns: budget("durableInterleavings") },
    );
    figure(
      `${budget("durableInterleavings")} interleavings with ${crashes} crashes: ${JSON.stringify(ends)}`,
    );

    expect(Object.keys(ends).toSorted()).toEqual(["cancelled", "completed", "failed"]);
  });
});
