/** Whoever is first, the first two of three, and a limit on how long anybody may take. */
import { orchestration, type Runnable, race, runnable, sleep } from "@orch/core";

const wait = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });
/** A server that answers after `ms`, and stops when nobody wants its answer any more. */
const server = (id: string, ms: number) =>
  runnable(id, async (question: string, ctx) => {
    try {
      await wait(ms, ctx.signal);
    } catch (error) {
      console.log(`  ${id} stopped`);
      throw error;
    }
    return `${id} says ${question.length}`;
  });
const down = runnable("down", (_: string): string => {
  throw new RangeError("not reachable");
});
const [near, far, slow] = [server("near", 5), server("far", 60), server("slow", 5_000)];

const ask = <TOutput>(state: Runnable<string, TOutput>): Promise<TOutput> =>
  orchestration("asking", (o) => o.start(state).finish(state)).run("how high?");

// The losers are aborted, and awaited: nothing of them goes on in the background.
console.log(await ask(race("fastest", { near, far, slow })));
// One that fails drops out. With too few left, the race fails, and names every failure.
console.log(await ask(race("quorum", { near, far, slow, down }, { first: 2 })));
// A limit is one more that runs: it gives on what it was given.
console.log(await ask(race("inTime", { slow, limit: sleep<string>("limit", 20) })));
await ask(race("lost", { down, far }, { first: 2 })).catch((error: Error) =>
  console.log(error.message.split("\n")[0]),
);
