/** One definition file for all hosts: everything that a run can do, in one orchestration. */
import {
  all,
  each,
  type Orchestration,
  orchestration,
  question,
  runnable,
  sharedState,
  signal,
  sleep,
  until,
} from "@orch/core";
import { z } from "zod";

const tally = sharedState("tally", {
  words: {
    start: [] as readonly string[],
    reduce: (before: readonly string[], more: readonly string[]) => [...before, ...more],
  },
});

export const paid = signal("paid", z.object({ sum: z.number() }));

const plan = runnable("plan", async (topic: string, ctx) => {
  ctx.spend({ inputTokens: 10, cost: 0.01 });
  return [`${topic} a`, `${topic} b`, `${topic} c`];
});
export const search = runnable({
  id: "search",
  retry: { attempts: 3, firstDelay: 5, jitter: false },
  invoke: async (query: string, ctx) => {
    if (query.endsWith("b") && ctx.attempt === 1) throw new Error("busy");
    const kept = await ctx.once("fetched", () => query.length);
    ctx.state(tally).add("words", [query]);
    return `${query}:${kept}`;
  },
});
const searchAll = each("searchAll", search);
const nap = sleep<readonly string[]>("nap", 20);
const approve = question("approve", {
  ask: (found: readonly string[]) => ({ found: found.length }),
  answer: z.enum(["yes", "no"]),
});
const count = runnable("count", (_: "yes" | "no", ctx) => [...ctx.state(tally).get("words")].sort().join());
const payment = until("payment", { signal: paid });
const both = all("both", { count, payment });
const report = runnable(
  "report",
  ({ count: words, payment: { value } }: { count: string; payment: { value: { sum: number } } }) =>
    `${words} for ${value.sum}`,
);

export const research: Orchestration<string, string> = orchestration("research", (o) =>
  o
    .start(plan)
    .advance(plan, searchAll, { when: (queries) => queries.length > 0 })
    .advance(searchAll, nap)
    .advance(nap, approve)
    .advance(approve, both, { when: (answer) => answer === "yes" })
    .advance(both, report)
    .finish(report),
);
