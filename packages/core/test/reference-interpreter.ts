/**
 * A second, slow and obviously right reading of the rules, to hold the engine against: plain
 * recursion over a description, no pump, no frames, one thing after the other. All values are
 * numbers.
 */
import { all, each, orchestration, type Runnable, runnable } from "@orch/core";

type AnyFlow = Runnable<number, number>;

/** What a flow does, as data. */
export type Flow =
  /** Gives `(input * times + plus) % 97`; throws when the input is divisible by `failsOn`. */
  | {
      readonly kind: "leaf";
      readonly times: number;
      readonly plus: number;
      readonly failsOn: number | undefined;
      readonly ticks: number;
    }
  /** One after the other. A step under `unless` is skipped when its input is divisible by it. */
  | {
      readonly kind: "sequence";
      readonly steps: readonly { readonly flow: Flow; readonly unless: number | undefined }[];
    }
  /** The same flow on `input % 5` numbers; gives their sum. */
  | { readonly kind: "each"; readonly branch: Flow; readonly concurrency: number }
  /** Two flows on one input, the second only if the input is not divisible by `unless`; gives their sum. */
  | { readonly kind: "all"; readonly first: Flow; readonly second: Flow; readonly unless: number }
  /** Again, as long as the result is not divisible by `until`. */
  | { readonly kind: "loop"; readonly body: Flow; readonly until: number }
  /** The second flow takes the input when the first fails. */
  | { readonly kind: "rescue"; readonly body: Flow; readonly other: Flow };

/** How a flow ends. */
export type Outcome =
  | { readonly ok: true; readonly value: number }
  | { readonly ok: false; readonly code: string };

const MAX_STEPS = 12;

const failed = (code: string): Outcome => ({ ok: false, code });

/** Reads a flow by plain recursion. */
export function interpret(flow: Flow, input: number): Outcome {
  switch (flow.kind) {
    case "leaf":
      if (flow.failsOn !== undefined && input % flow.failsOn === 0) return failed("ORCH_RUNNABLE_FAILED");
      return { ok: true, value: (input * flow.times + flow.plus) % 97 };
    case "sequence":
      return inOrder(flow.steps, input);
    case "each":
      return sum(Array.from({ length: input % 5 }, (_, index) => interpret(flow.branch, input + index)));
    case "all": {
      const outcomes = [interpret(flow.first, input)];
      if (input % flow.unless !== 0) outcomes.push(interpret(flow.second, input));
      return sum(outcomes);
    }
    case "loop":
      return again(flow.body, flow.until, input);
    case "rescue": {
      const outcome = interpret(flow.body, input);
      return outcome.ok ? outcome : interpret(flow.other, input);
    }
  }
}

function inOrder(steps: Extract<Flow, { kind: "sequence" }>["steps"], input: number): Outcome {
  let value = input;
  for (const { flow, unless } of steps) {
    if (unless !== undefined && value % unless === 0) continue;
    const outcome = interpret(flow, value);
    if (!outcome.ok) return outcome;
    value = outcome.value;
  }
  return { ok: true, value };
}

function again(body: Flow, until: number, input: number): Outcome {
  let value = input;
  for (let round = 1; ; round++) {
    const outcome = interpret(body, value);
    if (!outcome.ok) return outcome;
    value = outcome.value;
    if (value % until === 0) return { ok: true, value };
    if (round > MAX_STEPS) return failed("ORCH_MAX_STEPS");
  }
}

/** Several branches may fail, and which failure wins depends on time: the code then names them all. */
function sum(outcomes: readonly Outcome[]): Outcome {
  const codes = new Set(outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.code])));
  if (codes.size > 0) return failed([...codes].toSorted().join("|"));
  let value = 0;
  for (const outcome of outcomes) {
    if (!outcome.ok) continue;
    value += outcome.value;
  }
  return { ok: true, value: value % 97 };
}

/** Builds the same flow for the engine. */
export function build(flow: Flow, name = "f"): AnyFlow {
  switch (flow.kind) {
    case "leaf":
      return leaf(flow, name);
    case "sequence":
      return orchestration(name, (o) => {
        const first = runnable("first", (value: number) => value);
        const last = runnable("last", (value: number) => value);
        let draft = o.start(first);
        let open: AnyFlow[] = [first];
        flow.steps.forEach((step, index) => {
          const state = build(step.flow, `s${index}`);
          const gate = runnable(`g${index}`, (value: number) => value);
          for (const from of open) draft = draft.advance(from, gate);
          if (step.unless === undefined) {
            draft = draft.advance(gate, state);
            open = [state];
          } else {
            draft = draft.advance(gate, state, { when: (value) => value % step.unless! !== 0 });
            open = [state, gate];
          }
        });
        for (const from of open) draft = draft.advance(from, last);
        return draft.finish(last);
      });
    case "each":
      return orchestration(name, (o) => {
        const split = runnable("split", (value: number) =>
          Array.from({ length: value % 5 }, (_, index) => value + index),
        );
        const fan = each("fan", build(flow.branch, "branch"), { concurrency: flow.concurrency });
        const join = runnable("join", (values: readonly number[]) => values.reduce((a, b) => a + b, 0) % 97);
        return o.start(split).advance(split, fan).advance(fan, join).finish(join);
      });
    case "all":
      return orchestration(name, (o) => {
        const fan = all(
          "fan",
          { first: build(flow.first, "first"), second: build(flow.second, "second") },
          { when: { second: (value) => value % flow.unless !== 0 } },
        );
        const join = runnable(
          "join",
          (both: { first: number; second?: number }) => (both.first + (both.second ?? 0)) % 97,
        );
        return o.start(fan).advance(fan, join).finish(join);
      });
    case "loop":
      return orchestration(
        name,
        (o) => {
          const body = build(flow.body, "body");
          return o
            .start(body)
            .advance(body, body, { when: (value) => value % flow.until !== 0 })
            .finish(body);
        },
        { maxSteps: MAX_STEPS },
      );
    case "rescue":
      return orchestration(name, (o) => {
        const body = build(flow.body, "body");
        const other = build(flow.other, "other");
        return o
          .start(body)
          .catch(body, other, { convert: (_error, input) => input })
          .finish(body, other);
      });
  }
}

function leaf(flow: Extract<Flow, { kind: "leaf" }>, name: string): AnyFlow {
  const compute = (input: number): number => {
    if (flow.failsOn !== undefined && input % flow.failsOn === 0) throw new Error("told to fail");
    return (input * flow.times + flow.plus) % 97;
  };
  if (flow.ticks === 0) return runnable(name, compute);
  return runnable(name, async (input: number) => {
    for (let tick = 0; tick < flow.ticks; tick++) await Promise.resolve();
    return compute(input);
  });
}
