/** Rule 23, in fan-outs: a branch that waits gives its place back, and all its neighbours are asked, live and after a resume. */
import { manualClock, seededRandom } from "@orch/testing";
import { describe, expect, it } from "vitest";
import {
  type Arrival,
  DurableHost,
  type JournalRecord,
  memoryHost,
  memoryStore,
  openMachine,
  performOperation,
} from "../../src/host.ts";
import {
  type AnyRunnable,
  all,
  each,
  type OrchestrationEvent,
  orchestration,
  question,
  type RunContext,
  race,
  runnable,
  type Schema,
  sleep,
} from "../../src/index.ts";

/** Takes any answer. */
const anything: Schema<unknown> = {
  "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) },
};

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const numbers = (length: number): number[] => Array.from({ length }, (_, index) => index);
const q = question<number>("q", { ask: (n) => `${n}?`, answer: anything });

function alone(only: AnyRunnable, id = "flow") {
  return orchestration<never, unknown>(id, (o) => o.start(only as never).finish(only as never));
}

/** Branches of every kind that wait before they work. */
const askers: { readonly [kind: string]: AnyRunnable } = {
  "are questions": q,
  "are orchestrations that come to one": orchestration<number, unknown>("inner", (o) => {
    const first = runnable("first", (n: number) => n);
    return o.start(first).advance(first, q).finish(q);
  }),
  "ask on their way": runnable("asking", (n: number, { ask }: RunContext) =>
    ask({ prompt: n, answer: anything }),
  ),
  "ask later on their way": runnable("later", async (n: number, { ask }: RunContext) => {
    await Promise.resolve();
    return ask({ prompt: n, answer: anything });
  }),
  "call a question by hand": runnable("calling", (n: number, ctx: RunContext) => q.invoke(n, ctx)),
  "are fan-outs of questions": orchestration<number, unknown>("pairs", (o) => {
    const two = runnable("two", (n: number) => [n, n]);
    const both = each("both", q, { concurrency: 1 });
    return o.start(two).advance(two, both).finish(both);
  }),
};

describe.each(Object.entries(askers))("a fan-out whose branches %s", (_kind, branch) => {
  const flow = alone(each("fan", branch));
  const asked = branch.id === "pairs" ? 40 : 20;

  it("shows all questions at once, in memory", async () => {
    const run = flow.start(numbers(20) as never);
    await turn();

    expect(run.status).toBe("waiting");
    expect(run.questions).toHaveLength(asked);
    for (const { id } of run.questions) await run.answer(id, "yes");
    expect(await run.result).toHaveLength(20);
  });

  it("further: on a host that keeps runs, over a suspend and a resume, with one story", async () => {
    const store = memoryStore();
    const host = new DurableHost(store);
    const live: OrchestrationEvent[] = [];
    const run = flow.start(numbers(20) as never, { host, runId: "r", onEvent: (event) => live.push(event) });
    await turn();
    expect(run.questions).toHaveLength(asked);
    await run.answer(run.questions[7]!.id, "early");
    await turn();
    const told = live
      .filter(({ type }) => type === "state.started")
      .map((event) => [event.seq, "path" in event && event.path]);
    await run.suspend();
    const again = await new DurableHost(store).resume(flow, "r");
    await turn();

    const known = (await host.events(flow, "r")).filter(({ type }) => type === "state.started");
    expect(known.map((event) => [event.seq, "path" in event && event.path])).toEqual(told);
    expect(again.questions).toHaveLength(asked - 1);
    for (const { id } of again.questions) await again.answer(id, "yes");
    expect(await again.result).toHaveLength(20);
    expect(await host.events(flow, "r")).not.toEqual([]);
  });

  it("further: on a driver of another engine, and when it makes the run again", async () => {
    const input = numbers(20);
    const open = () => openMachine(flow, input, { runId: "r" });
    const machine = open();
    const kept: [Arrival, ReturnType<typeof machine.take>][] = [];
    const questions = new Set<string>();
    const inbox: Arrival[] = [{ kind: "begin", at: 1 }];
    for (let arrival = inbox.shift(); arrival !== undefined; arrival = inbox.shift()) {
      const taken = machine.take(arrival);
      kept.push([arrival, taken]);
      for (const effect of taken.effects) {
        if (effect.kind === "ask") questions.add(effect.question.id);
        if (effect.kind !== "run") continue;
        const outcome = await performOperation(flow, effect.operation);
        inbox.push({ kind: "ran", id: effect.id, at: arrival.at + 1, outcome });
      }
    }

    expect(questions.size).toBe(asked);
    const again = open();
    for (const [arrival, { decisions, effects, events }] of kept) {
      const taken = again.take(arrival, decisions);
      expect([taken.effects, taken.events]).toEqual([effects, events]);
    }
  });
});

describe("the places of a fan-out", () => {
  it("are given back by sleeps, and branches that work keep theirs", async () => {
    const clock = manualClock();
    const doors = new Map<number, () => void>();
    const nap = sleep<number>("nap", 100);
    const work = runnable(
      "work",
      (n: number) => new Promise<number>((resolve) => doors.set(n, () => resolve(n))),
    );
    const both = orchestration<number, number>("both", (o) => o.start(work).advance(work, nap).finish(nap));
    const result = alone(each("fan", both, { concurrency: 2 })).run(numbers(5) as never, { clock });
    await turn();
    expect([...doors.keys()]).toEqual([0, 1]);
    doors.get(0)!();
    await turn();
    expect([...doors.keys()]).toEqual([0, 1, 2]);
    for (const n of [1, 2]) doors.get(n)!();
    await turn();
    expect([...doors.keys()]).toEqual([0, 1, 2, 3, 4]);
    for (const n of [3, 4]) doors.get(n)!();
    await clock.advance(100);

    expect(await result).toEqual(numbers(5));
  });

  it("are not waited for by an answered branch, and nothing is opened before there is room", async () => {
    const doors = new Map<number, () => void>();
    const work = runnable(
      "work",
      (n: unknown) => new Promise<unknown>((resolve) => doors.set(n as number, () => resolve(n))),
    );
    const first = runnable("first", (n: number) => n);
    // The first two branches ask; the others work at once.
    const branch = orchestration<number, unknown>("branch", (o) =>
      o
        .start(first)
        .advance(first, q, { when: (n) => n < 2 })
        .advance(first, work, { when: (n) => n >= 2 })
        .advance(q, work)
        .finish(work),
    );
    const run = alone(each("fan", branch, { concurrency: 2 })).start(numbers(6) as never);
    await turn();
    expect(run.questions).toHaveLength(2);
    expect([...doors.keys()]).toEqual([2, 3]);
    const ids = run.questions.map(({ id }) => id);
    await run.answer(ids[0]!, 10);
    await run.answer(ids[1]!, 11);
    await turn();
    expect([...doors.keys()]).toEqual([2, 3, 10, 11]);
    for (const n of [2, 10]) doors.get(n)!();
    await turn();
    // Two still work, as many as there are places.
    expect([...doors.keys()]).toEqual([2, 3, 10, 11]);
    doors.get(3)!();
    await turn();
    expect([...doors.keys()]).toEqual([2, 3, 10, 11, 4]);
    for (const n of [11, 4]) doors.get(n)!();
    await turn();
    doors.get(5)!();

    expect(await run.result).toEqual([10, 11, 2, 3, 4, 5]);
  });

  it("are those of a race and of all too, and a condition is asked when its branch is opened, once", async () => {
    const asked: string[] = [];
    const store = memoryStore();
    const fan = all("fan", { a: q, b: q, c: q }, {
      concurrency: 1,
      when: { b: () => asked.push("b") < 0, c: () => asked.push("c") > 0 },
    } as never);
    const flow = alone(fan);
    const run = flow.start(1 as never, { host: new DurableHost(store), runId: "r" });
    await turn();
    expect(run.questions.map(({ path }) => path)).toEqual(["flow/fan#1[a]/q#1", "flow/fan#1[c]/q#1"]);
    await run.suspend();
    const again = await new DurableHost(store).resume(flow, "r");
    await turn();
    for (const { id } of again.questions) await again.answer(id, "yes");

    expect(await again.result).toEqual({ a: "yes", c: "yes" });
    expect(asked).toEqual(["b", "c"]);

    const first = alone(race("first", { a: q, b: q, c: q }, { concurrency: 1 })).start(1 as never);
    await turn();
    expect(first.questions).toHaveLength(3);
    await first.answer(first.questions[2]!.id, "c");
    expect(await first.result).toBe("c");
  });

  it("stay taken in a run that began before, as its journal has it", async () => {
    const flow = alone(each("fan", q));
    const store = memoryStore();
    const host = new DurableHost(store);
    const first = flow.start(numbers(20) as never, { host, runId: "new" });
    await turn();
    await first.suspend();
    const stored = (await store.get("new"))!;
    const [started] = (await store.load("new"))! as [JournalRecord];
    expect(JSON.parse(started.more!)).toMatchObject({ r: 2 });
    const { more: _, ...old } = started;
    const { orchestration: id, version, hash } = stored;
    const made = { runId: "old", orchestration: id, version, hash, createdAt: 1 };
    const claim = await store.create(made, [old], 0);
    expect(claim).not.toBe("exists");

    const run = await host.resume(flow, "old");
    await turn();
    expect(run.questions).toHaveLength(8);
    await run.answer(run.questions[3]!.id, "yes");
    await turn();
    expect(run.questions.map(({ path }) => path).at(-1)).toBe("flow/fan#1[8]/q#1");
    await run.suspend();
    expect((await (await host.resume(flow, "old")).describe()).open).toHaveLength(8);

    const machine = openMachine(flow, numbers(20), { runId: "r" });
    const { decisions } = openMachine(flow, numbers(20), { runId: "r" }).take({ kind: "begin", at: 1 });
    const [of, rules, ...asked] = decisions;
    expect(rules).toEqual({ rules: 2 });
    const before = machine.take({ kind: "begin", at: 1 }, [of!, ...asked.slice(0, 8)]);
    expect(before.effects.filter(({ kind }) => kind === "ask")).toHaveLength(8);
  });

  it("are given back by a run that is stopped while its branches wait", async () => {
    const flow = alone(each("fan", askers["ask on their way"]!, { concurrency: 2 }));
    const run = flow.start(numbers(50) as never, { host: memoryHost() });
    await turn();
    expect(run.questions).toHaveLength(50);
    await run.cancel();

    expect(run.status).toBe("cancelled");
    expect(run.questions).toEqual([]);
  });
});

describe("fan-outs under random waits, suspends and answers", () => {
  it("P15: open a branch exactly when fewer work than there are places, in one story over all resumes", async () => {
    const chance = seededRandom(20261129);
    const pick = (n: number): number => Math.floor(chance() * n);
    let resumes = 0;
    let overlaps = 0;
    for (let round = 0; round < 80; round++) {
      const clock = manualClock();
      const store = memoryStore();
      const concurrency = 1 + pick(3);
      const working = new Map<string, () => void>();
      const nap = sleep<number>("nap", (n) => 1 + (n % 3));
      const state = runnable("state", async (n: number, ctx: RunContext) => {
        if (n % 2 === 0) await ctx.ask({ prompt: n, answer: anything });
        if (n % 5 === 0) await ctx.ask({ name: "more", prompt: n, answer: anything });
        return ctx.once(
          "work",
          () => new Promise<number>((resolve) => working.set(ctx.path, () => resolve(n))),
        );
      });
      const branch = orchestration<number, number>("branch", (o) =>
        o.start(nap).advance(nap, state).finish(state),
      );
      const items = numbers(2 + pick(8));
      const flow = alone(each("fan", branch, { concurrency }));
      const live: OrchestrationEvent[] = [];
      const onEvent = (event: OrchestrationEvent): void => void live.push(event);
      let host = new DurableHost(store, { clock });
      let run = flow.start(items as never, { host, runId: "r", onEvent, grace: 0 });
      for (let guard = 0; run.status !== "completed"; guard++) {
        expect(guard).toBeLessThan(1000);
        await turn();
        if ((run.status as string) === "completed") break;
        if (working.size > concurrency) overlaps += 1;
        const { open } = run.describe();
        // Every branch is open, or as many work as there are places.
        const waits = new Set(run.questions.map(({ path }) => path));
        const busy = open.filter(({ path, kind }) => kind === "runnable" && !waits.has(path)).length;
        const begun = new Set(
          live.flatMap((event) => ("path" in event ? [/\[(\d+)\]/.exec(event.path)?.[1]] : [])),
        ).size;
        if (begun - 1 < items.length) expect(busy).toBeGreaterThanOrEqual(concurrency);
        const dice = pick(12);
        if (dice === 0) {
          await run.suspend();
          working.clear();
          resumes += 1;
          host = new DurableHost(store, { clock });
          run = (await host.resume(flow, "r", { onEvent, grace: 0 })) as typeof run;
        } else if (dice < 5 && run.questions.length > 0) {
          await run.answer(run.questions[pick(run.questions.length)]!.id, "yes");
        } else if (dice < 9 && working.size > 0) {
          const path = [...working.keys()][pick(working.size)]!;
          working.get(path)!();
          working.delete(path);
        } else await clock.advance(1);
      }

      expect(await run.result).toEqual(items);
      const kept = (event: OrchestrationEvent): boolean => !("part" in event);
      const started = new Map(live.filter(kept).map((event) => [event.seq, event.type]));
      const recorded = await host.events(flow, "r");
      expect(recorded.map(({ seq, type }) => [seq, type])).toEqual(
        recorded.map(({ seq }) => [seq, started.get(seq)]),
      );
    }
    expect(resumes).toBeGreaterThan(50);
    expect(overlaps).toBeGreaterThan(0);
  });
});
