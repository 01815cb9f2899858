import type { OrchestrationEvent } from "@orch/core";
import { expect, test } from "vitest";
import { processorTime } from "../../../../scripts/processor-time.ts";
import { railStart } from "./rail-start.ts";
import { railAdvance } from "./rail-state.ts";

test("a fan-out of many branches costs linear time and keeps only what still runs", () => {
  const base = { runId: "r", seq: 1, visit: 1 };
  const feed = (branches: number): { ms: number; entries: number; finished: number } => {
    const events: OrchestrationEvent[] = [
      {
        ...base,
        time: 0,
        path: "o/s#1",
        type: "state.started",
        state: "s",
        kind: "each",
        input: [],
        branches,
      },
    ];
    for (let at = 0; at < branches; at++) {
      const lane = { ...base, time: at, path: `o/s#1[${at}]/b#1`, state: "b" };
      events.push({ ...lane, type: "state.started", kind: "runnable", input: at });
      if (at >= 8)
        events.push({
          ...lane,
          path: `o/s#1[${at - 8}]/b#1`,
          type: "state.completed",
          output: at,
          duration: 1,
        });
    }
    const before = processorTime();
    let state = railStart("o");
    let finished = 0;
    for (let at = 0; at < events.length; at += 20) {
      const step = railAdvance(state, events.slice(at, at + 20));
      state = step.state;
      finished += step.finished.length;
    }
    return { ms: processorTime() - before, entries: state.entries.size, finished };
  };
  feed(2000);
  const best = (branches: number): ReturnType<typeof feed> =>
    [feed(branches), feed(branches), feed(branches)].reduce((one, other) =>
      other.ms < one.ms ? other : one,
    );
  const small = best(5000);
  const large = best(20_000);
  expect(large.finished).toBe(20_000 - 8);
  expect(large.entries).toBe(9);
  expect(large.ms / Math.max(small.ms, 2)).toBeLessThan(10);
});
