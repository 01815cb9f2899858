/** The flows whose journals and events are kept: each kind of state, of end and of wait at least once. */
import type { OrchestrationOptions, RunContext, Schema } from "@orch/core";
import type { Modules } from "./modules.ts";

/** A flow, and how it is driven. */
export interface KeptFlow {
  readonly name: string;
  readonly input: unknown;
  /** Made anew for each run. */
  readonly make: (modules: Modules) => unknown;
  /** By question, or one for all questions. */
  readonly answers?: { readonly [question: string]: unknown };
  readonly answer?: unknown;
  /** How long the first process drives it before it lets go, in milliseconds of its clock. Absent: to its end. */
  readonly parkedAfter?: number;
  /** Cancelled after so long. */
  readonly cancelledAfter?: number;
}

const text: Schema<string> = {
  "~standard": {
    version: 1,
    vendor: "orch",
    validate: (value) =>
      typeof value === "string" ? { value } : { issues: [{ message: "expected a text" }] },
  },
};

/** A state that adds its id to a text. */
const adds = ({ core }: Modules, id: string) => core.runnable(id, async (input: string) => `${input}${id}`);
const limited = (options: OrchestrationOptions): OrchestrationOptions => options;

/** States, branches, loops and fan-outs. */
const shapes: readonly KeptFlow[] = [
  {
    name: "line",
    input: "",
    make: (modules) => {
      const [a, b, c] = [adds(modules, "a"), adds(modules, "b"), adds(modules, "c")];
      return modules.core.orchestration("line", (o) => o.start(a).advance(a, b).advance(b, c).finish(c));
    },
  },
  {
    name: "loop",
    input: 0,
    make: ({ core }) => {
      const count = core.runnable("count", async (n: number) => n + 1);
      const done = core.runnable("done", (n: number) => `done ${n}`);
      return core.orchestration("loop", (o) =>
        o
          .start(count)
          .advance(count, count, { when: (n) => n < 3, label: "again" })
          .advance(count, done)
          .finish(done),
      );
    },
  },
  {
    name: "each",
    input: ["1", "!", "3", "4"],
    make: ({ core }) => {
      const fragile = core.runnable("fragile", async (input: string) => {
        if (input === "!") throw new RangeError("out of range");
        return `${input}!`;
      });
      const fan = core.each("fan", fragile, { concurrency: 2, settled: true });
      return core.orchestration("each", (o) => o.start(fan).finish(fan));
    },
  },
  {
    name: "all",
    input: "x",
    make: (modules) => {
      const branches = { a: adds(modules, "a"), b: adds(modules, "b"), c: adds(modules, "c") };
      const fan = modules.core.all("fan", branches, { when: { b: (input: string) => input !== "x" } });
      return modules.core.orchestration("all", (o) => o.start(fan).finish(fan));
    },
  },
  {
    name: "race",
    input: "x",
    make: (modules) => {
      const slow = modules.core.sleep<string>("slow", 60_000);
      const fan = modules.core.race("fan", { slow, quick: adds(modules, "quick") });
      return modules.core.orchestration("race", (o) => o.start(fan).finish(fan));
    },
  },
  {
    name: "choose",
    input: "b",
    make: (modules) => {
      const pick = modules.core.choose<string, string>("pick", (id) => adds(modules, id));
      return modules.core.orchestration("choose", (o) => o.start(pick).finish(pick));
    },
  },
  {
    name: "nested",
    input: "x",
    make: (modules) => {
      const { core } = modules;
      const a = adds(modules, "a");
      const broken = core.runnable("broken", async (_: string): Promise<string> => {
        throw Object.assign(new Error("no luck"), { code: "E_LUCK" });
      });
      const inner = core.orchestration("inner", (o) => o.start(a).advance(a, broken).finish(broken));
      const rescue = core.runnable("rescue", (input: string) => input);
      return core.orchestration("nested", (o) =>
        o
          .start(inner)
          .catch(inner, rescue, { convert: (error, input) => `caught ${error.code} in ${input}` })
          .finish(inner, rescue),
      );
    },
  },
];

/** Ends that are no success. */
const ends: readonly KeptFlow[] = [
  {
    name: "failed",
    input: "x",
    make: (modules) => {
      const a = adds(modules, "a");
      const broken = modules.core.runnable("broken", async (_: string): Promise<string> => {
        throw new Error("no luck");
      });
      return modules.core.orchestration("failed", (o) => o.start(a).advance(a, broken).finish(broken));
    },
  },
  {
    name: "retried",
    input: "x",
    make: ({ core }) => {
      const flaky = core.runnable({
        id: "flaky",
        retry: { attempts: 3, firstDelay: 200, jitter: false },
        invoke: async (input: string, ctx) => {
          if (ctx.attempt < 3) throw new Error("not yet");
          return `${input} after ${ctx.attempt}`;
        },
      });
      return core.orchestration("retried", (o) => o.start(flaky).finish(flaky));
    },
  },
  {
    name: "budget",
    input: 0,
    make: ({ core }) => {
      const spends = core.runnable("spends", async (n: number, ctx) => {
        ctx.spend({ inputTokens: 40, outputTokens: 2, cost: 0.25 });
        return n + 1;
      });
      return core.orchestration(
        "budget",
        (o) =>
          o
            .start(spends)
            .advance(spends, spends, { when: (n) => n < 9 })
            .finish(spends),
        limited({ budget: { maxTokens: 100 } }),
      );
    },
  },
  {
    name: "deadline",
    input: "x",
    make: ({ core }) => {
      const slow = core.sleep<string>("slow", 1_000_000);
      return core.orchestration("deadline", (o) => o.start(slow).finish(slow), limited({ deadline: 2_000 }));
    },
  },
  {
    name: "cancelled",
    input: "x",
    cancelledAfter: 300,
    make: (modules) => {
      const a = adds(modules, "a");
      const wait = modules.core.sleep<string>("wait", 1_000_000);
      return modules.core.orchestration("cancelled", (o) => o.start(a).advance(a, wait).finish(wait));
    },
  },
];

/** What a run remembers and waits for. Each of these is let go of on its way. */
const waits: readonly KeptFlow[] = [
  {
    name: "sleep",
    input: "x",
    parkedAfter: 300,
    make: (modules) => {
      const [a, b] = [adds(modules, "a"), adds(modules, "b")];
      const wait = modules.core.sleep<string>("wait", 5_000);
      return modules.core.orchestration("sleep", (o) =>
        o.start(a).advance(a, wait).advance(wait, b).finish(b),
      );
    },
  },
  {
    name: "questions",
    input: "x",
    answers: { "questions/fan#1[q1]/q1#1": "yes", "questions/fan#1[q2]/q2#1": "no" },
    parkedAfter: 300,
    make: (modules) => {
      const { core } = modules;
      const ask = (id: string) =>
        core.question(id, { ask: (input: string) => `${id} for ${input}?`, answer: text });
      const fan = core.all("fan", { q1: ask("q1"), q2: ask("q2"), work: adds(modules, "work") });
      return core.orchestration("questions", (o) => o.start(fan).finish(fan));
    },
  },
  {
    name: "once-and-ask",
    input: "x",
    answers: { "once-and-ask/curious#1/why": "why" },
    parkedAfter: 300,
    make: ({ core }) => {
      const curious = core.runnable("curious", async (input: string, ctx) => {
        const kept = await ctx.once("kept", async () => "once");
        ctx.emit(core.channel<{ readonly kept: string }>("kept"), { kept });
        const why = await ctx.ask({ name: "why", prompt: { about: input }, answer: text });
        return `${input} ${kept} ${why}`;
      });
      return core.orchestration("once-and-ask", (o) => o.start(curious).finish(curious));
    },
  },
  {
    name: "shared-state",
    input: ["a", "b"],
    parkedAfter: 300,
    make: ({ core }) => {
      const tally = core.sharedState("tally", {
        words: { start: [] as readonly string[], reduce: (all, more) => [...all, ...more] },
        last: { start: "" },
      });
      const note = core.runnable("note", async (word: string, ctx: RunContext) => {
        ctx.state(tally).add("words", [word]);
        return word;
      });
      const fan = core.each("fan", note, { concurrency: 1 });
      const wait = core.sleep<readonly string[]>("wait", 1_000);
      const look = core.runnable("look", (_: readonly string[], ctx: RunContext) => {
        ctx.state(tally).set("last", "end");
        return { words: ctx.state(tally).get("words"), last: ctx.state(tally).get("last") };
      });
      return core.orchestration("shared-state", (o) =>
        o.start(fan).advance(fan, wait).advance(wait, look).finish(look),
      );
    },
  },
  {
    name: "agent",
    input: "the lamp",
    answer: true,
    parkedAfter: 300,
    make: (modules) => {
      const keeper = modules.agents.agentRunnable(keeperOf(modules));
      return modules.core.orchestration("agent", (o) => o.start(keeper).finish(keeper));
    },
  },
];

/** All of them. */
export const keptFlows: readonly KeptFlow[] = [...shapes, ...ends, ...waits];

/** An agent that looks, then lights the lamp if it may, and says so. It reads from the conversation what comes next. */
export function keeperOf({ agents, testing, zod: { z } }: Modules) {
  const look = agents.tool({
    name: "look",
    description: "Looks at a thing.",
    input: z.object({ at: z.string() }),
    invoke: ({ at }, ctx) => {
      ctx.emit({ seen: at });
      return `${at} is dark`;
    },
  });
  const light = agents.tool({
    name: "light",
    description: "Lights the lamp.",
    input: z.object({ minutes: z.number() }),
    approve: true,
    invoke: ({ minutes }) => ({ burns: minutes }),
  });
  const model = testing.scriptedModel(({ messages }) => {
    const since = messages.slice(messages.findLastIndex(({ role }) => role === "user"));
    const turn = since.filter(({ role }) => role === "assistant").length;
    if (turn === 0)
      return { text: "I look first.", calls: [{ name: "look", input: { at: "the lamp" }, id: "call-0" }] };
    if (turn === 1)
      return { reasoning: "It is dark.", calls: [{ name: "light", input: { minutes: 5 }, id: "call-1" }] };
    return "It burns for five minutes.";
  });
  return agents.agent({ name: "keeper", instructions: "Keep the lamp.", model, tools: [look, light] });
}
