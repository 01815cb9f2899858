import { expect, test } from "vitest";
import { railStart } from "../rail/rail-start.ts";
import { type RailEvent, railAdvance } from "../rail/rail-state.ts";
import { Narrator } from "./narrator.ts";

const base = { seq: 1, runId: "r" };
const started = (state: string, time: number, path = `flow/${state}#1`): RailEvent => ({
  ...base,
  type: "state.started",
  time,
  path,
  state,
  visit: 1,
  kind: "runnable",
  input: "",
});
const app = (phase: "busy" | "idle" | "running", more = {}) => ({ phase, queue: [], ...more }) as const;

test("T19: tells what began, every half minute what still works, and when it is the user's turn", () => {
  const narrator = new Narrator();
  expect(narrator.tell({ app: app("busy"), now: 0 })).toEqual({ before: [], after: [] });
  expect(narrator.tell({ app: app("idle"), now: 1 }).after).toEqual(["ready"]);
  expect(narrator.tell({ app: app("idle"), now: 2 }).after).toEqual([]);
  const begin: RailEvent = {
    ...base,
    type: "run.started",
    time: 10,
    path: "flow",
    orchestration: "flow",
    input: "",
  };
  let { state } = railAdvance(railStart("flow", ["research", "report"]), [begin, started("research", 10)]);
  const tell = (now: number) => narrator.tell({ app: app("running"), rail: state, now });
  expect(tell(10).before).toEqual(["research started"]);
  expect(tell(20_000).before).toEqual([]);
  expect(tell(30_010).before).toEqual(["research still working 30s"]);
  expect(tell(30_020).before).toEqual([]);
  const reason = "The database is full.";
  const pause = { ...base, type: "run.paused", time: 30_030, path: "flow", part: 1, reason } as const;
  ({ state } = railAdvance(state, [pause]));
  expect(tell(30_030).before).toEqual(["The database is full. The run waits, and goes on by itself."]);
  expect(tell(30_040).before).toEqual([]);
  const goOn = { ...base, type: "run.continued", time: 30_050, path: "flow", part: 2 } as const;
  ({ state } = railAdvance(state, [goOn]));
  const done: RailEvent = {
    ...base,
    type: "state.completed",
    time: 40_000,
    path: "flow/research#1",
    state: "research",
    visit: 1,
    output: "",
    duration: 39_990,
  };
  state = railAdvance(state, [done, started("report", 40_000)]).state;
  expect(tell(90_000).before).toEqual(["report started"]);
  expect(narrator.tell({ app: app("idle"), now: 100_010 }).after).toEqual(["ready, after 1m 40s"]);
});

test("T19: says what a second key does, and that a message waits", () => {
  const narrator = new Narrator();
  narrator.tell({ app: app("idle"), now: 0 });
  const armed = app("idle", { armed: "quit" });
  expect(narrator.tell({ app: armed, now: 1 }).after).toEqual(["Ctrl-C again to quit"]);
  expect(narrator.tell({ app: armed, now: 2 }).after).toEqual([]);
  const queued = { ...app("running"), queue: ["one"] };
  expect(narrator.tell({ app: queued, now: 3 }).after).toEqual(["queued: 1 waiting"]);
  expect(narrator.tell({ app: queued, now: 4 }).after).toEqual([]);
});
