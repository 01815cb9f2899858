/**
 * The 43 workflow control-flow patterns, each in its smallest form. `docs/patterns.md` shows the form in a row of its
 * table, and the last test holds the rows against this file.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  all,
  background,
  choose,
  collect,
  each,
  exit,
  items,
  orchestration,
  question,
  type Runnable,
  race,
  runnable,
  sharedState,
  signal,
  sleep,
  until,
} from "@orch/core";
import { manualClock } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";

/** A state that adds its name. */
const adds = (id: string): Runnable<string, string> => runnable(id, async (text: string) => text + id);
const [a, b, c, d] = [adds("a"), adds("b"), adds("c"), adds("d")];
const isLong = (text: string): boolean => text.length > 3;
const isShort = (text: string): boolean => !isLong(text);
const alone = <TInput, TOutput>(only: Runnable<TInput, TOutput>) =>
  orchestration("flow", (o) => o.start(only).finish(only));

let clock = manualClock();
/** The work that was stopped. */
let stopped: string[] = [];

/** A state that takes its time, and gives its name. */
const takes = (id: string, ms: number): Runnable<unknown, string> =>
  runnable(id, (_: unknown, { signal }) => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const cancel = clock.after(ms, () => resolve(id));
    signal.addEventListener("abort", () => {
      cancel();
      stopped.push(id);
      reject(signal.reason);
    });
    return promise;
  });
const [fast, slow, slower] = [takes("fast", 10), takes("slow", 20), takes("slower", 30)];
/** Something that a person says at any time. */
const said = (id: string): Runnable<unknown, string> =>
  question<unknown, string>(id, { ask: id, answer: z.string() });

/** Starts a run on a clock of its own. */
function start<TInput, TOutput>(
  of: Runnable<TInput, TOutput> | ReturnType<typeof alone<TInput, TOutput>>,
  input: TInput,
) {
  clock = manualClock();
  stopped = [];
  const flow = "start" in of ? of : alone(of);
  const run = flow.start(input, { clock });
  run.result.catch(() => {});
  return run;
}

/** Runs it to its end. */
async function result<TInput, TOutput>(
  of: Runnable<TInput, TOutput> | ReturnType<typeof alone<TInput, TOutput>>,
  input: TInput,
): Promise<TOutput> {
  const run = start(of, input);
  await clock.runAll();
  return run.result;
}

const list = runnable("list", (values: object) => Object.values(values).join(" "));

describe("basic control flow", () => {
  it("WCP-1: sequence", async () => {
    expect(
      await result(
        orchestration("f", (o) => o.start(a).advance(a, b).finish(b)),
        "",
      ),
    ).toBe("ab");
  });
  it("WCP-2: parallel split", async () => {
    expect(await result(all("split", { a, b }), "x")).toEqual({ a: "xa", b: "xb" });
  });
  it("WCP-3: synchronization", async () => {
    const both = all("both", { fast, slow });
    expect(
      await result(
        orchestration("f", (o) => o.start(both).advance(both, list).finish(list)),
        "",
      ),
    ).toBe("fast slow");
  });
  it("WCP-4: exclusive choice", async () => {
    const flow = orchestration("f", (o) =>
      o.start(a).advance(a, b, { when: isLong }).advance(a, c).finish(b, c),
    );
    expect([await result(flow, "long"), await result(flow, "")]).toEqual(["longab", "ac"]);
  });
  it("WCP-5: simple merge", async () => {
    const flow = orchestration("f", (o) =>
      o.start(a).advance(a, b, { when: isLong }).advance(a, c).advance(b, d).advance(c, d).finish(d),
    );
    expect([await result(flow, "long"), await result(flow, "")]).toEqual(["longabd", "acd"]);
  });
});

describe("advanced branching and synchronization", () => {
  it("WCP-6: multi-choice", async () => {
    const chosen = all("chosen", { a, b, c }, { when: { b: isLong, c: isShort } });
    expect(await result(chosen, "x")).toEqual({ a: "xa", c: "xc" });
  });
  it("WCP-7: structured synchronizing merge", async () => {
    const chosen = all("chosen", { fast, slow }, { when: { slow: (x) => x === "both" } });
    const flow = orchestration("f", (o) => o.start(chosen).advance(chosen, list).finish(list));
    expect([await result(flow, "both"), await result(flow, "")]).toEqual(["fast slow", "fast"]);
  });
  it("WCP-8: multi-merge", async () => {
    const aThenD = orchestration("aThenD", (o) => o.start(a).advance(a, d).finish(d));
    const bThenD = orchestration("bThenD", (o) => o.start(b).advance(b, d).finish(d));
    expect(await result(all("merge", { aThenD, bThenD }), "")).toEqual({ aThenD: "ad", bThenD: "bd" });
  });
  it("WCP-9: structured discriminator", async () => {
    const both = all("both", { fast, slow }, { first: 1, rest: "background" });
    const long = takes("long", 50);
    const flow = orchestration("f", (o) => o.start(both).advance(both, long).finish(long));
    expect([await result(flow, ""), stopped]).toEqual(["long", []]);
  });
  it("WCP-28: blocking discriminator", async () => {
    const both = all("both", { fast, slow }, { first: 1, rest: "background" });
    const rest = collect("rest", both);
    const flow = orchestration("f", (o) =>
      o
        .start(both)
        .advance(both, rest)
        .advance(rest, both, { when: () => clock.now() < 30 })
        .finish(rest),
    );
    const run = start(flow, "");
    const begun = clock.now();
    await clock.runAll();
    expect([await run.result, clock.now() - begun]).toEqual([
      { slow: { status: "completed", value: "slow" } },
      20,
    ]);
  });
  it("WCP-29: cancelling discriminator", async () => {
    expect([await result(race("both", { fast, slow }), ""), stopped]).toEqual(["fast", ["slow"]]);
  });
  it("WCP-30: structured partial join", async () => {
    const three = all("three", { fast, slow, slower }, { first: 2, rest: "background" });
    const long = takes("long", 50);
    const flow = orchestration("f", (o) => o.start(three).advance(three, long).finish(long));
    expect([await result(flow, ""), stopped]).toEqual(["long", []]);
  });
  it("WCP-31: blocking partial join", async () => {
    const three = all("three", { fast, slow, slower }, { first: 2, rest: "background" });
    const rest = collect("rest", three);
    const flow = orchestration("f", (o) => o.start(three).advance(three, rest).finish(rest));
    expect(await result(flow, "")).toEqual({ slower: { status: "completed", value: "slower" } });
  });
  it("WCP-32: cancelling partial join", async () => {
    const three = all("three", { fast, slow, slower }, { first: 2 });
    expect([await result(three, ""), stopped]).toEqual([{ fast: "fast", slow: "slow" }, ["slower"]]);
  });
  it("WCP-37: acyclic synchronizing merge", async () => {
    const inner = all("inner", { fast, slow }, { when: { slow: (x) => x === "both" } });
    const outer = all("outer", { inner, slower });
    expect(await result(outer, "one")).toEqual({ inner: { fast: "fast" }, slower: "slower" });
  });
  it("WCP-41: thread merge", async () => {
    const threads = each("threads", a);
    const one = runnable("one", (three: readonly string[]) => three.join(" "));
    const flow = orchestration("f", (o) => o.start(threads).advance(threads, one).finish(one));
    expect(await result(flow, ["x", "y", "z"])).toBe("xa ya za");
  });
  it("WCP-42: thread split", async () => {
    const threads = each("threads", b);
    const flow = orchestration("f", (o) =>
      o
        .start(a)
        .advance(a, threads, { convert: (x) => [x, x, x] })
        .finish(threads),
    );
    expect(await result(flow, "")).toEqual(["ab", "ab", "ab"]);
  });
});

describe("multiple instances", () => {
  const vote = runnable(
    "vote",
    (who: string, ctx) => takes(who, who.length * 10).invoke(who, ctx) as Promise<string>,
  );
  it("WCP-12: multiple instances without synchronization", async () => {
    const jobs = background("jobs", each("each", vote));
    const long = takes("long", 90);
    const flow = orchestration("f", (o) => o.start(jobs).advance(jobs, long).finish(long));
    expect([await result(flow, ["x", "yy"]), stopped]).toEqual(["long", []]);
  });
  it("WCP-13: multiple instances known at design time", async () => {
    expect(await result(all("three", { first: a, second: a, third: a }), "")).toEqual({
      first: "a",
      second: "a",
      third: "a",
    });
  });
  it("WCP-14: multiple instances known at run time", async () => {
    expect(await result(each("votes", vote), ["x", "yy"])).toEqual(["x", "yy"]);
  });
  it("WCP-15: multiple instances not known beforehand", async () => {
    const links = items<string>("links");
    const visit = runnable("visit", (page: string, ctx) => {
      if (page.length < 3) links.add(ctx, `${page}x`);
      return page;
    });
    expect(await result(each("crawl", visit, { items: links }), ["x"])).toEqual(["x", "xx", "xxx"]);
  });
  it("WCP-34: static partial join for multiple instances", async () => {
    const votes = each("votes", vote, { first: 2, rest: "background" });
    const long = takes("long", 90);
    const flow = orchestration("f", (o) => o.start(votes).advance(votes, long).finish(long));
    expect([await result(flow, ["x", "yy", "zzz"]), stopped]).toEqual(["long", []]);
  });
  it("WCP-35: cancelling partial join for multiple instances", async () => {
    expect([await result(each("votes", vote, { first: 2 }), ["x", "yy", "zzz"]), stopped]).toEqual([
      ["x", "yy"],
      ["zzz"],
    ]);
  });
  it("WCP-36: dynamic partial join for multiple instances", async () => {
    const voters = items<string>("voters");
    const asks = runnable("asks", async (who: string, ctx) => {
      if (who.length < 9) voters.add(ctx, `${who}!`);
      return vote.invoke(who, ctx);
    });
    const votes = each("votes", asks, { items: voters, enough: ({ values }) => values.length >= 3 });
    expect(await result(votes, ["x"])).toEqual(["x", "x!", "x!!"]);
  });
});

describe("states", () => {
  it("WCP-16: deferred choice", async () => {
    const message = said("message");
    const timer = sleep<unknown>("timer", 50);
    const flow = alone(race("either", { message, timer }));
    const run = start(flow, "late");
    await clock.advance(10);
    await run.answer(run.questions[0]!.id, "in time");
    expect([await run.result, await result(flow, "late")]).toEqual(["in time", "late"]);
  });
  it("WCP-17: interleaved parallel routing", async () => {
    const ready = items<string>("ready");
    const after: { readonly [task: string]: string } = { a: "b" };
    const done: string[] = [];
    const task = runnable("task", async (name: string, ctx) => {
      done.push(name);
      if (after[name] !== undefined) ready.add(ctx, after[name]);
      return name;
    });
    await result(each("tasks", task, { items: ready, concurrency: 1 }), ["a", "c"]);
    expect(done).toEqual(["a", "c", "b"]);
  });
  it("WCP-18: milestone", async () => {
    const order = sharedState("order", { stage: { start: "open" } });
    const wish = signal("wish", z.string());
    const change = until("change", {
      signal: wish,
      when: (_, ctx) => ctx.state(order).get("stage") === "open",
    });
    const ship = runnable("ship", async (_: unknown, ctx) => {
      await slow.invoke(undefined, ctx);
      ctx.state(order).set("stage", "shipped");
    });
    const changing = background("changing", change);
    const later = takes("later", 50);
    const flow = orchestration("f", (o) =>
      o.start(changing).advance(changing, ship).advance(ship, later).finish(later),
    );
    const taken = async (at: number): Promise<boolean> => {
      const run = start(flow, "");
      const events: string[] = [];
      void (async () => {
        for await (const { type, path } of run.events()) events.push(`${type} ${path}`);
      })();
      await clock.advance(at);
      await run.signal(wish, "another colour");
      await clock.runAll();
      await run.result;
      return events.includes("state.completed f/changing#1[change]/change#1");
    };
    expect([await taken(10), await taken(30)]).toEqual([true, false]);
  });
  it("WCP-39: critical section", async () => {
    let inside = 0;
    let most = 0;
    const use = async (text: string): Promise<string> => {
      most = Math.max(most, ++inside);
      await new Promise<void>((resolve) => void clock.after(5, resolve));
      inside -= 1;
      return text;
    };
    const section = runnable({ id: "section", concurrency: 1, invoke: use });
    const first = orchestration("first", (o) => o.start(a).advance(a, section).finish(section));
    const second = orchestration("second", (o) => o.start(section).advance(section, b).finish(b));
    expect(await result(all("both", { first, second }), "x")).toEqual({ first: "xa", second: "xb" });
    expect(most).toBe(1);
  });
  it("WCP-40: interleaved routing", async () => {
    const run = start(all("routing", { fast, slow, slower }, { concurrency: 1 }), "");
    const begun = clock.now();
    await clock.runAll();
    await run.result;
    expect(clock.now() - begun).toBe(60);
  });
});

describe("cancellation and forced completion", () => {
  const work = takes("work", 50);
  it("WCP-19: cancel task", async () => {
    const cancelled = said("cancelled");
    const run = start(race("task", { work, cancelled }), "");
    await clock.advance(10);
    await run.answer(run.questions[0]!.id, "not wanted");
    expect([await run.result, stopped]).toEqual(["not wanted", ["work"]]);
  });
  it("WCP-20: cancel case", async () => {
    const run = start(work, "");
    await clock.advance(10);
    await run.cancel("not wanted");
    await expect(run.result).rejects.toMatchObject({ code: "ORCH_CANCELLED" });
  });
  it("WCP-25: cancel region", async () => {
    const cancelled = said("cancelled");
    const region = orchestration("region", (o) => o.start(fast).advance(fast, work).finish(work));
    const run = start(race("part", { region, cancelled }), "");
    await clock.advance(20);
    await run.answer(run.questions[0]!.id, "not wanted");
    expect([await run.result, stopped]).toEqual(["not wanted", ["work"]]);
  });
  it("WCP-26: cancel multiple instance task", async () => {
    const cancelled = said("cancelled");
    const reviews = each("reviews", work);
    const run = start(race("reviewing", { reviews, cancelled }), [1, 2]);
    await clock.advance(10);
    await run.answer(run.questions[0]!.id, "not wanted");
    expect([await run.result, stopped]).toEqual(["not wanted", ["work", "work"]]);
  });
  it("WCP-27: complete multiple instance task", async () => {
    const review = runnable(
      "review",
      (ms: number, ctx) => takes(`${ms}`, ms).invoke(ms, ctx) as Promise<string>,
    );
    const reviews = each("reviews", review, { first: 1, rest: "background" });
    const complete = said("complete");
    const done = collect("done", reviews, { stop: true });
    const flow = orchestration("f", (o) =>
      o.start(reviews).advance(reviews, complete).advance(complete, done).finish(done),
    );
    const run = start(flow, [10, 20, 90]);
    await clock.advance(30);
    await run.answer(run.questions[0]!.id, "now");
    expect([await run.result, stopped]).toEqual([[{ status: "completed", value: "20" }], ["90"]]);
  });
});

describe("iteration and termination", () => {
  it("WCP-10: arbitrary cycles", async () => {
    const flow = orchestration("f", (o) =>
      o
        .start(a)
        .advance(a, b)
        .advance(b, a, { when: isShort })
        .advance(b, c)
        .advance(c, b, { when: (x) => x.length < 7 })
        .finish(c),
    );
    expect(await result(flow, "")).toBe("ababcbc");
  });
  it("WCP-21: structured loop", async () => {
    expect(
      await result(
        orchestration("f", (o) => o.start(a).advance(a, a, { when: isShort }).finish(a)),
        "",
      ),
    ).toBe("aaaa");
  });
  it("WCP-22: recursion", async () => {
    const done = runnable("done", (n: number) => n);
    const less = runnable("less", (n: number) => n - 1);
    const walk = choose("walk", (n: number): Runnable<number, number> => (n === 0 ? done : down));
    const down = orchestration("down", (o) => o.start(less).advance(less, walk).finish(walk));
    expect(await result(walk, 5)).toBe(0);
  });
  it("WCP-11: implicit termination", async () => {
    const more = items<string>("more");
    const work = runnable("work", (text: string, ctx) => {
      if (isShort(text)) for (const end of ["l", "r"]) more.add(ctx, text + end);
      return text;
    });
    expect((await result(each("all", work, { items: more }), [""])).length).toBe(31);
  });
  it("WCP-43: explicit termination", async () => {
    const stop = exit("stop", fast);
    const work = all("work", { slow, slower, stop });
    const flow = orchestration("f", (o) => o.start(work).advance(work, list).finish(list, stop));
    expect([await result(flow, ""), stopped]).toEqual(["fast", ["slow", "slower"]]);
  });
});

describe("triggers", () => {
  it("WCP-23: transient trigger", async () => {
    const go = said("go");
    const flow = orchestration("f", (o) => o.start(fast).advance(fast, go).finish(go));
    const run = start(flow, "");
    await expect(run.answer("f/go#1", "nobody waits")).rejects.toMatchObject({
      code: "ORCH_UNKNOWN_QUESTION",
    });
    await clock.runAll();
    await run.answer(run.questions[0]!.id, "now");
    expect(await run.result).toBe("now");
  });
  it("WCP-24: persistent trigger", async () => {
    const paid = signal("paid", z.number());
    const payment = until("payment", { signal: paid });
    const flow = orchestration("f", (o) => o.start(slow).advance(slow, payment).finish(payment));
    const run = start(flow, "");
    await clock.advance(5);
    await run.signal(paid, 12);
    await clock.runAll();
    expect(await run.result).toEqual({ by: "signal", value: 12 });
  });
});

describe("docs/patterns.md", () => {
  const root = join(import.meta.dirname, "../../..");
  const page = readFileSync(join(root, "docs/patterns.md"), "utf8");
  const own = readFileSync(import.meta.filename, "utf8");
  const rows = [...page.matchAll(/^\| (\d+) \| ([^|]+) \| (direct|workaround|not possible) \| (.*) \|$/gm)];
  const plain = (text: string): string => text.replaceAll(/\s+/g, "").replaceAll(/,(?=[)}\]])/g, "");

  it("has a row for each of the 43 patterns, and counts them right", () => {
    expect(rows.map(([, number]) => Number(number)).sort((one, other) => one - other)).toEqual(
      Array.from({ length: 43 }, (_, index) => index + 1),
    );
    const count = (mark: string): number => rows.filter((row) => row[3] === mark).length;
    expect(page).toContain(
      `**${count("direct")} are direct, ${count("workaround")} need a workaround, ${count("not possible")} are not possible.**`,
    );
    expect(count("direct")).toBeGreaterThanOrEqual(38);
  });

  it.each(rows.filter((row) => row[3] !== "not possible").map((row) => [Number(row[1]), row] as const))(
    "shows for pattern %i code that its test runs",
    (number, [, , name, , form]) => {
      const test = own
        .slice(own.indexOf(`it("WCP-${number}: ${name!.toLowerCase()}"`))
        .split("\n  });\n")[0]!;
      expect(test.startsWith("it(")).toBe(true);
      const codes = [...form!.matchAll(/`([^`]+)`/g)].map(([, code]) => plain(code!));
      expect(codes.length).toBeGreaterThan(0);
      for (const code of codes) expect(plain(test)).toContain(code);
    },
  );
});
