import { describe, expect, it } from "vitest";
import { Activation } from "../activation.ts";
import { compiled } from "../compiled.ts";
import { orchestration } from "../orchestration.ts";
import { runnable } from "../runnable.ts";
import { sharedState } from "../shared-state.ts";
import { strictJson } from "./codec.ts";
import { effective, fold, Misfit } from "./fold.ts";
import type { JournalRecord, JournalRecordType } from "./journal-record.ts";
import { detailsText, extrasOf, NO_DETAILS, spentWithin } from "./record-codec.ts";

const a = runnable("a", (text: string) => `${text}a`);
const b = runnable("b", (text: string) => `${text}b`);
const flow = orchestration("flow", (o) => o.start(a).advance(a, b).finish(b));

const record = (type: JournalRecordType, path: string, value?: unknown, more?: object): JournalRecord => ({
  type,
  at: 1,
  path,
  ...(value === undefined ? {} : { value: JSON.stringify(value) }),
  ...(more === undefined ? {} : { more: JSON.stringify(more) }),
});

const options = { runId: "r", codec: strictJson, grace: 100 };
const folded = (...records: JournalRecord[]) => fold(flow, effective(records), options);

const started = record("started", "flow", "x");
const moved = record("committed", "flow/a#1", "xa", { d: [[0, 1]] });
const ended = record("committed", "flow/b#1", "xab", { d: ["end"] });

describe("a journal", () => {
  it("gives the state a run is in, and what is to be run again", () => {
    const { run, open } = folded(started, moved);

    expect(run.ended).toBeUndefined();
    expect([...open.keys()]).toEqual(["flow/b#1"]);
    expect(open.get("flow/b#1")!.input).toBe("xa");
    expect(folded(started, moved, ended, record("done", "flow", "completed")).run.ended).toEqual({
      kind: "completed",
      value: "xab",
    });
  });

  it.each([
    ["what it had spent", { s: [{ inputTokens: 7 }] }, 7],
    ["nothing", undefined, 0],
  ])("counts of work that was dropped %s", (_name, more, tokens) => {
    const { run } = folded(
      started,
      record("cancelled", "flow", "enough"),
      record("dropped", "flow", undefined, more),
    );

    expect(run.ended).toMatchObject({ kind: "cancelled" });
    expect(run.root.frame).toMatchObject(tokens === 0 ? { spent: undefined } : { spent: { tokens } });
  });

  it("tells with which record a run began to end, also when it was cancelled twice", () => {
    const cancelled = record("cancelled", "flow", "enough");
    const { failedAt } = folded(started, cancelled, cancelled, record("dropped", "flow"));

    expect(failedAt).toBe(2);
  });

  it.each([
    ["begins with another orchestration", [record("started", "other", "x")]],
    ["tells of a state that is not open", [started, record("committed", "flow/b#1", 1, { d: ["end"] })]],
    [
      "decided more than there is to decide",
      [started, record("committed", "flow/a#1", 1, { d: [[0, 1], "end"] })],
    ],
    [
      "took an edge that is not there any more",
      [started, record("committed", "flow/a#1", 1, { d: [[7, 7]] })],
    ],
    ["ended where the machine cannot end", [started, record("committed", "flow/a#1", 1, { d: ["end"] })]],
    ["stops what is not there", [started, record("stopped", "flow/c#1", {})]],
    ["drops what is not there", [started, record("dropped", "flow/c#1")]],
  ])("does not fit when it %s", (_name, records) => {
    expect(() => folded(...records)).toThrow(Misfit);
  });

  it.each([
    ["a value", { type: "committed", at: 1, path: "flow/a#1", value: "{" }],
    ["details", { type: "committed", at: 1, path: "flow/a#1", more: "[" }],
  ] as const)("is damaged when %s cannot be read, and says which record", (_name, broken) => {
    expect(() => folded(started, broken)).toThrow(/Record 2 of the run "r" cannot be read/);
  });

  it("says what a codec that throws something odd has thrown", () => {
    const odd = {
      ...strictJson,
      decode: () => {
        throw "odd";
      },
    };
    const records = effective([record("committed", "flow/a#1", "x", { d: [[0, 1, "y"]] })]);

    expect(() => fold(flow, records, { ...options, codec: odd })).toThrow(/cannot be read: odd/);
  });

  it("counts only what a retry left, and what a migration wrote", () => {
    const again = record("retried", "flow", 2);
    // The mark of the retry stays, because it tells when deadlines began anew.
    expect(effective([started, moved, ended, again]).map(([number]) => number)).toEqual([1, 4]);
    const rewritten = { ...record("migrated", "flow"), value: JSON.stringify([started, moved]) };
    expect(effective([started, rewritten, ended]).map(([number]) => number)).toEqual([1, 2, 3]);
    expect(effective([started, record("migrated", "flow")])).toEqual([]);
  });
});

describe("what an operation leaves besides its result", () => {
  it("is nothing, unless it tried again, wrote or spent", () => {
    const operation = new Activation(undefined, compiled(a), "x");
    expect(extrasOf(operation, strictJson)).toBe(NO_DETAILS);
    expect(spentWithin(operation)).toEqual({});
    expect([detailsText(NO_DETAILS), detailsText({}), detailsText({ e: 1 })]).toEqual([
      undefined,
      undefined,
      '{"e":1}',
    ]);
    operation.attach().spent.push({ inputTokens: 1 });
    expect(spentWithin(operation)).toEqual({ s: [{ inputTokens: 1 }] });
    expect(extrasOf(operation, strictJson)).toEqual({ s: [{ inputTokens: 1 }] });
  });

  it("tells a write of undefined from one of null", () => {
    const shared = sharedState<{ note: unknown }>("s", { note: { start: 1 } });
    const operation = new Activation(undefined, compiled(a), "x");
    const view = shared.view(operation, () => undefined);
    view.set("note", undefined);
    view.set("note", null);

    expect(extrasOf(operation, strictJson)).toEqual({
      w: [
        ["s", "note", "set"],
        ["s", "note", "set", null],
      ],
    });
  });
});
