import { systemClock } from "@orch/core/doors";
import { expect, it } from "vitest";
import { RestateUnreachableError } from "../errors/restate-unreachable-error.ts";
import type { RunCard, RunPage } from "../words/run-card.ts";
import { followRun } from "./run-feed.ts";

const card: RunCard = {
  createdAt: 1,
  runId: "r",
  orchestration: "flow",
  version: "1",
  hash: "h",
  status: "running",
  updatedAt: 1,
};
const started = {
  type: "run.started",
  seq: 1,
  time: 1,
  runId: "r",
  path: "flow",
  orchestration: "flow",
  input: 1,
} as const;
const away = new RestateUnreachableError({ url: "http://x", problem: "ECONNREFUSED" });
const page = (given: Partial<RunPage>): RunPage => ({ card, events: [], next: 0, more: false, ...given });

/** A server that says these things, one after another. */
function serverOf(
  ...said: readonly (RunPage | Error | undefined)[]
): Parameters<typeof followRun>[1]["service"] {
  const left = [...said];
  return {
    read: async () => {
      const next = left.shift();
      if (next instanceof Error) throw next;
      return next;
    },
    order: async () => undefined,
  };
}

async function told(service: ReturnType<typeof serverOf>, patience = 60_000): Promise<readonly unknown[]> {
  const all: unknown[] = [];
  for await (const { events, end } of followRun("r", { service, clock: systemClock, patience })) {
    all.push(...events.map(({ type }) => type), ...(end === undefined ? [] : [end.kind]));
  }
  return all;
}

it("tells what the server tells until the run ends, over a time in which the server is away", async () => {
  const service = serverOf(
    page({ events: [started], next: 1 }),
    away,
    page({ next: 1 }),
    page({ end: { kind: "completed" } }),
  );
  expect(await told(service)).toEqual(["run.started", "completed"]);
});

it("says when no worker can drive the run, and when one can again", async () => {
  const paused = page({ card: { ...card, status: "paused", problem: "no worker has it" } });
  const service = serverOf(
    page({ events: [started] }),
    paused,
    paused,
    page({}),
    page({ end: { kind: "completed" } }),
  );
  expect(await told(service)).toEqual(["run.started", "run.paused", "run.continued", "completed"]);
});

it("gives up when the server was away for longer than the patience, or knows no such run", async () => {
  await expect(told(serverOf(away, away, away), 1)).rejects.toBe(away);
  await expect(told(serverOf(undefined))).rejects.toMatchObject({ code: "ORCH_UNKNOWN_RUN" });
});

it("asks a place that answers slowly less often: the pause is three times as long as the answer took", async () => {
  let now = 0;
  const pauses: number[] = [];
  const clock = {
    now: () => now,
    after: (ms: number, act: () => void) => {
      pauses.push(ms);
      now += ms;
      queueMicrotask(act);
      return () => {};
    },
  };
  const pages = [
    page({ events: [started], next: 1 }),
    page({ next: 1 }),
    page({ end: { kind: "completed" } }),
  ];
  const takes = [1, 100, 1];
  const read = async (): Promise<RunPage | undefined> => {
    now += takes.shift()!;
    return pages.shift();
  };
  const service = { read, order: async () => undefined };
  for await (const _ of followRun("r", { service, clock, patience: 1_000 }));
  expect(pauses).toEqual([10, 300]);
});
