import { isOrchError, type OrchestrationEvent, orchestration } from "@orch/core";
import { manualClock } from "@orch/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { budget, figure } from "../../../scripts/lanes.ts";
import { forgotten } from "./amnesia-driver.ts";
import { randomFlows } from "./random-flows.ts";
import { type Asked, build, signalAfter } from "./reference-builder.ts";
import { type Flow, interpret, timeOf } from "./reference-interpreter.ts";
import { wellFormed } from "./well-formed.ts";
import { wordOf } from "./word-of-event.ts";

/** Whether each run is thrown away after every record, and made again from its journal. */
const forgets = process.env["ORCH_AMNESIA"] !== undefined;
const MOST_FORGOTTEN = 250;
const CASES = forgets ? budget("forgottenOrchestrations") : budget("randomOrchestrations");

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
      if (event.type === "state.waiting") {
        const { path, signal: name } = event;
        // It may have ended when its signal comes, which would be kept for another.
        clock.after(Number(name) * 97, () => {
          const waits = run.describe().waits?.some((wait) => wait.path === path);
          if (waits === true) run.signal(signalAfter(Number(name)), 0).catch(() => {});
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
    const what = wordOf(event);
    if (what !== undefined) counts[what] = (counts[what] ?? 0) + 1;
  }
  return counts;
}

const sizeOf = (events: { readonly [what: string]: number }): number =>
  Object.values(events).reduce((sum, count) => sum + count, 0);

describe("P2: the engine and a plain reading of the rules", () => {
  it(`agree on random orchestrations of 20 kinds, nested up to 4 deep: outcome, time and events`, async () => {
    const before = { ...forgotten };
    let ties = 0;
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(randomFlows, fc.integer({ min: 0, max: 96 }), async (flow, input) => {
        const expected = interpret(flow, input);
        // Making a run again after every record costs the square of its records.
        if (forgets) fc.pre(expected === undefined || sizeOf(expected.events) <= MOST_FORGOTTEN);
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
    const times = forgotten.times - before.times;
    const restored = forgotten.restored - before.restored;
    const made = forgets
      ? `, made again after each of ${times} records, ${restored} times from a snapshot`
      : "";
    figure(
      `${CASES} random orchestrations with ${seen} events${made}; ${ties} were decided by a tie and checked for form only`,
    );
  });
});
