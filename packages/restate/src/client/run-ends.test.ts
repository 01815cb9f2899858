import { manualClock } from "@orch/testing";
import { expect, it } from "vitest";
import type { RunCard, RunPage } from "../words/run-card.ts";
import { AFTER_ALL, RunEnds } from "./run-ends.ts";

const card = { createdAt: 1, runId: "r", orchestration: "flow", version: "1", hash: "h", updatedAt: 1 };
const running: RunPage = {
  card: { ...card, status: "running" } satisfies RunCard,
  events: [],
  next: 0,
  more: false,
};
const ended: RunPage = { ...running, end: { kind: "completed", value: "x" } };

/** A client of a server that says these things; `asked` has after which arrivals it was asked. */
function clientOf(...said: readonly RunPage[]): {
  readonly ends: RunEnds;
  readonly asked: number[];
  readonly clock: ReturnType<typeof manualClock>;
} {
  const left = [...said];
  const asked: number[] = [];
  const clock = manualClock();
  const read = async (_: string, from: number): Promise<RunPage | undefined> => {
    asked.push(from);
    return left.shift();
  };
  const ends = new RunEnds({ service: { read, order: async () => undefined }, clock, patience: 1_000 });
  return { ends, asked, clock };
}

/** Reads all of a feed, as the handle of a run does. */
async function all(feed: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const _ of feed) count += 1;
  return count;
}

it("tells the end with the events, and asks for it no second time", async () => {
  const { ends, asked, clock } = clientOf(running, ended);
  const end = ends.wait("r");
  const told = all(ends.follow("r", new AbortController().signal));
  await clock.advance(1_000);
  expect(await end).toEqual({ kind: "completed", value: "x" });
  expect(await told).toBe(1);
  expect(asked).toEqual([0, 0]);
});

it("asks by itself where nobody follows the run, or who did has left it", async () => {
  const alone = clientOf(ended);
  expect(await alone.ends.wait("r")).toMatchObject({ kind: "completed" });
  expect(alone.asked).toEqual([AFTER_ALL]);

  const { ends, asked, clock } = clientOf(running, ended);
  const leaving = new AbortController();
  const end = ends.wait("r");
  const told = all(ends.follow("r", leaving.signal));
  await clock.advance(0);
  leaving.abort();
  await clock.advance(1_000);
  expect(await told).toBe(0);
  expect(await end).toMatchObject({ kind: "completed" });
  expect(asked).toEqual([0, AFTER_ALL]);
});
