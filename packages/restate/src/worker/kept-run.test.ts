import type { OrchestrationEvent } from "@orch/core";
import type { ObjectContext, ObjectSharedContext } from "@restatedev/restate-sdk";
import { expect, it } from "vitest";
import { KeptRun, readRun } from "./kept-run.ts";

const order = { orchestration: "flow", version: "1", hash: "h", grace: 0, createdAt: 1 };
const event = (seq: number): OrchestrationEvent =>
  ({ type: "run.started", seq, time: 0, runId: "r", path: "flow" }) as OrchestrationEvent;

/** The state of an object. `before` is called before each reading, `after` after each change. */
function stateOf(doors: { before?: (key: string) => void; after?: () => void }): {
  readonly ctx: ObjectContext & ObjectSharedContext;
  readonly state: Map<string, unknown>;
} {
  const state = new Map<string, unknown>();
  const changed = (): void => doors.after?.();
  const ctx = {
    key: "r",
    get: async (key: string) => {
      doors.before?.(key);
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
  return { ctx: ctx as unknown as ObjectContext & ObjectSharedContext, state };
}

async function keptOf(ctx: ObjectContext): Promise<KeptRun> {
  const kept = new KeptRun(ctx);
  await kept.load(order);
  for (const seq of [1, 2, 3]) {
    kept.keep([{ kind: "woke", id: `w${seq}`, at: seq }, []], { events: [event(seq)] });
  }
  kept.tell([event(3)], 3);
  kept.end({ kind: "completed" });
  return kept;
}

it.each([1, 2, 3])("tells every event to who reads while event %i is put into a page", async (at) => {
  let kept: KeptRun | undefined;
  const { ctx } = stateOf({
    before: (key) => {
      if (key !== `events:${at}` || kept === undefined) return;
      const turning = kept;
      kept = undefined;
      turning.turnPages();
    },
  });
  kept = await keptOf(ctx);
  let from = 0;
  const seqs: number[] = [];
  for (;;) {
    const page = (await readRun(ctx, from))!;
    from = page.next;
    seqs.push(...page.events.map(({ seq }) => seq));
    if (page.end !== undefined) break;
  }
  expect(seqs).toEqual([1, 2, 3]);
});

it("finds every arrival again, wherever the turning of pages was cut", async () => {
  const cuts: Map<string, unknown>[] = [];
  let isTurning = false;
  const { ctx, state } = stateOf({ after: () => isTurning && cuts.push(structuredClone(state)) });
  const kept = await keptOf(ctx);
  isTurning = true;
  kept.turnPages();
  expect(cuts.length).toBeGreaterThan(5);
  for (const cut of cuts) {
    const left = stateOf({});
    for (const [key, value] of cut) left.state.set(key, value);
    const arrivals = await new KeptRun(left.ctx).load(order);
    expect(arrivals.map(([arrival]) => arrival.at)).toEqual([1, 2, 3]);
  }
});
