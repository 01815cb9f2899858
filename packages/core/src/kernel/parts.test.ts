import { describe, expect, it } from "vitest";
import { background, collect, orchestration, runnable } from "../index.ts";
import { Activation } from "./activation.ts";
import { compiled } from "./compiled.ts";
import { leavesOf } from "./leaves.ts";
import { begin, type RunState, type Sink, take } from "./transition.ts";

const job = runnable("job", (value: number) => value);
const jobs = background("jobs", job);
const again = runnable("again", (value: number) => value + 1);
const last = runnable("last", (value: number) => value);
const results = collect("results", jobs);
const limits = { maxSteps: 1_000_000 };
const looping = orchestration(
  "looping",
  (o) =>
    o
      .start(jobs)
      .advance(jobs, again)
      .advance(again, jobs, { when: (value) => value >= 0 })
      .advance(again, last)
      .finish(last),
  limits,
);
const collecting = orchestration(
  "collecting",
  (o) =>
    o
      .start(jobs)
      .advance(jobs, again)
      .advance(again, jobs, { when: (value) => value >= 0 })
      .advance(again, last)
      .advance(last, results)
      .finish(results),
  limits,
);

/** The transition alone, with as many jobs in the background as wanted; counts how often one looks at a part. */
function withJobs(many: number, flow = looping) {
  const run: RunState = {
    root: new Activation(undefined, compiled(flow), 0),
    ended: undefined,
    values: undefined,
    yields: true,
  };
  const opened: Activation[] = [];
  let looks = 0;
  const sink: Sink = {
    exec: (operation) => opened.push(operation),
    timer: () => {},
    halted: () => {},
    drop: () => {},
    recorder: undefined,
    grace: 1,
    yields: true,
  };
  /** Ends an operation, and gives how often parts were looked at on account of it. */
  const end = (operation: Activation, value: unknown): number => {
    const before = looks;
    take(run, { kind: "completed", operation, value }, sink);
    return looks - before;
  };
  const next = (id: string): Activation =>
    opened.splice(
      opened.findIndex(({ runnable }) => runnable.id === id),
      1,
    )[0]!;
  begin(run, sink);
  for (let turn = 1; turn < many; turn++) end(next("again"), turn);
  for (const { parent } of opened) {
    const { frame, runnable } = parent!;
    if (runnable.id !== "jobs") continue;
    Object.defineProperty(parent, "frame", {
      get: () => {
        looks += 1;
        return frame;
      },
    });
  }
  return { run, end, next, left: opened.filter(({ runnable }) => runnable.id === "job") };
}

/** Ends all jobs, the oldest first, and gives how often parts were looked at by the one in the middle. */
function inTheMiddle({ end, left }: ReturnType<typeof withJobs>): number | undefined {
  return left.map((one) => end(one, one.input)).at(left.length / 2);
}

/** How often parts are looked at by each kind of step. */
function looksOf(many: number) {
  const going = withJobs(many);
  const { run, end, next } = going;
  const turn = end(next("again"), many);
  const first = leavesOf(run.root)[Symbol.iterator]().next().value;
  const beside = inTheMiddle(going);
  const [ending, waiting] = [withJobs(many), withJobs(many, collecting)];
  for (const each of [ending, waiting]) {
    each.end(each.next("again"), -1);
    each.end(each.next("last"), 0);
  }
  const looks = { turn, beside, ending: inTheMiddle(ending), waiting: inTheMiddle(waiting) };
  return {
    ...looks,
    first: first?.runnable.id,
    ended: [ending, waiting].map((each) => each.run.ended?.kind),
  };
}

describe("a background that grows", () => {
  it("makes no step dearer: each kind of step looks at as many of 400 parts as of 4", () => {
    const few = looksOf(4);

    expect(few).toMatchObject({ turn: 0, first: "again", ended: ["completed", "completed"] });
    expect(looksOf(400)).toEqual(few);
  });

  it("is collected oldest first, in whatever order the jobs ended", () => {
    const { run, end, next, left } = withJobs(50, collecting);
    end(next("again"), -1);
    end(next("last"), 0);
    for (const operation of [...left].reverse()) end(operation, operation.input);

    expect(run.ended).toEqual({ kind: "completed", value: 0 });
  });
});
