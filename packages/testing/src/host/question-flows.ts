import { all, each, orchestration, question, type RunContext, runnable, sleep } from "@orch/core";
import { adds, flow, type HostFlow, limited, tally, text } from "./host-flow.ts";

/** Flows that wait, ask, share state or reach a limit. */
export const questionFlows: readonly HostFlow[] = [
  flow("a retry with a pause", "x", { output: "x after 3" }, () => {
    const flaky = runnable({
      id: "flaky",
      retry: { attempts: 3, firstDelay: 200, jitter: false },
      invoke: async (input: string, ctx) => {
        if (ctx.attempt < 3) throw new Error("not yet");
        return `${input} after ${ctx.attempt}`;
      },
    });
    return orchestration("retries", (o) => o.start(flaky).finish(flaky));
  }),
  flow("a wait between states", "x", { output: "xab" }, (ran) => {
    const [a, b] = [adds("a", ran), adds("b", ran)];
    const wait = sleep<string>("wait", 5_000);
    return orchestration("waits", (o) => o.start(a).advance(a, wait).advance(wait, b).finish(b));
  }),
  flow(
    "questions side by side, and work that goes on",
    "x",
    { output: { q1: "yes", q2: "no", work: "xwork" } },
    (ran) => {
      const ask = (id: string) =>
        question(id, { ask: (input: string) => `${id} for ${input}?`, answer: text });
      const fan = all("fan", { q1: ask("q1"), q2: ask("q2"), work: adds("work", ran) });
      return orchestration("asks", (o) => o.start(fan).finish(fan));
    },
    { answers: { "asks/fan#1[q1]/q1#1": "yes", "asks/fan#1[q2]/q2#1": "no" } },
  ),
  flow("a question without an answer in time", "x", { code: "ORCH_RUNNABLE_FAILED" }, () => {
    const ask = question("ask", { ask: (_: string) => "?", answer: text, timeout: 3_000 });
    return orchestration("late", (o) => o.start(ask).finish(ask));
  }),
  flow(
    "a runnable that asks and keeps",
    "x",
    { output: "x once why" },
    (ran) => {
      const curious = runnable("curious", async (input: string, ctx) => {
        const kept = await ctx.once("kept", async () => {
          ran(`${ctx.path}:kept`);
          return "once";
        });
        const why = await ctx.ask({ name: "why", prompt: { about: input }, answer: text });
        return `${input} ${kept} ${why}`;
      });
      return orchestration("curiosity", (o) => o.start(curious).finish(curious));
    },
    { answers: { "curiosity/curious#1/why": "why" } },
  ),
  flow("shared state", ["a", "b"], { output: { words: ["a", "b", "end"], last: "end" } }, (ran) => {
    const note = runnable("note", async (word: string, ctx) => {
      ran(ctx.path);
      ctx.state(tally).add("words", [word]);
      return word;
    });
    const end = runnable("end", async (_: readonly string[], ctx) => {
      ctx.state(tally).add("words", ["end"]);
      ctx.state(tally).set("last", "end");
      return null;
    });
    const look = runnable("look", (_: null, ctx) => {
      const shared = ctx.state(tally);
      return { words: [...shared.get("words")].sort(), last: shared.get("last") };
    });
    const fan = each("fan", note, { concurrency: 1 });
    return orchestration("state", (o) => o.start(fan).advance(fan, end).advance(end, look).finish(look));
  }),
  flow(
    "a state that two branches set",
    "x",
    { code: "ORCH_RUNNABLE_FAILED" },
    () => {
      const sets = (id: string) =>
        runnable(id, async (input: string, ctx: RunContext) => {
          ctx.state(tally).set("last", id);
          return input;
        });
      const fan = all("fan", { a: sets("a"), b: sets("b") });
      return orchestration("conflict", (o) => o.start(fan).finish(fan));
    },
    { isRace: true },
  ),
  flow("a budget that is passed", 0, { code: "ORCH_BUDGET" }, () => {
    const spends = runnable("spends", async (n: number, ctx) => {
      ctx.spend({ inputTokens: 40 });
      return n + 1;
    });
    return orchestration(
      "costly",
      (o) =>
        o
          .start(spends)
          .advance(spends, spends, { when: (n) => n < 9 })
          .finish(spends),
      limited({ budget: { maxTokens: 100 } }),
    );
  }),
  flow("a deadline that passes, and is caught", "x", { output: "too slow" }, () => {
    const slow = sleep<string>("slow", 1_000_000);
    const inner = orchestration("inner", (o) => o.start(slow).finish(slow), limited({ deadline: 2_000 }));
    const rescue = runnable("rescue", (input: string) => input);
    return orchestration("outer", (o) =>
      o
        .start(inner)
        .catch(inner, rescue, { convert: () => "too slow" })
        .finish(inner, rescue),
    );
  }),
  flow(
    "a cancellation",
    "x",
    { code: "ORCH_CANCELLED" },
    (ran) => {
      const a = adds("a", ran);
      const wait = sleep<string>("wait", 1_000_000);
      return orchestration("stops", (o) => o.start(a).advance(a, wait).finish(wait));
    },
    { cancel: (run) => run.describe().visits["wait"] === 1 },
  ),
];
