/** What `bench/scale.ts` measures: a line of states, and many at once. Nothing in them takes time. */
import { each, type Orchestration, orchestration, type Runnable, runnable, sleep } from "@orch/core";

const step = (id: string) => runnable(id, (left: number) => left - 1);
/** A state that takes its time, so that a kill comes in the middle of a run. */
const slow = runnable("slow", async (left: number) => {
  await new Promise((resolve) => setTimeout(resolve, 50));
  return left - 1;
});

/** States one after another: as many as the input says. `remote` names those that any worker may perform. */
function lineOf(id: string, one: Runnable<number, number>): Orchestration<number, number> {
  const done = runnable("done", (left: number) => left);
  return orchestration(
    id,
    (o) =>
      o
        .start(one)
        .advance(one, done, { when: (left) => left <= 0 })
        .advance(one, one)
        .finish(done),
    { maxSteps: 10_000 },
  );
}

/** As many states at once as the input says. */
function fanOf(id: string, states: string): Orchestration<number, number> {
  const split = runnable("split", (count: number) => Array.from({ length: count }, (_, index) => index));
  const all = each("all", step(states), { concurrency: 64 });
  const count = runnable("count", (values: readonly number[]) => values.length);
  return orchestration(id, (o) => o.start(split).advance(split, all).advance(all, count).finish(count));
}

/** The states that any worker may perform. */
export const REMOTE: readonly string[] = ["far"];

export const localLine = lineOf("localLine", step("near"));
export const remoteLine = lineOf("remoteLine", step("far"));
export const slowLine = lineOf("slowLine", slow);
export const localFan = fanOf("localFan", "near");
export const remoteFan = fanOf("remoteFan", "far");

/** A state and a wait of a millisecond, in turn: as many of each as the input says. */
export const naps: Orchestration<number, number> = (() => {
  const near = step("near");
  const nap = sleep<number>("nap", 1);
  const done = runnable("done", (left: number) => left);
  return orchestration(
    "naps",
    (o) =>
      o
        .start(near)
        .advance(near, done, { when: (left) => left <= 0 })
        .advance(near, nap)
        .advance(nap, near)
        .finish(done),
    { maxSteps: 1_000_000 },
  );
})();
