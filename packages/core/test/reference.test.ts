import { isOrchError, type OrchestrationEvent, orchestration } from "@orch/core";
import { manualClock } from "@orch/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { budget, figure } from "../../../scripts/lanes.ts";
import { type Asked, build } from "./reference-builder.ts";
import { type Flow, interpret, timeOf } from "./reference-interpreter.ts";
import { wellFormed } from "./well-formed.ts";

const CASES = budget("randomOrchestrations");

const divisor = fc.integer({ min: 2, max: 7 });
const concurrency = fc.integer({ min: 1, max: 4 });
const takes = fc.oneof({ arbitrary: fc.integer({ min: 1, max: 30 }), weight: 3 }, fc.constant(0));
const settled = fc.boolean();
const constant = <TKind extends string>(kind: TKind) => fc.constant(kind);

const { flow: flows } = fc.letrec<{ flow: Flow }>((tie) => {
  const flow = tie("flow");
  return {
    flow: fc.oneof(
      { maxDepth: 4, depthIdentifier: "flow", depthSize: "medium" },
      fc.record({
        kind: constant("leaf"),
        times: fc.integer({ min: 1, max: 9 }),
        plus: fc.integer({ min: 0, max: 9 }),
        failsOn: fc.option(fc.integer({ min: 2, max: 20 }), { nil: undefined }),
        takes,
      }),
      fc.record({ kind: constant("sleep"), takes }),
      fc.record({ kind: constant("question"), takes: fc.integer({ min: 1, max: 30 }) }),
      fc.record({
        kind: constant("sequence"),
        steps: fc.array(fc.record({ flow, unless: fc.option(divisor, { nil: undefined }) }), {
          maxLength: 3,
        }),
      }),
      fc.record({ kind: constant("each"), branch: flow, concurrency, settled }),
      fc.record({ kind: constant("all"), first: flow, second: flow, unless: divisor, settled }),
      fc.array(flow, { minLength: 1, maxLength: 3 }).chain((branches) =>
        fc.record({
          kind: constant("race"),
          branches: fc.constant(branches),
          first: fc.integer({ min: 1, max: branches.length }),
          concurrency,
        }),
      ),
      fc.record({ kind: constant("choose"), odd: flow, even: flow }),
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
});

async function onEngine(
  flow: Flow,
  input: number,
): Promise<{ outcome: unknown; end: number; events: OrchestrationEvent[]; pending: number }> {
  const clock = manualClock(0);
  const only = build(flow, "flow", clock);
  const run = orchestration("root", (o) => o.start(only).finish(only)).start(input, { clock });
  const events: OrchestrationEvent[] = [];
  let end = 0;
  const reading = (async () => {
    for await (const event of run.events()) {
      events.push(event);
      if (event.type === "question.asked") {
        const asked = event.prompt as Asked;
        // A question may have been withdrawn when its answer comes.
        clock.after(timeOf(asked.takes, asked.input), () => {
          run.answer(event.question, (asked.input * 5) % 97).catch(() => {});
        });
      }
      end = event.time;
    }
  })();
  while (run.status === "running" || run.status === "waiting") {
    if (!(await clock.runNext()) && clock.pending() === 0) break;
  }
  const outcome = await run.result.then(
    (value) => ({ ok: true, value }),
    (error: unknown) => ({ ok: false, code: isOrchError(error) ? error.code : String(error) }),
  );
  await reading;
  return { outcome, end, events, pending: run.questions.length };
}

/** What happened, without the order: as the interpreter names it. */
function countsOf(events: readonly OrchestrationEvent[]): { [what: string]: number } {
  const counts: { [what: string]: number } = {};
  for (const event of events) {
    const what = nameOf(event);
    if (what !== undefined) counts[what] = (counts[what] ?? 0) + 1;
  }
  return counts;
}

function nameOf(event: OrchestrationEvent): string | undefined {
  switch (event.type) {
    case "state.started":
      return `started ${event.kind}`;
    case "state.completed":
      return "completed";
    case "state.failed":
      return event.cancelled ? undefined : "failed";
    case "state.transition":
      return `moved by ${event.cause}`;
    case "state.skipped":
      return "skipped";
    case "question.asked":
      return "asked";
    case "question.answered":
      return "answered";
    default:
      return undefined;
  }
}

describe("P2: the engine and a plain reading of the rules", () => {
  it(`agree on random orchestrations of 11 kinds, nested up to 4 deep: outcome, time and events`, async () => {
    let ties = 0;
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(flows, fc.integer({ min: 0, max: 96 }), async (flow, input) => {
        const expected = interpret(flow, input);
        const { outcome, end, events, pending } = await onEngine(flow, input);

        expect(wellFormed(events)).toEqual([]);
        seen += events.length;
        expect(pending).toBe(0);
        if (expected === undefined) {
          ties += 1;
          return;
        }
        expect(outcome).toEqual(expected.outcome);
        expect(end).toBe(expected.end);
        expect(countsOf(events)).toEqual(expected.events);
      }),
      { numRuns: CASES },
    );
    figure(
      `${CASES} random orchestrations with ${seen} events; ${ties} were decided by a tie and checked for form only`,
    );
  });
});
