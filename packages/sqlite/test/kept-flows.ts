/** The orchestrations of the runs that are kept as they were written by an earlier commit. Their form is never changed. */
import { each, orchestration, question, runnable, sharedState, sleep } from "@orch/core";
import { z } from "zod";

/** What the functions do: `writes` while the file was written, later what a later life does. */
export const life: { writes: boolean } = { writes: false };

const never = (): Promise<never> => new Promise(() => {});

const log = sharedState("log", {
  seen: {
    start: [] as readonly string[],
    reduce: (all: readonly string[], more: readonly string[]) => [...all, ...more],
  },
});
const count = runnable("count", (n: number, ctx) => {
  ctx.state(log).add("seen", [`n${n}`]);
  ctx.spend({ inputTokens: 10, outputTokens: 1, cost: 0.25 });
  return n + 1;
});
const approve = question("approve", { ask: (n: number) => `Go on with ${n}?`, answer: z.boolean() });
const close = runnable("close", (yes: boolean, ctx) => `${yes} ${ctx.state(log).get("seen").join()}`);

/** Five rounds, and then a question. */
export const asking = orchestration("asking", (o) =>
  o
    .start(count)
    .advance(count, count, { when: (n) => n < 5 })
    .advance(count, approve)
    .advance(approve, close)
    .finish(close),
);

const rest = sleep<string>("rest", 60_000);
const wake = runnable("wake", (name: string) => `${name} is up`);
/** Parked in a sleep. */
export const resting = orchestration("resting", (o) => o.start(rest).advance(rest, wake).finish(wake));

const items = runnable("items", (n: number) => Array.from({ length: n }, (_, index) => index));
const work = runnable("work", async (n: number, ctx) => {
  const key = await ctx.once("key", () => `key-${n}`);
  return n > 1 && life.writes ? never() : key;
});
const fan = each("fan", work);
const join = runnable("join", (keys: readonly string[]) => keys.join());
const inner = orchestration("inner", (o) => o.start(items).advance(items, fan).finish(fan));
/** In the middle of a fan-out, which is inside a nested orchestration. */
export const fanning = orchestration("fanning", (o) => o.start(inner).advance(inner, join).finish(join));

const big = runnable("big", (n: number) => ({ text: "long ".repeat(7_000), n }));
const same = runnable("same", (value: { readonly text: string; readonly n: number }) => ({
  ...value,
  n: value.n + 1,
}));
const breaks = runnable("breaks", ({ text, n }: { readonly text: string; readonly n: number }) => {
  if (life.writes) throw Object.assign(new Error("the line is down"), { status: 503 });
  return text.length + n;
});
/** Fails while the file is written. */
export const failing = orchestration("failing", (o) =>
  o.start(big).advance(big, same).advance(same, breaks).finish(breaks),
);

const title = runnable("title", (topic: string, ctx) =>
  ctx.ask({ name: "title", prompt: { topic }, answer: z.string().min(2) }),
);
/** A runnable that asks on its way. */
export const titling = orchestration("titling", (o) => o.start(title).finish(title));
