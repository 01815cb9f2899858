import {
  all,
  background,
  choose,
  collect,
  each,
  exit,
  FatalError,
  isOrchError,
  type OrchError,
  orchestration,
  type RunContext,
  type Runnable,
  race,
  runnable,
  sleep,
} from "@orch/core";
import { adds, flow, type HostFlow, limited } from "./host-flow.ts";

/** Flows whose states work and move on. */
export const stateFlows: readonly HostFlow[] = [
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
  flow(
    "the first two of a list, and a digest of each as it comes",
    ["1", "2", "3"],
    { output: ["1ab", "2ab"] },
    (ran) => {
      const fan = each("fan", adds("a", ran), { concurrency: 1, first: 2, follow: adds("b", ran) });
      return orchestration("some", (o) => o.start(fan).finish(fan));
    },
  ),
  flow("a list until there is enough", ["1", "2", "3", "4"], { output: ["1a", "2a", "3a"] }, (ran) => {
    const fan = each("fan", adds("a", ran), { concurrency: 1, enough: ({ values }) => values.length === 3 });
    return orchestration("enough", (o) => o.start(fan).finish(fan));
  }),
  flow(
    "the rest of a list in the background, and its results taken later",
    ["1", "!", "3"],
    { output: ["completed", "failed"] },
    (ran) => {
      const fragile = runnable("fragile", async (input: string, ctx) => {
        ran(ctx.path);
        if (input === "!") throw new RangeError("out of range");
        return input;
      });
      const quick = each("quick", fragile, { concurrency: 1, first: 1, rest: "background" });
      const late = collect("late", quick);
      const say = runnable("say", (results: readonly { readonly status: string }[]) =>
        results.map(({ status }) => status).sort(),
      );
      return orchestration("left", (o) => o.start(quick).advance(quick, late).advance(late, say).finish(say));
    },
  ),
  flow("a child in the background that is awaited", "x", { output: "xa" }, (ran) => {
    const child = background("child", adds("a", ran));
    const awaited = collect("awaited", child);
    return orchestration("child", (o) => o.start(child).advance(child, awaited).finish(awaited));
  }),
  flow("a branch that ends the whole", "x", { output: "xa" }, (ran) => {
    const alarm = exit("alarm", adds("a", ran), { when: (said) => said === "xa" });
    const work = all("work", { alarm, later: adds("b", ran) }, { concurrency: 1 });
    return orchestration("guarded", (o) => o.start(work).finish(work, alarm));
  }),
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
    // The two are ready together, and a host may take either first.
    const sorted = runnable("sorted", (all: readonly string[]) => [...all].sort());
    return orchestration("quorum", (o) => o.start(quorum).advance(quorum, sorted).finish(sorted));
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
      // The others work until they hear of it, so that no host has taken one of them before.
      return new Promise<string>((_, reject) => {
        const end = (): void => reject(ctx.signal.reason);
        if (ctx.signal.aborted) end();
        else ctx.signal.addEventListener("abort", end, { once: true });
      });
    });
    const fan = each("fan", fragile);
    return orchestration("fanfails", (o) => o.start(fan).finish(fan));
  }),
  flow("a terminal error among results", ["1", "!", "3", "4"], { code: "ORCH_HALTED" }, (ran) => {
    const fan = each("fan", paid(ran), { settled: true, concurrency: 1 });
    return orchestration("halts", (o) => o.start(fan).finish(fan));
  }),
  flow(
    "a terminal error in a fan-out inside of another, which is caught",
    [["1"], ["2", "!", "3"], ["4"]],
    { output: "1 done, 1 failed, 1 open" },
    (ran) => {
      const inner = each("inner", paid(ran), { settled: true, concurrency: 1 });
      const outer = each("outer", inner, { settled: true, concurrency: 1 });
      const rescue = runnable("rescue", (census: string) => census);
      return orchestration("halts", (o) =>
        o.start(outer).catch(outer, rescue, { convert: censusOf }).finish(outer, rescue),
      );
    },
  ),
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
  flow(
    "an output that is no plain data",
    "x",
    { code: "ORCH_RUNNABLE_FAILED" },
    () => {
      const dated = runnable("dated", (_: string) => ({ at: [new Date(0)] }));
      return orchestration("dates", (o) => o.start(dated).finish(dated));
    },
    { isForPlain: true },
  ),
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
];

/** A branch that costs money, and meets the end of it at "!". */
function paid(ran: (path: string) => void): Runnable<string, string> {
  return runnable("paid", async (input: string, ctx) => {
    ran(ctx.path);
    if (input === "!") throw new FatalError("no quota");
    return input;
  });
}

function censusOf(error: OrchError): string {
  if (!isOrchError(error, "ORCH_HALTED")) return error.code;
  const { done, failed, open } = error.facts;
  return `${done} done, ${failed} failed, ${open} open`;
}
