import { memorySessions, type TurnRecord } from "@orch/chat-runtime";
import { expect, test } from "vitest";
import { keptSpending } from "./kept-spending.ts";

const PRICED: Pick<TurnRecord, "usage" | "cost"> = { usage: { input: 10, output: 5 }, cost: 0.01 };

/** What is shown of a conversation of which only the last turn is read. */
async function shownOf(first: Partial<TurnRecord>): Promise<ReturnType<typeof keptSpending>> {
  const store = memorySessions();
  const messages: TurnRecord["messages"] = [{ role: "user", content: [{ type: "text", text: "hi" }] }];
  const turn = { configuration: "c", messages, status: "completed", startedAt: 1 } as const;
  const turns = [
    { ...turn, id: "t0", ...first },
    ...Array.from({ length: 40 }, (_, at) => ({ ...turn, id: `t${at + 1}`, ...PRICED })),
  ];
  await store.add({ id: "s", title: "", createdAt: 1, updatedAt: 1, turnCount: turns.length, turns });
  return keptSpending((await store.load("s", { last: 1 }))!);
}

test("a mark of a turn that is not read again is the mark of its conversation", async () => {
  const marks = async (first: Partial<TurnRecord>): Promise<unknown> => {
    const { isPartial, isEstimated = false } = (await shownOf(first)).spending;
    return { isPartial, isEstimated };
  };
  expect(await marks(PRICED)).toEqual({ isPartial: false, isEstimated: false });
  expect(await marks({ ...PRICED, usage: { input: 10, output: 5, estimated: true } })).toEqual({
    isPartial: false,
    isEstimated: true,
  });
  expect(await marks({ usage: { input: 10, output: 5 } })).toEqual({ isPartial: true, isEstimated: false });
  expect(await marks({ status: "cancelled" })).toEqual({ isPartial: true, isEstimated: false });
});

test("a turn that called no model leaves the cost whole", async () => {
  expect((await shownOf({})).spending).toMatchObject({ isPartial: false });
  expect((await shownOf({ status: "failed", cost: 0 })).spending).toMatchObject({ isPartial: false });
});

test("what is known of a cost counts where the rest of it is not", async () => {
  const { spending, ledger } = await shownOf({
    usage: { input: 100, output: 5, cacheRead: 60 },
    knownCost: 0.5,
  });
  expect(spending.cost).toBeCloseTo(0.9);
  expect(spending.isPartial).toBe(true);
  expect(ledger.total).toMatchObject({ calls: 41, input: 500, cached: 60, output: 205, unpriced: 1 });
});

test("a conversation without turns has spent nothing", () => {
  const { spending, ledger } = keptSpending({ turns: [], turnCount: 0 });
  expect(spending).toMatchObject({ tokens: 0, isPartial: false });
  expect(ledger.total.calls).toBe(0);
});
