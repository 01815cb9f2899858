import { describe, expect, it } from "vitest";
import { memoryHost } from "../host.ts";
import { orchestration, runnable, sharedState } from "../index.ts";

interface Item {
  readonly n: number;
  readonly tags: readonly string[];
  readonly inner?: { readonly deep: number };
}

type Reduce = (all: readonly Item[], more: readonly Item[]) => readonly Item[];
type Loose = { n: number; tags: string[]; inner?: { deep: number } }[];

/** Reducers as people write them: some make a new list, some change what they are given. */
const reducers: { readonly [name: string]: Reduce } = {
  "a new list": (all, more) => [...all, ...more],
  concat: (all, more) => all.concat(more),
  "the last five": (all, more) => [...all, ...more].slice(-5),
  "newest first": (all, more) => [...more, ...all],
  "even ones": (all, more) => [...all, ...more].filter(({ n }) => n % 2 === 0),
  push: (all, more) => {
    (all as Loose).push(...(more as Loose));
    return all;
  },
  "sorted in place": (all, more) => [...all, ...more].sort((one, other) => other.n - one.n),
  "reversed in place": (all, more) => {
    (all as Loose).unshift(...(more as Loose));
    return (all as Loose).reverse();
  },
  "spread items": (all, more) => [...all, ...more].map((item) => ({ ...item, n: item.n + 1 })),
  "items in items": (all, more) => [
    ...more,
    { n: 0, tags: [], inner: { deep: all[0]?.n ?? -1 } },
    ...all.slice(0, 2),
  ],
  "nested lists that are shared": (all, more) => [
    ...all,
    ...more.map((item) => ({ ...item, tags: all[0]?.tags ?? item.tags })),
  ],
  "clones by the platform": (all, more) => structuredClone([...all, ...more]),
  "changes an item": (all, more) => {
    for (const item of all as Loose) item.n += 1;
    return [...all, ...more];
  },
  "changes deep inside": (all, more) => {
    for (const item of all as Loose) item.tags.push("seen");
    return [...all, ...more];
  },
  "adds a property": (all, more) => {
    for (const item of all as Loose) item.inner ??= { deep: 1 };
    return [...all, ...more];
  },
  "removes a property": (all, more) => {
    for (const item of all as Loose) delete item.inner;
    return [...all, ...more];
  },
  "changes what is added": (all, more) => {
    for (const item of more as Loose) item.tags.push("new");
    return [...all, ...more];
  },
  // Outside of strict mode a change of a frozen object is lost without a word.
  "changes an item outside of strict mode": new Function(
    "all",
    "more",
    "for (const item of all) { item.n += 1; item.more = 2; delete item.inner; item.tags.length = 0; } return all.concat(more);",
  ) as Reduce,
  "a list with a property of its own": (all, more) => Object.assign([...all, ...more], { count: all.length }),
};

/** Runs ten steps that each add an item, and gives what each read before and after. */
async function readsOf(reduce: Reduce, hosted: boolean): Promise<readonly unknown[]> {
  const log = sharedState("log", { items: { start: [] as readonly Item[], reduce } });
  const reads: unknown[] = [];
  const step = runnable("step", async (n: number, ctx) => {
    const view = ctx.state(log);
    if (n % 3 !== 1) reads.push(structuredClone(view.get("items")));
    view.add("items", [{ n, tags: [`${n}`], inner: { deep: n } }]);
    if (n % 4 !== 2) reads.push(structuredClone(view.get("items")));
    return n + 1;
  });
  const flow = orchestration("flow", (o) =>
    o
      .start(step)
      .advance(step, step, { when: (n) => n < 10 })
      .finish(step),
  );
  const host = hosted ? await memoryHost() : undefined;
  await flow.run(0, host && { host });
  return reads;
}

/** The same with copies of everything. */
function readsByHand(reduce: Reduce): readonly unknown[] {
  const reads: unknown[] = [];
  let items: readonly Item[] = [];
  for (let n = 0; n < 10; n++) {
    if (n % 3 !== 1) reads.push(structuredClone(items));
    items = reduce(structuredClone(items), [{ n, tags: [`${n}`], inner: { deep: n } }]);
    if (n % 4 !== 2) reads.push(structuredClone(items));
  }
  return reads;
}

describe("a list that a reducer makes", () => {
  it.each(Object.entries(reducers))("is the same as with copies of everything: %s", async (_, reduce) => {
    const wanted = readsByHand(reduce);

    expect(await readsOf(reduce, false)).toEqual(wanted);
    expect(await readsOf(reduce, true)).toEqual(wanted);
  });

  it("is each reader's own, with items that nobody can change", async () => {
    const log = sharedState("log", {
      items: {
        start: [] as readonly { readonly tags: string[] }[],
        reduce: (all, more) => [...all, ...more],
      },
    });
    const given = { tags: ["a"] };
    const seen: { readonly tags: string[] }[][] = [];
    const write = runnable("write", (_: unknown, ctx) => {
      ctx.state(log).add("items", [given]);
      given.tags.push("too late");
    });
    const read = runnable("read", (_: unknown, ctx) => {
      const items = ctx.state(log).get("items") as { readonly tags: string[] }[];
      seen.push(items.slice());
      items.length = 0;
    });
    const change = runnable("change", (_: unknown, ctx) => {
      const [item] = ctx.state(log).get("items");
      expect(() => item!.tags.push("b")).toThrow(TypeError);
      return ctx.state(log).get("items");
    });
    const flow = orchestration("flow", (o) =>
      o.start(write).advance(write, read).advance(read, change).finish(change),
    );

    expect(await flow.run(undefined)).toEqual([{ tags: ["a"] }]);
    expect(seen).toEqual([[{ tags: ["a"] }]]);
    expect(Object.isFrozen(given)).toBe(false);
  });

  it("is read with copies where the reducer changes it in place for this reader only", async () => {
    const log = sharedState("log", {
      items: {
        start: [] as readonly number[],
        reduce: (all, more: readonly number[]) => {
          if (all.length < 2) return [...all, ...more];
          (all as number[]).push(...more);
          return all;
        },
      },
    });
    const grow = runnable("grow", (n: number, ctx) => {
      ctx.state(log).add("items", [n]);
      return n + 1;
    });
    const read = runnable("read", (n: number, ctx) => {
      ctx.state(log).add("items", [n]);
      return [...ctx.state(log).get("items")];
    });
    const flow = orchestration("flow", (o) =>
      o
        .start(grow)
        .advance(grow, grow, { when: (n) => n < 2 })
        .advance(grow, read)
        .finish(read),
    );
    expect(await flow.run(0)).toEqual([0, 1, 2]);
  });

  // Memory that is lost after each step holds no object for the next one.
  const remembers = it.skipIf(process.env["ORCH_AMNESIA"]);
  remembers("has the same items for all that read it, however often it grows", async () => {
    const log = sharedState("log", {
      items: { start: [] as readonly { readonly n: number }[], reduce: (all, more) => [...all, ...more] },
    });
    const firsts = new Set<unknown>();
    const step = runnable("step", async (n: number, ctx) => {
      ctx.state(log).add("items", [{ n }]);
      if (n > 0) firsts.add(ctx.state(log).get("items")[0]);
      return n + 1;
    });
    const flow = orchestration("flow", (o) =>
      o
        .start(step)
        .advance(step, step, { when: (n) => n < 50 })
        .finish(step),
    );

    await flow.run(0);
    expect(firsts.size).toBe(1);

    firsts.clear();
    await flow.run(0, { host: await memoryHost() });
    expect(firsts.size).toBe(1);
  });

  it("may hold maps, dates, instances of classes and accessors, which are copied as far as they can be", async () => {
    class Own {
      n = 1;
    }
    const own = new Own();
    const odd = {
      at: new Date(7),
      map: new Map([["a", [1]]]),
      own,
      accessor: Object.defineProperty({}, "x", { get: () => 1, enumerable: true }),
    };
    const log = sharedState("log", {
      items: { start: [] as readonly (typeof odd)[], reduce: (all, more) => [...all, ...more] },
    });
    const write = runnable("write", (_: unknown, ctx) => ctx.state(log).add("items", [odd]));
    const change = runnable("change", (_: unknown, ctx) => {
      const [item] = ctx.state(log).get("items");
      item!.map.get("a")!.push(2);
      item!.at.setTime(8);
    });
    const read = runnable("read", (_: unknown, ctx) => ctx.state(log).get("items"));
    const flow = orchestration("flow", (o) =>
      o.start(write).advance(write, change).advance(change, read).finish(read),
    );

    const [item] = await flow.run(undefined);
    expect(item!.map.get("a")).toEqual([1]);
    expect(item!.at.getTime()).toBe(7);
    expect(item!.own).toBe(own);
    expect(item!.accessor).toBe(odd.accessor);
    expect([own, odd, odd.accessor].some(Object.isFrozen)).toBe(false);
  });

  it("may hold a circle", async () => {
    const circle: { me?: unknown } = {};
    circle.me = circle;
    const log = sharedState("log", {
      items: { start: [] as readonly (typeof circle)[], reduce: (all, more) => [...all, ...more] },
    });
    const write = runnable("write", (_: unknown, ctx) => ctx.state(log).add("items", [circle]));
    const read = runnable("read", (_: unknown, ctx) => ctx.state(log).get("items"));
    const flow = orchestration("flow", (o) => o.start(write).advance(write, read).finish(read));

    const [item] = await flow.run(undefined);
    expect(item!.me).toBe(item);
    expect(item).not.toBe(circle);
    expect(Object.isFrozen(circle)).toBe(false);
  });

  it("fails with the reducer that throws, and is as it was for who does not read it", async () => {
    const log = sharedState("log", {
      items: {
        start: [{ n: 1 }] as readonly { readonly n: number }[],
        reduce: (all, more) => {
          if (more.some(({ n }) => n === 2)) throw new RangeError("no twos");
          return [...all, ...more];
        },
      },
    });
    const write = runnable("write", (_: unknown, ctx) => {
      ctx.state(log).add("items", [{ n: 3 }]);
      ctx.state(log).get("items");
    });
    const bad = runnable("bad", (_: unknown, ctx) => {
      ctx.state(log).add("items", [{ n: 2 }]);
      return ctx.state(log).get("items");
    });
    const after = runnable("after", (_: unknown, ctx) => ctx.state(log).get("items"));
    const flow = orchestration("flow", (o) =>
      o.start(write).advance(write, bad).advance(bad, after).catch(bad, after).finish(after),
    );

    expect(await flow.run(undefined)).toEqual([{ n: 1 }, { n: 3 }]);
  });
});
