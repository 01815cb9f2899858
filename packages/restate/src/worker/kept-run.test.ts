import type { OrchestrationEvent } from "@orch/core";
import type { ObjectContext, ObjectSharedContext } from "@restatedev/restate-sdk";
import { expect, it } from "vitest";
import { type KeptArrival, KeptRun } from "./kept-run.ts";
import { readRun } from "./read-run.ts";

const order = { orchestration: "flow", version: "1", hash: "h", grace: 0, createdAt: 1 };
const event = (seq: number): OrchestrationEvent =>
  ({ type: "run.started", seq, time: 0, runId: "r", path: "flow" }) as OrchestrationEvent;

/** The state of an object. `before` is called before each reading, `after` after each change. */
function stateOf(doors: { before?: (key: string) => Promise<void> | undefined; after?: () => void }): {
  /** The keys that were asked for. */
  readonly asked: string[];
  readonly ctx: ObjectContext & ObjectSharedContext;
  readonly state: Map<string, unknown>;
} {
  const state = new Map<string, unknown>();
  const asked: string[] = [];
  const changed = (): void => doors.after?.();
  const ctx = {
    key: "r",
    get: async (key: string) => {
      asked.push(key);
      await doors.before?.(key);
      return structuredClone(state.get(key) ?? null);
    },
    set: (key: string, value: unknown) => {
      state.set(key, structuredClone(value));
      changed();
    },
    clear: (key: string) => {
      state.delete(key);
      changed();
    },
  };
  return { ctx: ctx as unknown as ObjectContext & ObjectSharedContext, state, asked };
}

const woke = (number: number): KeptArrival => [{ kind: "woke", id: `w${number}`, at: number }, []];

/** A run of three arrivals that has ended. */
async function keptOf(ctx: ObjectContext): Promise<KeptRun> {
  const kept = new KeptRun(ctx);
  await kept.load(order);
  for (const seq of [1, 2, 3]) kept.keep(woke(seq), { events: [event(seq)] });
  kept.end({ kind: "completed" });
  return kept;
}

it.each([1, 2, 3])("tells every event to who reads while event %i is put into a page", async (at) => {
  let kept: KeptRun | undefined;
  const { ctx } = stateOf({
    before: (key) => {
      if (key !== `events:${at}` || kept === undefined) return undefined;
      const turning = kept;
      kept = undefined;
      return turning.turnPages();
    },
  });
  kept = await keptOf(ctx);
  let from = 0;
  const seqs: number[] = [];
  for (;;) {
    const page = (await readRun(ctx, from))!;
    from = page.next;
    seqs.push(...page.events.map(({ seq }) => seq));
    if (!page.more) break;
  }
  expect(seqs).toEqual([1, 2, 3]);
});

it("finds every arrival again, wherever the turning of pages was cut", async () => {
  const cuts: Map<string, unknown>[] = [];
  let isTurning = false;
  const { ctx, state } = stateOf({ after: () => isTurning && cuts.push(structuredClone(state)) });
  const kept = await keptOf(ctx);
  isTurning = true;
  await kept.turnPages();
  expect(cuts.length).toBeGreaterThan(5);
  for (const cut of cuts) {
    const left = stateOf({});
    for (const [key, value] of cut) left.state.set(key, value);
    const again = new KeptRun(left.ctx);
    await again.load(order);
    const times = (await again.after(0)).map(([arrival]) => arrival.at);
    expect(times).toEqual([1, 2, 3]);
    expect((await again.after(2)).map(([arrival]) => arrival.at)).toEqual([3]);
  }
});

/** A run that rests after each arrival, so often; gives what its last taking up asked for. */
async function rested(count: number): Promise<readonly string[]> {
  const { ctx, asked } = stateOf({});
  for (let number = 1; number <= count; number++) {
    asked.length = 0;
    const kept = new KeptRun(ctx);
    const snapshot = await kept.load(order);
    expect((await kept.after(snapshot?.last ?? 0)).length).toBeLessThan(64);
    kept.keep(woke(number), { events: [event(number)] });
    kept.putSnapshot(() => "a run", 0, new Map());
    await kept.turnPages();
  }
  return asked;
}

it("reads the same for who takes it up after 1,001 rests as after 33", async () => {
  expect(await rested(1_001)).toEqual(await rested(33));
});

it("keeps a long snapshot when the arrivals after the last one are half as long or many, and what ended with it", async () => {
  const { ctx, state } = stateOf({});
  const kept = new KeptRun(ctx);
  await kept.load(order);
  const ends = new Map([["q", { kind: "duplicate" }]] as const);
  const put = (): boolean => kept.putSnapshot(() => "x".repeat(10_000), 7, ends);
  expect(put()).toBe(false);
  let taken = 0;
  const keptAt: number[] = [];
  while (taken < 200) {
    kept.keep(woke(++taken), { events: [] });
    if (put()) keptAt.push(taken);
  }
  expect(keptAt).toEqual([1, 65, 129, 193]);
  expect(state.get("snapshot")).toMatchObject({ last: 193, seen: 7 });
  expect(await kept.endOf("q")).toEqual({ kind: "duplicate" });
  expect(await kept.endOf("other")).toBeUndefined();
  kept.keep([{ kind: "cancel", reason: "x".repeat(6_000), at: 201 }, []], { events: [] });
  expect(put()).toBe(true);
});

it("shows what the status was before a pause, once a worker drives the run again", async () => {
  const { ctx } = stateOf({});
  const kept = new KeptRun(ctx);
  await kept.load(order);
  kept.keep(woke(1), { events: [{ ...event(1), type: "run.waiting", questions: [] } as never] });
  kept.pause("nobody");
  kept.pause("nobody");
  expect((await readRun(ctx, 1))!.card).toMatchObject({ status: "paused", problem: "nobody" });
  const again = new KeptRun(ctx);
  await again.load(order);
  again.goOn();
  expect((await readRun(ctx, 1))!.card).toEqual({ ...(await readRun(ctx, 1))!.card, status: "waiting" });
  expect((await readRun(ctx, 1))!.card).not.toHaveProperty("problem");
});
