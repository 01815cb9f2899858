import { getEventListeners } from "node:events";
import type { Clock, OrchestrationEvent, Run } from "@orch/core";
import { describe, expect, it } from "vitest";
import { budget } from "../../../scripts/lanes.ts";
import { sampleFlows } from "./sample-flows.ts";
import { wellFormed } from "./well-formed.ts";

const GRACE = 10;
const EVERY = budget("cancelledStepsEvery");

/** How many turns of the microtask queue a timer may need for what it sets in motion. */
const TURNS = 12;

/** A clock whose timers fire when they are told to. */
function steppedClock(): Clock & { readonly fire: () => void; readonly pending: () => number } {
  const timers = new Set<{ readonly due: number; readonly fire: () => void }>();
  let now = 0;
  return {
    now: () => now,
    after: (ms, fire) => {
      const timer = { due: now + ms, fire };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    fire: () => {
      const [first] = [...timers].sort((one, other) => one.due - other.due);
      if (first === undefined) return;
      timers.delete(first);
      now = first.due;
      first.fire();
    },
    pending: () => timers.size,
  };
}

interface Course {
  readonly run: Run<unknown>;
  readonly events: readonly OrchestrationEvent[];
  readonly steps: number;
  /** From the cancellation to the end of the run, in milliseconds. */
  readonly settledIn: number;
  readonly timers: number;
  readonly listeners: number;
}

/** Runs a flow one microtask after the other, and cancels it before step number `at`. */
async function drive(name: string, at: number): Promise<Course> {
  const clock = steppedClock();
  const controller = new AbortController();
  const flow = sampleFlows(clock)[name]!;
  const events: OrchestrationEvent[] = [];
  flow.on("*", (event) => events.push(event));
  const run = flow.start(4, { clock, grace: GRACE, signal: controller.signal });
  let step = 0;
  let stopped = 0;
  for (; run.status === "running" || run.status === "waiting"; step++) {
    if (step > 100_000) throw new Error(`"${name}" does not end when it is cancelled at step ${at}`);
    if (step === at) {
      stopped = clock.now();
      controller.abort(new Error("swept"));
    }
    await Promise.resolve();
    if (step % TURNS !== TURNS - 1) continue;
    for (const { id } of step % 2 === 0 ? [] : run.questions) await run.answer(id, "yes");
    clock.fire();
  }
  const settledIn = clock.now() - stopped;
  for (let turn = 0; turn < 2 * TURNS; turn++) await Promise.resolve();
  return {
    run,
    events,
    steps: step,
    settledIn,
    timers: clock.pending(),
    listeners: getEventListeners(controller.signal, "abort").length,
  };
}

describe("P4: a run that is cancelled", () => {
  it.each(Object.keys(sampleFlows(steppedClock())))(
    "before any step of %s ends well, and leaves nothing",
    async (name) => {
      const whole = await drive(name, -1);
      expect(wellFormed(whole.events)).toEqual([]);
      expect(whole.listeners).toBe(0);
      for (let at = 0; at < whole.steps; at += EVERY) {
        const { run, events, settledIn, timers, listeners } = await drive(name, at);
        const left = { at, wrong: wellFormed(events), listeners, questions: run.questions.length };
        expect(left).toEqual({ at, wrong: [], listeners: 0, questions: 0 });
        if (run.status !== "cancelled") {
          // It was ending already, as it does without a cancellation.
          expect({ at, status: run.status }).toEqual({ at, status: whole.run.status });
          continue;
        }
        expect(settledIn, `cancelled at step ${at}`).toBeLessThanOrEqual(GRACE);
        // Work that ignores its signal may have set a timer of its own.
        expect(timers, `timers after a cancellation at step ${at}`).toBeLessThanOrEqual(
          /deaf|race/.test(name) ? 1 : 0,
        );
      }
    },
  );
});
