/** A store's promises about requests: answers and cancellations from outside, and what became of each. */
import type { AnswerRequest, Claim, JournalStore, SignalRequest, StoredRequest } from "@orch/core/host";
import { describe, expect, it } from "vitest";
import type { OpenedStores } from "../opened-stores.ts";
import { created, LARGE, record } from "./sample-runs.ts";

/** Registers the tests of these promises. */
export function requestPromises(stores: OpenedStores<JournalStore>): void {
  describe("an answer to a run that no process drives", () => {
    it("is kept when it is the first to its question, from whichever process", () => firstCounts(stores));
    it("ends a claim that has run out, and none that holds", () => endsClaims(stores));
    it("is refused when the run is not where it was judged", () => refusesMoved(stores));
    it("is any JSON value, to a question of any name", () => anyValue(stores));
    it("that could change an object's prototype is refused, and not kept", () => refusesPrototypes(stores));
  });
  describe("a signal for a run that no process drives", () => {
    it("is kept, also beside another of its kind, in the order in which they came", () =>
      keepsSignals(stores));
    it("is refused when another request came since it was judged", () => refusesCrowded(stores));
  });
  describe("a request to the process that drives a run", () => {
    it("is open until that process decides, in the write that settles it", () => staysOpen(stores));
    it("is not made where no process drives the run", () => needsDriver(stores));
    it("is among those that are not decided until it is", () => undecidedUntilThen(stores));
    it("that is decided stays as it was decided", () => decidedOnce(stores));
    it("is decided under a claim that holds, and by no other process", () => decidedByHolder(stores));
    it("is taken back while it is open, and no later", () => takenBack(stores));
  });
}

const answerTo = (question: string, value: AnswerRequest["value"], at = 1): AnswerRequest => ({
  type: "answer",
  question,
  value,
  at,
});

async function firstCounts(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await stores.fresh();
  await store.release([await created(store, "r", 1)]);
  const other = await stores.second();
  const judged = { records: 1, now: 1 };
  expect(await other.keep("r", answerTo("b", "first", 7), judged)).toBe(1);
  expect(await store.keep("r", answerTo("b", "second"), judged)).toBe("answered");
  expect(await store.keep("r", answerTo("a", null, 2), judged)).toBe(2);
  expect(await other.keep("r", answerTo("a", 3), judged)).toBe("answered");
  expect(await other.keep("s", answerTo("a", 3), judged)).toBe("unknown");
  const kept: StoredRequest[] = [
    { runId: "r", number: 1, request: answerTo("b", "first", 7), state: "kept" },
    { runId: "r", number: 2, request: answerTo("a", null, 2), state: "kept" },
  ];
  expect(await store.requests("r")).toEqual(kept);
  expect(await other.requests("r")).toEqual(kept);
  expect(await store.openRequests()).toEqual([]);
}

async function undecidedUntilThen(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await stores.fresh();
  const other = await stores.second();
  const made = async (): Promise<readonly (readonly number[] | number)[]> => {
    const all = await store.requests("r");
    const open = all.filter(({ state }) => state === "open" || state === "kept");
    for (const one of [store, other]) {
      const undecided = (await one.undecided?.("r")) ?? { requests: open, made: all.length };
      expect(undecided).toEqual({ requests: open, made: all.length });
    }
    return [open.map(({ number }) => number), all.length];
  };
  expect(await made()).toEqual([[], 0]);
  const claim = await created(store, "r", 1);
  expect(await other.offer("r", signalOf("a", 1), 1)).toBe(1);
  expect(await other.offer("r", signalOf("a", 2), 1)).toBe(2);
  expect(await other.offer("r", answerTo("a", 3), 1)).toBe(3);
  expect(await made()).toEqual([[1, 2, 3], 3]);
  await store.append([{ claim, from: 2, records: [], verdicts: [{ number: 2, state: "taken" }] }]);
  expect(await made()).toEqual([[1, 3], 3]);
  await other.withdraw("r", 1);
  await store.release([claim]);
  expect(await store.keep("r", signalOf("b", 1), { records: 1, now: 2 })).toBe(4);
  expect(await made()).toEqual([[3, 4], 4]);
}

const signalOf = (signal: string, value: SignalRequest["value"], key?: string): SignalRequest => ({
  type: "signal",
  signal,
  value,
  at: 1,
  ...(key !== undefined && { key }),
});

async function keepsSignals(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await stores.fresh();
  const claim = await created(store, "r", 1);
  const other = await stores.second();
  expect(await other.keep("r", signalOf("a", 1), { records: 1, now: 0 })).toBe("held");
  expect(await other.offer("r", signalOf("b", "offered", "k"), 0)).toBe(1);
  await store.append([{ claim, from: 2, records: [], verdicts: [{ number: 1, state: "taken" }] }]);
  await store.release([claim]);
  expect(await other.keep("r", signalOf("a", null), { records: 1, now: 1 })).toBe(2);
  expect(await store.keep("r", signalOf("a", ["b"], "\ud800"), { records: 1, now: 1 })).toBe(3);
  const kept: readonly StoredRequest[] = [
    { runId: "r", number: 1, request: signalOf("b", "offered", "k"), state: "taken" },
    { runId: "r", number: 2, request: signalOf("a", null), state: "kept" },
    { runId: "r", number: 3, request: signalOf("a", ["b"], "\ud800"), state: "kept" },
  ];
  expect(await store.requests("r")).toEqual(kept);
  expect(await other.requests("r")).toEqual(kept);
}

async function refusesCrowded(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await stores.fresh();
  await store.release([await created(store, "r", 1)]);
  const other = await stores.second();
  const judged = { records: 1, requests: 0, now: 1 };
  expect(await other.keep("r", signalOf("a", 1), judged)).toBe(1);
  expect(await store.keep("r", signalOf("a", 2), judged)).toBe("moved");
  expect(await store.keep("r", signalOf("a", 2), { ...judged, requests: 1 })).toBe(2);
  expect(await other.keep("r", answerTo("b", 1), { ...judged, requests: 1 })).toBe("moved");
  expect(await other.keep("r", answerTo("b", 1), { ...judged, requests: 2 })).toBe(3);
  expect(await store.requests("r")).toHaveLength(3);
}

async function endsClaims(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await stores.fresh();
  const claim = await created(store, "r", 1);
  const other = await stores.second();
  const { holder } = (await store.get("r"))!;
  const until = holder!.until;
  expect(await other.keep("r", answerTo("q", 1), { records: 1, now: until - 1 })).toBe("held");
  expect(await store.requests("r")).toEqual([]);
  expect(await other.keep("r", answerTo("q", 1), { records: 1, now: until })).toBe(1);
  expect(await store.append([{ claim, from: 2, records: [record(2)] }])).toEqual([claim]);
  expect((await store.get("r"))?.holder).toBeUndefined();
}

async function refusesMoved(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await stores.fresh();
  const claim = await created(store, "r", 1);
  await store.append([{ claim, from: 2, records: [record(2)] }]);
  await store.release([claim]);
  expect(await store.keep("r", answerTo("q", 1), { records: 1, now: 1 })).toBe("moved");
  expect(await store.requests("r")).toEqual([]);
  expect(await store.keep("r", answerTo("q", 1), { records: 2, now: 1 })).toBe(1);
}

async function anyValue(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await stores.fresh();
  await store.release([await created(store, "r", 1)]);
  const values = [
    null,
    true,
    0,
    -1.5,
    1e300,
    "",
    "\u0000\ud800👩‍👩‍👧",
    LARGE,
    [],
    [[null]],
    {},
    { "": { constructor: 1, toString: [] } },
  ];
  const made = values.map((value, index) => answerTo(`q${index}\\\ud800"`, value, index));
  for (const answer of made) await store.keep("r", answer, { records: 1, now: 1 });
  const requests = await (await stores.second()).requests("r");
  expect(requests.map(({ request }) => request)).toEqual(made);
}

async function refusesPrototypes(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await stores.fresh();
  await store.release([await created(store, "r", 1)]);
  const value = Object.defineProperty({}, "__proto__", { value: { admin: true }, enumerable: true });
  const keep = async (): Promise<unknown> => store.keep("r", answerTo("q", value), { records: 1, now: 1 });
  await expect(keep()).rejects.toMatchObject({ code: "ORCH_JSON" });
  expect(await store.requests("r")).toEqual([]);
}

async function staysOpen(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await stores.fresh();
  const claim = await created(store, "r", 1);
  const other = await stores.second();
  const cancel = { type: "cancel", reason: "enough \ud800", at: 3 } as const;
  expect(await other.offer("r", answerTo("q", { a: [1] }, 2), 1)).toBe(1);
  expect(await other.offer("r", cancel, 1)).toBe(2);
  const open: StoredRequest[] = [
    { runId: "r", number: 1, request: answerTo("q", { a: [1] }, 2), state: "open" },
    { runId: "r", number: 2, request: cancel, state: "open" },
  ];
  expect(await store.openRequests()).toEqual(open);
  const detail = { code: "X", list: [1, null] };
  const verdicts = [
    { number: 1, state: "taken" },
    { number: 2, state: "refused", detail },
  ] as const;
  expect(await store.append([{ claim, from: 2, records: [record(2)], verdicts }])).toEqual([]);
  expect(await store.openRequests()).toEqual([]);
  expect(await other.openRequests()).toEqual([]);
  expect(await other.requests("r")).toEqual([
    { ...open[0], state: "taken" },
    { ...open[1], state: "refused", detail },
  ]);
}

async function needsDriver(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await stores.fresh();
  const claim = await created(store, "r", 1);
  const { holder } = (await store.get("r"))!;
  expect(await store.offer("r", answerTo("q", 1), holder!.until)).toBe("free");
  await store.release([claim]);
  expect(await store.offer("r", answerTo("q", 1), 1)).toBe("free");
  expect(await store.offer("s", answerTo("q", 1), 1)).toBe("unknown");
  expect(await store.requests("r")).toEqual([]);
}

async function decidedOnce(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await stores.fresh();
  const claim = await created(store, "r", 1);
  await store.offer("r", answerTo("q", 1), 1);
  const decide = (state: "taken" | "refused"): unknown =>
    store.append([
      {
        claim,
        from: 2,
        records: [],
        verdicts: [
          { number: 1, state },
          { number: 9, state },
        ],
      },
    ]);
  await decide("taken");
  await decide("refused");
  expect((await store.requests("r")).map(({ state }) => state)).toEqual(["taken"]);
  await store.release([claim]);
  expect(await store.keep("r", answerTo("q", 2), { records: 1, now: 1 })).toBe(2);
  const again = (await store.claim("r", 1, 9)) as { readonly claim: Claim };
  const verdicts = [{ number: 2, state: "taken" }] as const;
  await store.append([{ claim: again.claim, from: 2, records: [], verdicts }]);
  expect((await store.requests("r")).map(({ state }) => state)).toEqual(["taken", "taken"]);
}

async function decidedByHolder(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await stores.fresh();
  const claim = await created(store, "r", 1);
  await store.offer("r", answerTo("q", 1), 1);
  await store.release([claim]);
  const verdicts = [{ number: 1, state: "taken" }] as const;
  expect(await store.append([{ claim, from: 2, records: [], verdicts }])).toEqual([claim]);
  expect((await store.requests("r")).map(({ state }) => state)).toEqual(["open"]);
}

async function takenBack(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await stores.fresh();
  const claim = await created(store, "r", 1);
  const other = await stores.second();
  await store.offer("r", answerTo("q", 1), 1);
  await store.offer("r", answerTo("q", 2), 1);
  expect(await other.withdraw("r", 1)).toMatchObject({ number: 1, state: "refused" });
  const verdicts = [1, 2].map((number) => ({ number, state: "taken" }) as const);
  await store.append([{ claim, from: 2, records: [], verdicts }]);
  expect(await other.withdraw("r", 2)).toMatchObject({ number: 2, state: "taken" });
  expect((await store.requests("r")).map(({ state }) => state)).toEqual(["refused", "taken"]);
  expect([await store.withdraw("r", 3), await store.withdraw("s", 1)]).toEqual([undefined, undefined]);
}
