/** A run of 2,000 states in 50 lanes, in the view of it: what a key costs. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { each, type OrchestrationEvent, orchestration, runnable } from "@orch/core";
import { memoryHost } from "@orch/core/host";
import { expect, test } from "vitest";
import { figure } from "../../../../scripts/lanes.ts";
import { processorTime } from "../../../../scripts/processor-time.ts";
import { safe, safeText } from "../terminal/safe-text.ts";
import { plainText } from "../terminal/styled.ts";
import { createTheme } from "../terminal/theme.ts";
import { RunReader } from "./run-reader.ts";
import { RunView } from "./run-view.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

const LANES = 50;
const ROUNDS = 40;
/** In milliseconds. A letter of a filter reads all values once. */
const BARS: { readonly [what: string]: number } = { "first screen": 300, "letter of a filter": 100 };
const size = { columns: 100, rows: 30 };
const screen = { changed: () => {}, close: () => {}, lend: async () => undefined };

async function largeRun(): Promise<{
  readonly events: readonly OrchestrationEvent[];
  readonly graph: never;
}> {
  const plan = runnable("plan", (round: number) => round + 1);
  const work = runnable("work", (lane: number) => ({ found: `thing ${lane}`, text: "word ".repeat(200) }));
  const lanes = each("lanes", work);
  const end = runnable("end", () => "done");
  let rounds = 0;
  const flow = orchestration("flow", (o) =>
    o
      .start(plan)
      .advance(plan, lanes, { convert: () => Array.from({ length: LANES }, (_, lane) => lane) })
      .advance(lanes, plan, { label: "again", when: () => ++rounds < ROUNDS, convert: () => rounds })
      .advance(lanes, end, { convert: () => undefined })
      .finish(end),
  );
  const host = memoryHost();
  const run = flow.start(0, { host });
  await run.result;
  return { events: await host.events(flow, run.id), graph: flow.graph as never };
}

test("the first screen costs less than 300 ms of processor time, and a key less than 30 ms", async () => {
  const { events, graph } = await largeRun();
  collect();
  const before = process.memoryUsage().heapUsed;
  const costs = new Map<string, number>();
  const timed = (what: string, keys: number, act: () => void): void => {
    const start = processorTime();
    act();
    costs.set(what, (processorTime() - start) / keys);
  };
  const reader = new RunReader();
  let reads = 0;
  const view = new RunView({
    ...{ record: () => reader.record, events: () => reader.events, graph: () => graph, now: () => 0 },
    ...{ theme: () => theme, follow: () => () => {}, copy: () => ({ taken: true, note: safe`` }) },
    ...{
      records: async () => undefined,
      retry: () => undefined,
      write: async () => ({ text: safe``, tone: "done" }),
      fork: async () => undefined,
    },
    ...{ edit: undefined, failure: (error) => safeText(String(error)) },
  });
  const theme = createTheme();
  const draw = (): string => view.draw(size).lines.map(plainText).join("\n");
  const press = (key: object, input = "", times = 1): void => {
    for (let at = 0; at < times; at++) {
      view.press({ input, key }, screen);
      draw();
    }
  };
  timed("first screen", 1, () => {
    for (const event of events) reader.take(event);
    expect(draw()).toContain("end");
  });
  expect(reader.record.steps).toHaveLength(4 * ROUNDS + 1);
  const [, , , again] = reader.record.steps;
  expect(again).toMatchObject({ type: "move", to: "plan" });
  timed("row", 100, () => press({ upArrow: true }, "", 100));
  // A collection of garbage may fall into one key.
  const firstRow = Array.from({ length: 3 }, () => {
    press({ end: true });
    timed("first row", 1, () => press({ home: true }));
    return costs.get("first row")!;
  });
  costs.set("first row", Math.min(...firstRow));
  timed("step of a replay", 10, () => press({ leftArrow: true }, "", 10));
  press({ end: true });
  press({}, "/");
  timed("letter of a filter", 8, () => {
    for (const letter of "thing 49") press({}, letter);
  });
  press({ return: true });
  // Rows that are found are not looked for again: nothing of the run is read for an arrow.
  for (const step of reader.record.steps)
    if (step.type === "state") Object.assign(step.output ?? {}, { value: counting(() => reads++) });
  timed("row of a filter", 50, () => press({ upArrow: true }, "", 50));
  expect(reads).toBe(0);
  collect();
  const megabytes = (process.memoryUsage().heapUsed - before) / 2 ** 20;
  const shown = [...costs].map(([what, ms]) => `${what} ${ms.toFixed(1)} ms`).join(", ");
  figure(
    `view of a run of ${LANES * ROUNDS} states in ${LANES} lanes, processor time: ${shown}; ${megabytes.toFixed(0)} MB`,
  );
  for (const [what, ms] of costs) expect(ms, `${what}: ${shown}`).toBeLessThan(BARS[what] ?? 30);
  expect(megabytes).toBeLessThan(50);
});

/** A value that tells when it is written as JSON. */
function counting(read: () => void): object {
  const toJSON = (): string => {
    read();
    return "read";
  };
  return { toJSON };
}
