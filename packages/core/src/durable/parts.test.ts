import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { all, orchestration, type Runnable, runnable } from "../index.ts";
import type { Codec } from "./codec.ts";
import { DurableHost } from "./durable-host.ts";
import type { JournalStore } from "./journal-store.ts";
import { memoryStore } from "./memory-store.ts";

interface Message {
  role: string;
  text: string;
}
type Step<TValue> = (value: TValue, step: number) => TValue;

const messages = (count: number, from = 0): Message[] =>
  Array.from({ length: count }, (_, index) => ({ role: "user", text: `message ${from + index}` }));

/** One state that is entered again and again, each time with another step. `isOver` holds after the last. */
function rounds<TValue>(steps: readonly Step<TValue>[], convert = false) {
  let done = 0;
  const state = runnable("state", (value: TValue) => steps[done]!(value, done++));
  const flow = orchestration<TValue, TValue>("rounds", (o) =>
    o
      .start(state)
      .advance(state, state, {
        when: () => done < steps.length,
        ...(convert ? { convert: (value: TValue) => value } : {}),
      } as never)
      .finish(state),
  );
  return {
    flow,
    goOnAt: (step: number) => {
      done = step;
    },
  };
}

async function sizeOf(store: JournalStore, runId: string): Promise<number> {
  const records = (await store.load(runId)) ?? [];
  return records.reduce((sum, { value = "", more = "" }) => sum + value.length + more.length, 0);
}

const dates: Codec = {
  encode: (value) => (value === undefined ? undefined : JSON.parse(JSON.stringify(value))),
  decode: (json) => json && JSON.parse(JSON.stringify(json)),
};

describe("a value that holds a large part", () => {
  it.each([
    ["as it is", false],
    ["converted on the way", true],
  ])("E26: is kept once, %s", async (_how, convert) => {
    const store = memoryStore();
    const host = new DurableHost(store);
    const big = "x".repeat(100_000);
    const grow: Step<{ big: string; n: number }> = ({ big: text, n }) => ({ big: text, n: n + 1 });
    const { flow } = rounds(
      Array.from({ length: 20 }, () => grow),
      convert,
    );
    expect(await flow.run({ big, n: 0 }, { host, runId: "r" })).toEqual({ big, n: 20 });
    expect(await sizeOf(store, "r")).toBeLessThan(120_000);
    const told = await new DurableHost(store).events(flow, "r");
    expect(told.at(-1)).toMatchObject({ type: "run.completed", output: { big, n: 20 } });
    expect(told.filter(({ type }) => type === "state.started")[7]).toMatchObject({ input: { big, n: 7 } });
  });

  it("is kept once where it is handed on alone, and then in an object", async () => {
    const store = memoryStore();
    const host = new DurableHost(store);
    const text = "long ".repeat(4_000);
    const same = runnable("same", (value: string) => value);
    const wrap = runnable("wrap", (value: string) => ({ a: value, b: [value] }));
    const take = runnable("take", ({ b }: { readonly b: readonly string[] }) => b[0]!);
    const flow = orchestration("f", (o) =>
      o.start(same).advance(same, wrap).advance(wrap, take).finish(take),
    );
    expect(await flow.run(text, { host, runId: "r" })).toBe(text);
    expect(await sizeOf(store, "r")).toBeLessThan(1.2 * text.length);
    expect(await (await new DurableHost(store).resume(flow, "r")).result).toBe(text);
  });

  it("is kept again by a run that is tried again, at most once", async () => {
    const store = memoryStore();
    const host = new DurableHost(store);
    const big = "x".repeat(50_000);
    const steps = [0, 1, 2, 3].map((): Step<{ big: string }> => (value) => ({ ...value }));
    const failing: Step<{ big: string }> = () => {
      throw new Error("down");
    };
    const { flow, goOnAt } = rounds([...steps, failing]);
    await expect(flow.run({ big }, { host, runId: "r" })).rejects.toThrow("down");
    const second = rounds([...steps, ...steps]);
    goOnAt(0);
    second.goOnAt(4);
    const run = await new DurableHost(store).retry(second.flow, "r");
    expect(await run.result).toEqual({ big });
    expect(await sizeOf(store, "r")).toBeLessThan(60_000);
  });
});

describe("a list that is handed on and grows", () => {
  const add: Step<Message[]> = (list) => [...list, ...messages(1, list.length)];

  it.each([
    ["plain JSON", undefined],
    ["a codec of its own", dates],
  ])("costs what is new: %s", async (_name, codec) => {
    const store = memoryStore();
    const host = new DurableHost(store, codec === undefined ? {} : { codec });
    const { flow } = rounds(Array.from({ length: 400 }, () => add));
    const output = await flow.run([], { host, runId: "r" });
    expect(output).toEqual(messages(400));
    expect(await sizeOf(store, "r")).toBeLessThan(4 * JSON.stringify(output).length);
    const told = await new DurableHost(store, codec === undefined ? {} : { codec }).events(flow, "r");
    const outputs = told.flatMap((event) => (event.type === "state.completed" ? [event.output] : []));
    expect(outputs).toEqual(Array.from({ length: 400 }, (_, index) => messages(index + 1)));
  });

  it("gives each state its own copy", async () => {
    const kept: Message[][] = [];
    const steps = Array.from(
      { length: 5 },
      (): Step<Message[]> => (list) => {
        for (const earlier of kept) {
          earlier[3]!.text = "changed later";
          earlier.length = 10;
        }
        kept.push(list);
        const next = [...list, ...messages(1, list.length)];
        kept.push(next);
        return next;
      },
    );
    const store = memoryStore();
    const { flow } = rounds(steps);
    expect(await flow.run(messages(50), { host: new DurableHost(store), runId: "r" })).toEqual(messages(55));
    expect(await (await new DurableHost(store).resume(flow, "r")).result).toEqual(messages(55));
  });

  it.each<[string, (message: Message) => unknown]>([
    ["its fields in another order", ({ role, text }) => ({ text, role })],
    ["a field that is undefined", (message) => ({ ...message, more: undefined })],
    ["a symbol as a key", (message) => Object.assign(message, { [Symbol("s")]: 1 })],
    ["no prototype", (message) => Object.assign(Object.create(null), message)],
    [
      "a getter in the place of a field",
      (message) => ({
        ...message,
        get text() {
          return message.text;
        },
      }),
    ],
  ])("stays the same list where its items come back with %s", async (_what, change) => {
    const given: Message[][] = [];
    const steps = Array.from(
      { length: 4 },
      (): Step<Message[]> => (list) => {
        given.push(structuredClone(list));
        expect(list.every((one) => Reflect.ownKeys(one).length === 2)).toBe(true);
        return [...list.map((one) => change(one) as Message), ...messages(1, list.length)];
      },
    );
    const store = memoryStore();
    const { flow } = rounds(steps);
    expect(await flow.run(messages(40), { host: new DurableHost(store), runId: "r" })).toEqual(messages(44));
    expect(given.map((list) => list.length)).toEqual([40, 41, 42, 43]);
    expect(given.at(-1)).toEqual(messages(43));
  });

  it.each<[string, (message: Partial<Message> & { more?: number }) => void]>([
    ["gone", (message) => delete message.text],
    [
      "new",
      (message) => {
        message.more = 1;
      },
    ],
    [
      "of another value",
      (message) => {
        message.text = "other";
      },
    ],
  ])("takes an item over whose field is %s", async (_what, change) => {
    const expected = messages(40);
    change(expected[7]!);
    const seen: Message[][] = [];
    const { flow } = rounds([
      (list: Message[]) => list,
      (list) => {
        change(list[7]!);
        return list;
      },
      (list) => {
        seen.push(structuredClone(list));
        return list;
      },
    ]);
    const store = memoryStore();
    expect(await flow.run(messages(40), { host: new DurableHost(store), runId: "r" })).toEqual(expected);
    expect(seen).toEqual([expected]);
    expect((await new DurableHost(store).events(flow, "r")).at(-1)).toMatchObject({ output: expected });
  });

  it("refuses what is no plain data in the place of a message that was kept", async () => {
    class Spoken {
      role = "user";
      text = "message 7";
    }
    const { flow } = rounds([
      (list: Message[]) => list,
      (list) => list.map((one, index) => (index === 7 ? new Spoken() : one)),
    ]);
    await expect(flow.run(messages(40), { host: new DurableHost(memoryStore()) })).rejects.toMatchObject({
      cause: { code: "ORCH_NOT_SERIALIZABLE", facts: { place: "[7]", found: "a Spoken" } },
    });
  });

  it("keeps lists apart that go on where one list ended", async () => {
    const start = messages(40);
    const branch = (id: string) =>
      runnable(id, (list: Message[]) => [...list, { role: id, text: id }, ...messages(2, 90)]);
    const both = all("both", { left: branch("left"), right: branch("right") });
    const longer = runnable(
      "longer",
      ({ left, right }: { readonly left: Message[]; readonly right: Message[] }) => ({
        left: [...left, ...messages(1)],
        right: [...right.slice(0, 41), ...messages(3, 7)],
      }),
    );
    const flow = orchestration<Message[], unknown>("apart", (o) =>
      o.start(both).advance(both, longer).finish(longer),
    );
    const expected = {
      left: [...start, { role: "left", text: "left" }, ...messages(2, 90), ...messages(1)],
      right: [...start, { role: "right", text: "right" }, ...messages(3, 7)],
    };
    const store = memoryStore();
    expect(await flow.run(start, { host: new DurableHost(store), runId: "r" })).toEqual(expected);
    const told = await new DurableHost(store).events(flow, "r");
    expect(told.at(-1)).toMatchObject({ output: expected });
    expect(await sizeOf(store, "r")).toBeLessThan(3 * JSON.stringify(start).length);
  });

  it("is the same after any change of it, with and without a restart at each step", async () => {
    const change = fc.oneof(
      fc.record({ kind: fc.constant("add" as const), count: fc.integer({ min: 1, max: 40 }) }),
      fc.record({ kind: fc.constant("edit" as const), count: fc.nat(200) }),
      fc.record({ kind: fc.constant("cut" as const), count: fc.nat(60) }),
      fc.record({ kind: fc.constant("first" as const), count: fc.nat(3) }),
      fc.record({ kind: fc.constant("long" as const), count: fc.nat(9) }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 12 }),
        fc.boolean(),
        async (changes, cuts) => {
          const steps = changes.map(
            ({ kind, count }, step): Step<Message[]> =>
              (list) => {
                if (kind === "add") return [...list, ...messages(count, step * 1_000)];
                if (kind === "edit") {
                  // In place, in the copy that belongs to this state.
                  const one = list[count % Math.max(1, list.length)];
                  if (one !== undefined) one.text += "!";
                  return list;
                }
                if (kind === "cut") return list.slice(0, -count || undefined);
                if (kind === "first") return [...messages(count, 9_000), ...list];
                return [...list, { role: "user", text: `${count}`.repeat(5_000) }];
              },
          );
          const expected = steps.reduce(
            (list, step, index) => step(structuredClone(list), index),
            messages(40),
          );
          const store = memoryStore();
          const plain = rounds(steps);
          expect(await plain.flow.run(messages(40), { host: new DurableHost(store), runId: "r" })).toEqual(
            expected,
          );
          if (!cuts) return;
          const cut = rounds(steps);
          for (let step = 0; step < steps.length; step++) {
            // A journal as a kill after this step leaves it.
            const part = memoryStore();
            const all = (await store.load("r"))!;
            const run = (await store.get("r"))!;
            part.create(run, all.slice(0, 1 + step), 0);
            cut.goOnAt(step);
            const resumed = await new DurableHost(part).resume(cut.flow, "r");
            expect(await resumed.result).toEqual(expected);
            expect((await part.load("r"))!.length).toBe(all.length);
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  it("goes with a fork, which needs nothing of the run that it comes from", async () => {
    const store = memoryStore();
    const host = new DurableHost(store);
    const steps = Array.from({ length: 60 }, () => add);
    const { flow, goOnAt } = rounds(steps);
    await flow.run(messages(40), { host, runId: "r" });
    for (const [id, options] of [
      ["after", { after: "rounds/state#30" }],
      ["before", { before: "rounds/state#30", input: messages(3) }],
      ["edited", { after: "rounds/state#30", output: messages(77) }],
    ] as const) {
      goOnAt(id === "before" ? 29 : 30);
      const count = id === "before" ? 3 + 31 : id === "edited" ? 77 + 30 : 100;
      expect(await (await host.fork(flow, "r", { ...options, runId: id })).result).toEqual(messages(count));
    }
    host.delete("r");
    for (const id of ["after", "before", "edited"]) {
      expect(await sizeOf(store, id)).toBeLessThan(30_000);
      const told = await new DurableHost(store).events(flow, id);
      expect(told).toContainEqual(
        expect.objectContaining({ type: "state.completed", path: "rounds/state#20", output: messages(60) }),
      );
    }
  });

  it("is whole for migrate", async () => {
    const store = memoryStore();
    const { flow } = rounds(Array.from({ length: 10 }, () => add));
    await flow.run(messages(40), { host: new DurableHost(store), runId: "r" });
    let seen: unknown;
    const state = runnable("state", (list: Message[]) => list);
    const next = orchestration(
      "rounds",
      (o) =>
        o
          .start(state)
          .advance(state, state, { when: () => true })
          .finish(state),
      {
        version: "2",
        migrate: (records) => {
          seen = JSON.parse(records[5]!.value!);
          return records;
        },
      },
    );
    await new DurableHost(store).events(next, "r");
    expect(seen).toEqual(messages(45));
  });

  it("names the record where a part is missing", async () => {
    const store = memoryStore();
    const { flow } = rounds(Array.from({ length: 4 }, () => add));
    await flow.run(messages(40), { host: new DurableHost(store), runId: "r" });
    const records = (await store.load("r"))!.map((record, index) =>
      index === 1 ? { ...record, value: "{}", more: '{"d":[[0,0]]}' } : record,
    );
    const broken = memoryStore();
    broken.create((await store.get("r"))!, records, 0);
    await expect(new DurableHost(broken).events(flow, "r")).rejects.toMatchObject({
      code: "ORCH_JOURNAL_DAMAGED",
    });
  });
});

it("what is small is written as before", async () => {
  const store = memoryStore();
  const small: Runnable<{ n: number }, { n: number }> = runnable("small", ({ n }: { n: number }) => ({
    n: n + 1,
  }));
  const flow = orchestration("f", (o) => o.start(small).finish(small));
  await flow.run({ n: 1 }, { host: new DurableHost(store), runId: "r" });
  expect((await store.load("r"))!.map(({ value, more }) => [value, more])).toEqual([
    ['{"n":1}', expect.any(String)],
    ['{"n":2}', '{"d":["end"]}'],
    ['"completed"', undefined],
  ]);
});
