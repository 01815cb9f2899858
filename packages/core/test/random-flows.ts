import fc from "fast-check";
import type { Flow } from "./reference-interpreter.ts";

const divisor = fc.integer({ min: 2, max: 7 });
const concurrency = fc.integer({ min: 1, max: 4 });
const takes = fc.oneof({ arbitrary: fc.integer({ min: 1, max: 30 }), weight: 3 }, fc.constant(0));
const settled = fc.boolean();
const constant = <TKind extends string>(kind: TKind) => fc.constant(kind);

const leaf = {
  kind: constant("leaf"),
  times: fc.integer({ min: 1, max: 9 }),
  plus: fc.integer({ min: 0, max: 9 }),
  failsOn: fc.option(fc.integer({ min: 2, max: 20 }), { nil: undefined }),
};

/** Flows of all kinds. */
export const randomFlows: fc.Arbitrary<Flow> = flowsOf(4, fc.record({ ...leaf, takes }), true);

/**
 * Flows of all kinds, whose leaves do the same at the same time when they run again: they take no time, but for the
 * pauses between their attempts. Some write to shared state.
 */
export const repeatableFlows: fc.Arbitrary<Flow> = flowsOf(
  3,
  fc.record({
    ...leaf,
    takes: fc.constant(0),
    retries: fc.oneof({ arbitrary: fc.constant(0), weight: 3 }, fc.integer({ min: 1, max: 2 })),
    notes: fc.boolean(),
  }),
);

function flowsOf(maxDepth: number, leaves: fc.Arbitrary<Flow>, withWaits = false): fc.Arbitrary<Flow> {
  return fc.letrec<{ flow: Flow }>((tie) => {
    const flow = tie("flow");
    return {
      flow: fc.oneof(
        { maxDepth, depthIdentifier: fc.createDepthIdentifier(), depthSize: "medium" },
        leaves,
        fc.record({ kind: constant("sleep"), takes }),
        fc.record({
          kind: constant("question"),
          takes: fc.integer({ min: 1, max: 30 }),
          byRunnable: fc.boolean(),
        }),
        fc.record({
          kind: constant("sequence"),
          steps: fc.array(fc.record({ flow, unless: fc.option(divisor, { nil: undefined }) }), {
            maxLength: 3,
          }),
        }),
        fc.record({ kind: constant("each"), branch: flow, concurrency, settled }),
        fc.record({
          kind: constant("some"),
          branch: flow,
          concurrency,
          enough: fc.oneof(fc.record({ first: fc.integer({ min: 1, max: 3 }) }), fc.record({ divisor })),
        }),
        fc.record({ kind: constant("followed"), branch: flow, after: flow, concurrency, settled }),
        fc.record({ kind: constant("grown"), body: flow, late: fc.boolean(), concurrency, settled }),
        fc.record({
          kind: constant("met"),
          work: flow,
          patience: fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined }),
        }),
        fc.record({ kind: constant("exit"), first: flow, second: flow, divisor }),
        fc.record({
          kind: constant("left"),
          branch: flow,
          concurrency,
          first: fc.integer({ min: 1, max: 3 }),
        }),
        fc.record({ kind: constant("child"), child: flow, work: flow }),
        ...(withWaits
          ? [
              fc.record({
                kind: constant("wait"),
                takes: fc.integer({ min: 1, max: 30 }),
                patience: fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined }),
              }),
            ]
          : []),
        fc.record({ kind: constant("all"), first: flow, second: flow, unless: divisor, settled }),
        fc.array(flow, { minLength: 1, maxLength: 3 }).chain((branches) =>
          fc.record({
            kind: constant("race"),
            branches: fc.constant(branches),
            first: fc.integer({ min: 1, max: branches.length }),
            concurrency,
          }),
        ),
        fc.record({ kind: constant("choose"), odd: flow, even: flow, named: fc.boolean() }),
        fc.record({ kind: constant("made"), odd: flow, even: flow }),
        fc.record({
          kind: constant("loop"),
          body: flow,
          until: divisor,
          maxVisits: fc.integer({ min: 1, max: 9 }),
        }),
        fc.record({ kind: constant("rerun"), until: divisor, attempts: fc.integer({ min: 1, max: 4 }) }),
        fc.record({ kind: constant("rescue"), body: flow, other: flow }),
      ),
    };
  }).flow;
}
