/** Flows of every kind, for the suite of durable hosts. */
import {
  all,
  choose,
  each,
  type OrchestrationOptions,
  orchestration,
  question,
  type Run,
  type RunContext,
  race,
  runnable,
  type Schema,
  sharedState,
  sleep,
} from "@orch/core";

/** A flow, and how it has to end. */
export interface HostFlow {
  readonly name: string;
  readonly input: unknown;
  /** Makes the orchestration; `ran` is told the path of every execution. */
  readonly make: (ran: (path: string) => void) => unknown;
  readonly ending: { readonly output: unknown } | { readonly code: string };
  /** By question. */
  readonly answers?: { readonly [question: string]: unknown };
  /** Whether to cancel now. */
  readonly cancel?: (run: Run<unknown>) => boolean;
  /** Paths that have to have been executed. */
  readonly executed?: readonly string[];
}

type Ran = (path: string) => void;

/** A schema that takes strings. */
const text: Schema<string> = {
  "~standard": {
    version: 1,
    vendor: "orch",
    validate: (value) =>
      typeof value === "string" ? { value } : { issues: [{ message: "expected a text" }] },
  },
};

const tally = sharedState("tally", {
  words: { start: [] as readonly string[], reduce: (all, more) => [...all, ...more] },
  last: { start: "" },
});

/** A state that adds its id to a text. */
const adds = (id: string, ran: Ran) =>
  runnable(id, async (input: string, ctx: RunContext) => {
    ran(ctx.path);
    return `${input}${id}`;
  });

const flow = (
  name: string,
  input: unknown,
  ending: HostFlow["ending"],
  make: HostFlow["make"],
  rest: Partial<HostFlow> = {},
): HostFlow => ({ name, input, ending, make, ...rest });

const limited = (options: OrchestrationOptions) => options;

/** The flows. */
export const hostFlows: readonly HostFlow[] = [
  flow("a line of states", "", { output: "abc" }, (ran) => {
    const [a, b, c] = [adds("a", ran), adds("b", ran), adds("c", ran)];
    return orchestration("line", (o) => o.start(a).advance(a, b).advance(b, c).finish(c));
  }),
  flow("a conversion to nothing and back", "", { output: "null/undefined" }, (ran) => {
    const a = adds("a", ran);
    const none = runnable("none", (input: undefined) => input);
    const nil = runnable("nil", (input: null) => input);
    const say = runnable("say", (input: string) => input);
    return orchestration("nothing", (o) =>
      o
        .start(a)
        .advance(a, nil, { convert: () => null })
        .advance(nil, none, { convert: () => undefined })
        .advance(none, say, { convert: (it) => `null/${it}` })
        .finish(say),
    );
  }),
  flow("a branch and a loop", 0, { output: "done 3" }, (ran) => {
    const count = runnable("count", async (n: number, ctx) => {
      ran(ctx.path);
      return n + 1;
    });
    const done = runnable("done", (n: number) => `done ${n}`);
    return orchestration("loop", (o) =>
      o
        .start(count)
        .advance(count, count, { when: (n) => n < 3 })
        .advance(count, done)
        .finish(done),
    );
  }),
  flow(
    "items side by side, three at once",
    ["1", "2", "3", "4", "5"],
    { output: ["1a", "2a", "3a", "4a", "5a"] },
    (ran) => {
      const fan = each("fan", adds("a", ran), { concurrency: 3 });
      return orchestration("items", (o) => o.start(fan).finish(fan));
    },
  ),
  flow("branches, one of them skipped", "x", { output: { a: "xa" } }, (ran) => {
    const fan = all(
      "fan",
      { a: adds("a", ran), b: adds("b", ran) },
      { when: { b: (input: string) => input !== "x" } },
    );
    return orchestration("branches", (o) => o.start(fan).finish(fan));
  }),
  flow("no items at all", [], { output: [] }, (ran) => {
    const fan = each("fan", adds("a", ran));
    return orchestration("none", (o) => o.start(fan).finish(fan));
  }),
  flow("a failure among results", ["a", "!"], { output: ["completed", "failed"] }, (ran) => {
    const fragile = runnable("fragile", async (input: string, ctx) => {
      ran(ctx.path);
      if (input === "!") throw new RangeError("out of range");
      return input;
    });
    const fan = each("fan", fragile, { settled: true });
    const look = runnable("look", (results: readonly { readonly status: string }[]) =>
      results.map(({ status }) => status),
    );
    return orchestration("settled", (o) => o.start(fan).advance(fan, look).finish(look));
  }),
  flow("a race with a wait", "x", { output: "xquick" }, (ran) => {
    const fastest = race("fastest", { slow: sleep<string>("slow", 60_000), quick: adds("quick", ran) });
    return orchestration("race", (o) => o.start(fastest).finish(fastest));
  }),
  flow("a quorum of two, with a failure", "x", { output: ["xa", "xc"] }, (ran) => {
    const broken = runnable("broken", async (_: string): Promise<string> => {
      throw new TypeError("broken");
    });
    const quorum = race("quorum", { a: adds("a", ran), broken, c: adds("c", ran) }, { first: 2 });
    return orchestration("quorum", (o) => o.start(quorum).finish(quorum));
  }),
  flow("a state made from the input", { kind: "b" }, { output: "made b" }, (ran) => {
    const pick = choose("pick", ({ kind }: { readonly kind: string }) =>
      runnable(kind, async (_: { readonly kind: string }, ctx: RunContext) => {
        ran(ctx.path);
        return `made ${kind}`;
      }),
    );
    return orchestration("dynamic", (o) => o.start(pick).finish(pick));
  }),
  flow(
    "a nested orchestration whose failure is caught",
    "x",
    { output: "caught ORCH_RUNNABLE_FAILED in x" },
    (ran) => {
      const a = adds("a", ran);
      const broken = runnable("broken", async (_: string): Promise<string> => {
        throw Object.assign(new Error("no luck"), { code: "E_LUCK" });
      });
      const inner = orchestration("inner", (o) => o.start(a).advance(a, broken).finish(broken));
      const rescue = runnable("rescue", (input: string) => input);
      return orchestration("outer", (o) =>
        o
          .start(inner)
          .catch(inner, rescue, { convert: (error, input) => `caught ${error.code} in ${input}` })
          .finish(inner, rescue),
      );
    },
  ),
  flow("a failure that nobody takes", "x", { code: "ORCH_RUNNABLE_FAILED" }, (ran) => {
    const a = adds("a", ran);
    const broken = runnable("broken", async (_: string): Promise<string> => {
      throw new Error("no luck");
    });
    return orchestration("fails", (o) => o.start(a).advance(a, broken).finish(broken));
  }),
  flow("a failure beside others", ["1", "!", "3"], { code: "ORCH_RUNNABLE_FAILED" }, (ran) => {
    const fragile = runnable("fragile", async (input: string, ctx) => {
      ran(ctx.path);
      if (input === "!") throw new Error("no luck");
      return input;
    });
    const fan = each("fan", fragile);
    return orchestration("fanfails", (o) => o.start(fan).finish(fan));
  }),
  flow("a dead end", "x", { code: "ORCH_NO_ADVANCE" }, (ran) => {
    const [a, b] = [adds("a", ran), adds("b", ran)];
    return orchestration("dead", (o) =>
      o
        .start(a)
        .advance(a, b, { when: () => false })
        .finish(b),
    );
  }),
  flow("a conversion that throws", "x", { code: "ORCH_CONVERSION" }, (ran) => {
    const [a, b] = [adds("a", ran), adds("b", ran)];
    const convert = (): string => {
      throw new Error("cannot");
    };
    return orchestration("converts", (o) => o.start(a).advance(a, b, { convert }).finish(b));
  }),
  flow("an output that is no plain data", "x", { code: "ORCH_RUNNABLE_FAILED" }, () => {
    const dated = runnable("dated", (_: string) => ({ at: [new Date(0)] }));
    return orchestration("dates", (o) => o.start(dated).finish(dated));
  }),
  flow("too many steps", 0, { code: "ORCH_MAX_STEPS" }, (ran) => {
    const again = runnable("again", async (n: number, ctx) => {
      ran(ctx.path);
      return n + 1;
    });
    return orchestration(
      "endless",
      (o) =>
        o
          .start(again)
          .advance(again, again, { when: (n) => n > 0 })
          .finish(again),
      limited({ maxSteps: 3 }),
    );
  }),
  flow("too many visits", 0, { code: "ORCH_MAX_VISITS" }, () => {
    const again = runnable({ id: "again", maxVisits: 2, invoke: async (n: number) => n + 1 });
    return orchestration("visits", (o) =>
      o
        .start(again)
        .advance(again, again, { when: (n) => n > 0 })
        .finish(again),
    );
  }),
  flow("a state that is entered again", 0, { code: "ORCH_NO_ADVANCE" }, () => {
    const stuck = runnable({ id: "stuck", rerun: { attempts: 3 }, invoke: async (n: number) => n });
    const end = runnable("end", (n: number) => n);
    return orchestration("reruns", (o) =>
      o
        .start(stuck)
        .advance(stuck, end, { when: () => false })
        .finish(end),
    );
  }),
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
  flow("a state that two branches set", "x", { code: "ORCH_RUNNABLE_FAILED" }, () => {
    const sets = (id: string) =>
      runnable(id, async (input: string, ctx: RunContext) => {
        ctx.state(tally).set("last", id);
        return input;
      });
    const fan = all("fan", { a: sets("a"), b: sets("b") });
    return orchestration("conflict", (o) => o.start(fan).finish(fan));
  }),
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
