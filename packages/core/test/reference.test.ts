import { isOrchError, type OrchestrationEvent, orchestration } from "@orch/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { build, type Flow, interpret } from "./reference-interpreter.ts";

const divisor = fc.integer({ min: 2, max: 7 });

const { flow: flows } = fc.letrec<{ flow: Flow }>((tie) => {
  const flow = tie("flow");
  return {
    flow: fc.oneof(
      { maxDepth: 4, depthIdentifier: "flow" },
      fc.record({
        kind: fc.constant("leaf" as const),
        times: fc.integer({ min: 1, max: 9 }),
        plus: fc.integer({ min: 0, max: 9 }),
        failsOn: fc.option(fc.integer({ min: 5, max: 40 }), { nil: undefined }),
        ticks: fc.integer({ min: 0, max: 3 }),
      }),
      fc.record({
        kind: fc.constant("sequence" as const),
        steps: fc.array(fc.record({ flow, unless: fc.option(divisor, { nil: undefined }) }), {
          maxLength: 3,
        }),
      }),
      fc.record({
        kind: fc.constant("each" as const),
        branch: flow,
        concurrency: fc.integer({ min: 1, max: 4 }),
      }),
      fc.record({ kind: fc.constant("all" as const), first: flow, second: flow, unless: divisor }),
      fc.record({ kind: fc.constant("loop" as const), body: flow, until: divisor }),
      fc.record({ kind: fc.constant("rescue" as const), body: flow, other: flow }),
    ),
  };
});

async function onEngine(
  flow: Flow,
  input: number,
): Promise<{ outcome: unknown; events: OrchestrationEvent[] }> {
  const only = build(flow, "flow");
  const run = orchestration("root", (o) => o.start(only).finish(only)).start(input);
  const events: OrchestrationEvent[] = [];
  for await (const event of run.events()) events.push(event);
  const outcome = await run.result.then(
    (value) => ({ ok: true, value }),
    (error: unknown) => ({ ok: false, code: isOrchError(error) ? error.code : String(error) }),
  );
  return { outcome, events };
}

describe("the engine and a plain reading of the rules", () => {
  it("agree on random orchestrations of 6 kinds, nested up to 4 deep", async () => {
    await fc.assert(
      fc.asyncProperty(flows, fc.integer({ min: 0, max: 96 }), async (flow, input) => {
        const expected = interpret(flow, input);
        const { outcome, events } = await onEngine(flow, input);

        if (expected.ok) {
          expect(outcome).toEqual({ ok: true, value: expected.value });
        } else {
          expect(outcome).toMatchObject({ ok: false });
          expect(expected.code.split("|")).toContain((outcome as { code: string }).code);
        }
        expect(wellFormed(events)).toEqual([]);
      }),
      { numRuns: 20_000 },
    );
  });
});

/** What is wrong with a stream of events; nothing, if all is well. */
function wellFormed(events: readonly OrchestrationEvent[]): string[] {
  const wrong: string[] = [];
  const open = new Set<string>();
  events.forEach((event, index) => {
    if (event.seq !== index + 1) wrong.push(`event ${index + 1} has number ${event.seq}`);
    if (event.type === "state.started") {
      if (open.has(event.path)) wrong.push(`${event.path} started twice`);
      open.add(event.path);
    }
    if ((event.type === "state.completed" || event.type === "state.failed") && !open.delete(event.path)) {
      wrong.push(`${event.path} ended without a start`);
    }
  });
  for (const path of open) wrong.push(`${path} never ended`);
  const ends = events.filter((event) => /^run\.(completed|failed|cancelled)$/.test(event.type));
  if (events[0]?.type !== "run.started") wrong.push("no start");
  if (ends.length !== 1 || events.at(-1) !== ends[0]) wrong.push("not exactly one end, last");
  return wrong;
}
