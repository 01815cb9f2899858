/** Random sequences of calls, to compare a store with its model. */
import type {
  AnswerRequest,
  JournalRecord,
  RunQuery,
  RunRequest,
  SignalRequest,
  Verdict,
} from "@orch/core/host";
import fc from "fast-check";
import { anyLetter } from "./any-letter.ts";
import type { AppendCall, StoreCall, StoreStep } from "./store-call.ts";

/** JSON as it comes from text: without -0, and without the key that would change a prototype, which stores refuse. */
const plainJson = fc
  .jsonValue({ stringUnit: anyLetter() })
  .filter((value) => !JSON.stringify(value).includes('"__proto__"'))
  .map((value) => withoutNegativeZero(value as AnswerRequest["value"]));

function withoutNegativeZero(value: AnswerRequest["value"]): AnswerRequest["value"] {
  if (Object.is(value, -0)) return 0;
  if (Array.isArray(value)) return value.map(withoutNegativeZero);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutNegativeZero(item)]));
}

const RUNS = 3;
const STATUSES = ["running", "waiting", "completed", "failed", "cancelled"] as const;

/** Random sequences of calls on a few runs, with claims that run out on the way. */
export function storeSteps(): fc.Arbitrary<StoreStep[]> {
  const step = fc.record({ step: calls(), after: fc.nat({ max: 6 }), handle: fc.nat({ max: 1 }) });
  return fc.array(step, { maxLength: 40, size: "max" });
}

function calls(): fc.Arbitrary<StoreCall> {
  const run = fc.nat({ max: RUNS - 1 });
  const claims = fc.array(aClaim(), { maxLength: 3 });
  const from = fc.integer({ min: 1, max: 6 });
  const batch = fc.array(anAppend(), { maxLength: 3 });
  return fc.oneof(
    weighted(3, fc.record({ call: fc.constant("create" as const), run, records: someRecords() })),
    weighted(3, fc.record({ call: fc.constant("claim" as const), run })),
    weighted(8, fc.record({ call: fc.constant("append" as const), batch })),
    weighted(1, fc.record({ call: fc.constantFrom("renew" as const, "release" as const), claims })),
    weighted(2, fc.record({ call: fc.constant("load" as const), run, from })),
    weighted(2, fc.record({ call: fc.constant("list" as const), query: aQuery() })),
    weighted(3, fc.record({ call: fc.constant("offer" as const), run, request: aRequest() })),
    weighted(
      3,
      fc.record({
        call: fc.constant("keep" as const),
        run,
        request: fc.oneof(anAnswer(), aSignal()),
        records: fc.nat({ max: 4 }),
        requests: fc.option(fc.nat({ max: 3 }), { nil: undefined }),
      }),
    ),
    weighted(1, fc.record({ call: fc.constant("withdraw" as const), run, number: fc.nat({ max: 3 }) })),
    weighted(1, fc.record({ call: fc.constantFrom("delete" as const, "requests" as const), run })),
    weighted(1, fc.constant({ call: "open" as const })),
  );
}

function weighted<TCall>(weight: number, arbitrary: fc.Arbitrary<TCall>): fc.WeightedArbitrary<TCall> {
  return { weight, arbitrary };
}

const aTime = (): fc.Arbitrary<number> => fc.nat({ max: 8 });
const aStatus = (): fc.Arbitrary<(typeof STATUSES)[number]> => fc.constantFrom(...STATUSES);

/** Mostly one of the claims that were given last. */
function aClaim(): fc.Arbitrary<number> {
  return fc.oneof({ weight: 3, arbitrary: fc.nat({ max: 2 }) }, fc.nat({ max: 7 }));
}

function someRecords(): fc.Arbitrary<JournalRecord[]> {
  const text = fc.oneof(fc.json(), fc.constant(`"${"x".repeat(40_000)}"`));
  const record: fc.Arbitrary<JournalRecord> = fc.record(
    {
      type: fc.constantFrom("committed", "once", "answered"),
      at: aTime(),
      path: fc.string(),
      value: text,
      more: fc.json(),
    },
    { requiredKeys: ["type", "at", "path"] },
  );
  return fc.array(record, { maxLength: 3 });
}

function anAppend(): fc.Arbitrary<AppendCall> {
  const off = fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.constantFrom(-1, 1));
  const parts = {
    claim: aClaim(),
    off,
    records: someRecords(),
    status: aStatus(),
    dueAt: fc.option(aTime()),
    verdicts: fc.array(aVerdict(), { maxLength: 2 }),
  };
  return fc.record(parts, { requiredKeys: ["claim", "off", "records"] }).map((one) => one as AppendCall);
}

function aQuery(): fc.Arbitrary<RunQuery> {
  const parts = {
    orchestration: fc.constantFrom("even", "odd"),
    prefix: fc.constantFrom("", "r", "r1", "\\", "x"),
    status: fc.oneof(aStatus(), fc.array(aStatus(), { maxLength: 3 })),
    dueBefore: aTime(),
    updatedBefore: aTime(),
    limit: fc.nat({ max: 3 }),
  };
  return fc.record(parts, { requiredKeys: [] }).map((one) => one as RunQuery);
}

function anAnswer(): fc.Arbitrary<AnswerRequest> {
  const question = fc.constantFrom("a", "b", "\ud800", "\\");
  return fc.record({ type: fc.constant("answer" as const), question, value: plainJson, at: aTime() });
}

function aSignal(): fc.Arbitrary<SignalRequest> {
  const signal = fc.constantFrom("a", "b", "\ud800", "\\");
  const parts = {
    type: fc.constant("signal" as const),
    signal,
    value: plainJson,
    at: aTime(),
    key: fc.constantFrom("", "k", "\ud800"),
  };
  return fc
    .record(parts, { requiredKeys: ["type", "signal", "value", "at"] })
    .map((one) => one as SignalRequest);
}

function aRequest(): fc.Arbitrary<RunRequest> {
  const reason = fc.constantFrom("", "enough", "\ud800");
  return fc.oneof(
    anAnswer(),
    aSignal(),
    fc.record({ type: fc.constant("cancel" as const), reason, at: aTime() }),
  );
}

function aVerdict(): fc.Arbitrary<Verdict> {
  const parts = {
    number: fc.nat({ max: 3 }),
    state: fc.constantFrom("taken" as const, "refused" as const),
    detail: plainJson,
  };
  return fc.record(parts, { requiredKeys: ["number", "state"] }).map((one) => one as Verdict);
}
