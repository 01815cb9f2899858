/** Rule 22, of values: runs see nothing of each other, and each attempt and each branch gets its input as it was. */
import { describe, expect, it } from "vitest";
import { memoryHost } from "../../src/host.ts";
import {
  all,
  choose,
  each,
  orchestration,
  question,
  type Runnable,
  race,
  runnable,
  type Schema,
  sharedState,
} from "../../src/index.ts";

const anything: Schema<unknown> = {
  "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) },
};

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function alone<TInput, TOutput>(only: Runnable<TInput, TOutput>) {
  return orchestration("flow", (o) => o.start(only).finish(only));
}

/** A state that writes its own name into its input, and then gives it. */
const scribbler = (id: string) =>
  runnable(id, (list: string[]) => {
    list.push(id);
    return list.join();
  });

describe("shared state", () => {
  const memory = sharedState("memory", {
    notes: {
      start: [] as string[],
      reduce: (all, more: string[]) => {
        all.push(...more);
        return all;
      },
    },
    prefs: { start: { seen: [] as string[] } },
  });
  const write = runnable("write", (user: string, ctx) => {
    ctx.state(memory).add("notes", [`note of ${user}`]);
    ctx.state(memory).get("prefs").seen.push(user);
    return user;
  });
  const read = runnable("read", (_: string, ctx) => [
    ctx.state(memory).get("notes"),
    ctx.state(memory).get("prefs").seen,
  ]);
  const flow = orchestration("flow", (o) => o.start(write).advance(write, read).finish(read));

  it("E07: a run sees nothing of the shared state of another, though start values and reducers are mutated", async () => {
    await flow.run("alice");

    expect(await flow.run("bob")).toEqual([["note of bob"], ["bob"]]);
  });

  it("E07, further: two runs at once on one durable host keep theirs apart, also when they are resumed", async () => {
    const host = memoryHost();
    const ask = question<string, unknown>("ask", { ask: "go on?", answer: anything });
    const asking = orchestration("asking", (o) =>
      o
        .start(write)
        .advance(write, ask)
        .advance(ask, read, { convert: () => "" })
        .finish(read),
    );
    const runs = ["alice", "bob"].map((user) => asking.start(user, { host, runId: user }));
    await turn();
    await Promise.all(runs.map((run) => run.suspend()));
    const seen = [];
    for (const user of ["alice", "bob"]) {
      const run = await host.resume(asking, user);
      await run.answer("asking/ask#1", 1);
      seen.push(await run.result);
    }

    expect(seen).toEqual([
      [["note of alice"], ["alice"]],
      [["note of bob"], ["bob"]],
    ]);
  });

  it("E07, further: a got value that is changed counts when its runnable completes, and not when its attempt fails", async () => {
    const told: string[][] = [];
    const fickle = runnable({
      id: "fickle",
      retry: { attempts: 2, firstDelay: 1 },
      invoke: (_: string, ctx) => {
        const { seen } = ctx.state(memory).get("prefs");
        told.push([...seen]);
        seen.push(`attempt ${ctx.attempt}`);
        expect(ctx.state(memory).get("prefs").seen).toBe(seen);
        if (ctx.attempt === 1) throw new Error("again");
        return "";
      },
    });
    const again = orchestration("again", (o) => o.start(fickle).advance(fickle, read).finish(read));

    for (const host of [undefined, memoryHost()]) {
      expect(await again.run("", host && { host })).toEqual([[], ["attempt 2"]]);
    }
    expect(told).toEqual([[], [], [], []]);
  });

  it("E07, further: branches that only read a value do not conflict, and branches that change it do", async () => {
    const looks = (id: string, changes: boolean) =>
      runnable(id, (_: unknown, ctx) => {
        const { seen } = ctx.state(memory).get("prefs");
        if (changes) seen.push(id);
        return seen.length;
      });
    const fan = (a: boolean, b: boolean) => alone(all("fan", { a: looks("a", a), b: looks("b", b) }));

    expect(await fan(false, false).run({})).toEqual({ a: 0, b: 0 });
    expect(await fan(true, false).run({})).toEqual({ a: 1, b: 0 });
    await expect(fan(true, true).run({})).rejects.toMatchObject({ cause: { code: "ORCH_STATE_CONFLICT" } });
  });

  it("E07, further: a map as the start value, and what was written and is changed afterwards, stay of one run", async () => {
    const index = sharedState("index", { byName: { start: new Map<string, string[]>() } });
    const put = runnable("put", (name: string, ctx) => {
      const list = [name];
      ctx.state(index).set("byName", ctx.state(index).get("byName").set(name, list));
      list.push("too late");
    });
    const get = runnable("get", (_: unknown, ctx) => [...ctx.state(index).get("byName")]);
    const map = orchestration("map", (o) => o.start(put).advance(put, get).finish(get));
    await map.run("a");

    expect(await map.run("b")).toEqual([["b", ["b"]]]);
  });

  it("E07, further: a prompt that the definition holds is each run's own", async () => {
    const prompt = { lines: ["Pay?"] };
    const pay = question("pay", { ask: () => prompt, answer: anything });
    const work = runnable("work", (_: unknown, ctx) => ctx.ask({ prompt, answer: anything }));
    for (const state of [pay, work]) {
      const run = alone(state).start("");
      await turn();
      (run.questions[0]!.prompt as typeof prompt).lines.push("of another run");
      await run.cancel();
    }

    expect(prompt).toEqual({ lines: ["Pay?"] });
  });
});

describe("an input", () => {
  const grow = runnable({
    id: "grow",
    retry: { attempts: 3, firstDelay: 1 },
    invoke: (list: string[], ctx) => {
      list.push(`try${ctx.attempt}`);
      if (ctx.attempt < 3) throw new Error("again");
      return list.join();
    },
  });
  const bad = runnable("bad", (list: string[]): string => {
    list.push("changed");
    throw new Error("no");
  });
  const rescue = scribbler("rescue");

  it("E08: a later attempt gets the input as it was", async () => {
    expect(await alone(grow).run(["in"])).toBe("in,try3");
  });

  it("E08: each branch gets the input as it was", async () => {
    const x = scribbler("x");
    const y = runnable("y", async (list: string[]) => {
      await null;
      return list.join();
    });

    expect(await alone(all("both", { x, y })).run(["in"])).toEqual({ x: "in,x", y: "in" });
  });

  it("E08: the conversion of a catch gets the input as it was", async () => {
    const flow = orchestration("h", (o) =>
      o
        .start(bad)
        .catch(bad, rescue, { convert: (_error, input) => input })
        .finish(bad, rescue),
    );

    expect(await flow.run(["in"])).toBe("in,rescue");
  });

  it("E08, further: a durable host gives the same in its first life and after a restart", async () => {
    const host = memoryHost();
    const ask = question<string[], unknown>("ask", { ask: "go on?", answer: anything });
    const stop = runnable("stop", (list: string[]) => {
      list.push("stop");
      return list;
    });
    const flow = orchestration("flow", (o) =>
      o
        .start(stop)
        .advance(stop, ask)
        .advance(ask, grow, { convert: () => ["in"] })
        .finish(grow),
    );
    const run = flow.start([], { host, runId: "r" });
    await turn();
    await run.suspend();
    const resumed = await host.resume(flow, "r");
    await resumed.answer("flow/ask#1", 1);

    expect(await resumed.result).toBe("in,try3");
    expect(await alone(grow).run(["in"], { host })).toBe("in,try3");
  });

  it("E08, further: items of a list that are one object, branches of a race, and a chosen state get their own", async () => {
    const item = ["item"];
    const copy = runnable("copy", (list: string[]) => [...list, list.push("x")].join());
    expect(await alone(each("each", copy)).run([item, item])).toEqual(["item,2", "item,2"]);

    const slow = runnable("slow", async (list: string[]) => {
      await turn();
      return list.join();
    });
    expect(await alone(race("race", { bad, slow })).run(["in"])).toBe("in");

    const chosen = orchestration("chosen", (o) => {
      const pick = choose("pick", (_: string[]) => bad);
      return o
        .start(pick)
        .catch(pick, rescue, { convert: (_error, input) => input })
        .finish(pick, rescue);
    });
    expect(await chosen.run(["in"])).toBe("in,rescue");
  });

  it("E08, further: a nested orchestration, a state that is entered again, and the caller's own value keep theirs", async () => {
    const mine = ["in"];
    const inner = orchestration("inner", (o) => o.start(bad).finish(bad));
    const outer = orchestration("outer", (o) =>
      o
        .start(inner)
        .catch(inner, rescue, { convert: (_error, input) => input })
        .finish(inner, rescue),
    );
    expect(await outer.run(mine)).toBe("in,rescue");

    const seen: string[] = [];
    const twice = runnable({
      id: "twice",
      rerun: { attempts: 2 },
      invoke: (list: string[]) => {
        seen.push(list.join());
        list.push("seen");
        return seen.length;
      },
    });
    const end = runnable("end", (n: number) => n);
    const flow = orchestration("flow", (o) =>
      o
        .start(twice)
        .advance(twice, end, { when: (n) => n === 2 })
        .finish(end),
    );
    await flow.run(mine);

    expect(seen).toEqual(["in", "in"]);
    expect(mine).toEqual(["in"]);
  });

  it("E08, further: what once keeps is the same for every attempt, and circles and class instances pass as they are", async () => {
    const lists: string[] = [];
    const keeper = runnable({
      id: "keeper",
      retry: { attempts: 3, firstDelay: 1 },
      invoke: async (_: unknown, ctx) => {
        const list = await ctx.once("list", () => ["kept"]);
        lists.push(list.join());
        list.push("changed");
        if (ctx.attempt < 3) throw new Error("again");
      },
    });
    await alone(keeper).run("");
    expect(lists).toEqual(["kept", "kept", "kept"]);

    class Client {}
    const circle: { self?: unknown; client: Client } = { client: new Client() };
    circle.self = circle;
    const look = runnable({ id: "look", retry: { attempts: 2 }, invoke: (given: typeof circle) => given });
    const given = await alone(look).run(circle);
    expect(given).not.toBe(circle);
    expect(given.self).toBe(given);
    expect(given.client).toBe(circle.client);
  });
});
