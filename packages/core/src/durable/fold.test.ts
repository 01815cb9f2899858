import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { each } from "../define/each.ts";
import { orchestration } from "../define/orchestration.ts";
import { Activation } from "../kernel/activation.ts";
import { compiled } from "../kernel/compiled.ts";
import { openState } from "../kernel/open-state.ts";
import { sharedState } from "../kernel/shared-state.ts";
import type { JournalRecord, JournalRecordType } from "../words/journal-record.ts";
import { runnable } from "../words/runnable.ts";
import { type Codec, strictJson } from "./codec.ts";
import { effective } from "./effective.ts";
import { fold } from "./fold.ts";
import { Misfit } from "./misfit.ts";
import {
  detailsOf,
  detailsText,
  eventBehind,
  extrasOf,
  NO_DETAILS,
  soleMove,
  takingText,
} from "./record-codec.ts";

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

const circle = orchestration("circle", (o) =>
  o
    .start(a)
    .advance(a, b)
    .advance(b, a, { when: () => true })
    .finish(b),
);
const begun = record("started", "circle", "x");
/** The record of step `number` of the circle. */
const round = (number: number): JournalRecord => {
  const isFirst = number % 2 === 1;
  const path = `circle/${isFirst ? "a" : "b"}#${Math.ceil(number / 2)}`;
  return record("committed", path, `x${number}`, { d: [[0, isFirst ? 1 : 0]] });
};

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

  it("leaves a value as text that a state only handed on, and reads the one that the open state begins with", () => {
    const read: unknown[] = [];
    const codec: Codec = {
      ...strictJson,
      decode: (json) => {
        read.push(json);
        return strictJson.decode(json);
      },
    };
    const { open } = fold(circle, effective([begun, round(1), round(2), round(3)]), { ...options, codec });

    expect(open.get("circle/b#2")!.input).toBe("x3");
    expect(read).toEqual(["x", "x3"]);
  });

  it("does not read a value in whose place a conversion gave another", () => {
    const converted = record("committed", "flow/a#1", undefined, { d: [[0, 1, "y"]] });
    const { open } = folded(started, { ...converted, value: "{" });

    expect(open.get("flow/b#1")!.input).toBe("y");
  });

  it("reads what a composite begins with", () => {
    const list = runnable("list", (text: string) => [text]);
    const both = each("both", a);
    const forked = orchestration("forked", (o) => o.start(list).advance(list, both).finish(both));
    const listed = record("committed", "forked/list#1", ["x", "y"], { d: [[0, 1]] });
    const { open } = fold(forked, effective([record("started", "forked", "x"), listed]), options);

    expect([...open].map(([path, { input }]) => [path, input])).toEqual([
      ["forked/both#1[0]/a#1", "x"],
      ["forked/both#1[1]/a#1", "y"],
    ]);
  });

  it("tells with what input a state failed that was handed it", () => {
    const failed = record("failed", "flow/b#1", { name: "Error", message: "no" }, { d: ["end"] });

    expect(folded(started, moved, failed).run.ended).toMatchObject({
      kind: "failed",
      error: { facts: { path: "flow/b#1", input: "xa" } },
    });
  });

  it("names the record of a value that was handed on and cannot be read", () => {
    const broken: JournalRecord = { ...round(2), value: "{" };

    expect(() => fold(circle, effective([begun, round(1), broken]), options)).toThrow(
      /Record 3 of the run "r" cannot be read/,
    );
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
    expect(effective([started, moved, ended, again]).numbers).toEqual([1, 4]);
    const rewritten = { ...record("migrated", "flow"), value: JSON.stringify([started, moved]) };
    expect(effective([started, rewritten, ended]).numbers).toEqual([1, 2, 3]);
    expect(effective([started, record("migrated", "flow")]).records).toEqual([]);
  });
});

describe("an answer that came before a cancellation, to a question that nobody could check", () => {
  it("counts, and is asked for again by a retry", () => {
    const asked = record("asked", "flow/a#1", { prompt: "?", askedAt: 1 }, { n: "q" });
    const answered = record("answered", "flow/a#1", "yes", { n: "q", u: 1 });
    const { open, questions } = folded(started, asked, answered);

    expect(questions.isAnswered("flow/a#1/q")).toBe(true);
    expect([...open.get("flow/a#1")!.attached!.notes.keys()]).toEqual(["asked:q"]);
  });
});

describe("a journal of an earlier release", () => {
  it("goes on at the state that failed, by a retry that tells of nothing reopened", () => {
    const failed = record("failed", "flow/b#1", { name: "Error", message: "no" }, { d: ["end"] });
    const { run, open } = folded(started, moved, failed, record("retried", "flow", 3));

    expect(run.ended).toBeUndefined();
    expect([...open.keys()]).toEqual(["flow/b#1"]);
  });

  it("gives the state that failed all its attempts again, and keeps what it spent and made once", () => {
    const own = (type: JournalRecordType) => record(type, "flow/b#1", 1, { n: "n" });
    const before = [started, moved, own("once"), own("spent"), own("slept"), own("retrying")];
    const failed = record("failed", "flow/b#1", { name: "Error", message: "no" }, { d: ["end"] });

    expect(effective([...before, failed, record("retried", "flow", 7)]).numbers).toEqual([1, 2, 3, 4, 8]);
  });
});

describe("what most steps leave", () => {
  it("is read from its text as it would be from JSON, and nothing else is", () => {
    const edge = fc.nat({ max: 12 });
    const moves = fc.tuple(edge, edge);
    const events = fc.option(fc.nat(), { nil: undefined });
    fc.assert(
      fc.property(moves, events, (move, event) => {
        const written = takingText(NO_DETAILS, [move])!;
        // Journals had the number of an event behind it once.
        const text = event === undefined ? written : `${written.slice(0, -1)},"e":${event}}`;
        const isUsual = move.every((place) => place < 10) && event !== 0;
        if (isUsual) expect(eventBehind(text)).toBe(event ?? 0);
        expect(soleMove(text)).toEqual(isUsual ? move : undefined);
        expect(detailsOf(text)).toEqual({ d: [move], ...(event === undefined ? {} : { e: event }) });
      }),
    );
    const broken = ['{"d":[[0,1]]', '{"d":[[0,1]],"e":}', '{"d":[[0,1]],"e":01}', ' {"d":[[0,1]]}'];
    const fuller = ['{"d":[[0,1],"end"]}', '{"d":[[0,1,2]]}', '{"d":[["0",1]]}', '{"d":[[0,1]],"a":2}'];
    expect([...broken, ...fuller].map(soleMove)).toEqual([...broken, ...fuller].map(() => undefined));
  });
});

describe("what an operation leaves besides its result", () => {
  it("is nothing, unless it tried again or wrote", () => {
    const operation = new Activation(undefined, compiled(a), "x");
    expect(extrasOf(operation, strictJson)).toBe(NO_DETAILS);
    expect([detailsText(NO_DETAILS), detailsText({}), detailsText({ e: 1 })]).toEqual([
      undefined,
      undefined,
      '{"e":1}',
    ]);
    operation.attempt = 2;
    expect(extrasOf(operation, strictJson)).toEqual({ a: 2 });
  });

  it("tells a write of undefined from one of null", () => {
    const shared = sharedState<{ note: unknown }>("s", { note: { start: 1 } });
    const operation = new Activation(undefined, compiled(a), "x");
    const view = openState(shared, { operation, admit: () => {} }, () => undefined);
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
