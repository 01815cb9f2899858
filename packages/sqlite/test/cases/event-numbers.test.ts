import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OrchestrationEvent } from "@orch/core";
import { DurableHost } from "@orch/core/host";
import { manualClock } from "@orch/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { budget, figure, seed } from "../../../../scripts/lanes.ts";
import { sampleFlows } from "../../../core/test/sample-flows.ts";
import { kept, live } from "../../../core/test/told-and-kept.ts";
import { sqliteHost, sqliteStore } from "../../src/index.ts";
import { childUntil, moreThan } from "../child-until.ts";
import { seeded } from "../seeded.ts";
import { talking } from "../shared-flows.ts";

const KILLS = budget("killedTellers");
const CHILD = join(import.meta.dirname, "..", "tell-events.ts");

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "orch-events-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What one process tells, from number `from` on, until it ends or is killed after a number of lines. */
async function toldBy(
  file: string,
  level: string,
  from: number,
  lines: number,
): Promise<OrchestrationEvent[]> {
  const { out } = await childUntil([CHILD, file, level, String(from)], moreThan(lines));
  // The last line may be cut.
  const whole = out.split("\n").slice(0, -1);
  return whole.map((line) => JSON.parse(line) as OrchestrationEvent);
}

describe("a reader that goes on after the number it saw last", () => {
  it.each(["step", "group"])(
    "P13: gets every kept event once, over processes that are killed while they tell, at level %s",
    async (level) => {
      const random = seeded(seed);
      const file = join(folder, `${level}.db`);
      const told: OrchestrationEvent[] = [];
      let [lives, live] = [0, 0];
      while (told.at(-1)?.type !== "run.completed") {
        const from = (kept(told).at(-1)?.seq ?? 0) + 1;
        const lines = lives < KILLS ? 1 + Math.floor(random() * 120) : Number.POSITIVE_INFINITY;
        const events = await toldBy(file, level, from, lines);
        live += events.length - kept(events).length;
        told.push(...events);
        lives += 1;
      }
      const store = sqliteStore(file);
      const recorded = await new DurableHost(store).events(talking, "r");
      await store.close();

      expect(kept(told)).toEqual(recorded);
      expect(recorded.map(({ seq }) => seq)).toEqual(recorded.map((_, index) => index + 1));
      figure(
        `killed tellers: ${lives} lives at level ${level}: ${recorded.length} kept events told once, ${live} live`,
      );
    },
  );
});

it("P13: gives no number twice at level end, where a process that is killed loses what it told", async () => {
  const random = seeded(seed);
  const file = join(folder, "end.db");
  const told: OrchestrationEvent[] = [];
  let lives = 0;
  while (told.at(-1)?.type !== "run.completed") {
    const from = (kept(told).at(-1)?.seq ?? 0) + 1;
    const lines = lives < KILLS ? 1 + Math.floor(random() * 120) : Number.POSITIVE_INFINITY;
    told.push(...(await toldBy(file, "end", from, lines)));
    lives += 1;
  }
  const store = sqliteStore(file);
  const recorded = await new DurableHost(store).events(talking, "r");
  await store.close();
  const numbers = kept(told).map(({ seq }) => seq);
  const lost = recorded.flatMap((event) => (event.type === "events.missed" ? [[event.from, event.to]] : []));
  const isLost = ({ seq, type }: OrchestrationEvent): boolean =>
    type !== "events.missed" && lost.some(([from = 0, to = 0]) => from <= seq && seq <= to);

  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  expect(recorded.filter((event) => event.type !== "events.missed")).toEqual(
    kept(told).filter((event) => event.type !== "events.missed" && !isLost(event)),
  );
  expect(lost.length).toBeLessThan(lives);
  figure(
    `killed tellers: ${lives} lives at level end: no number told twice, ${lost.length} times events were lost and said so`,
  );
});

describe("the recorded run in a database", () => {
  it.each(Object.keys(sampleFlows(manualClock())))("of %s tells what the live run told", async (name) => {
    for (const steps of [1, 2, Number.POSITIVE_INFINITY]) {
      const clock = manualClock();
      const driven = { flow: sampleFlows(clock)[name]!, clock, told: [] as OrchestrationEvent[] };
      const store = sqliteStore(join(folder, `${name}-${steps}.db`));
      const host = () => new DurableHost(store, { clock });
      const run = driven.flow.start(3, { host: host(), runId: "r" });
      const recorded = await live(driven, host, run, steps);
      await store.close();

      expect(kept(driven.told)).toEqual(recorded);
    }
  });
});

it("tells of a fork and of a retried run what was told, from another process's host too", async () => {
  const file = join(folder, "forks.db");
  const host = sqliteHost(file);
  const first = talking.start(55, { host, runId: "r" });
  const told: OrchestrationEvent[] = [];
  for await (const event of first.events()) told.push(event);
  const fork = await host.fork(talking, "r", { before: "talking/several#1", runId: "fork" });
  const toldOfFork: OrchestrationEvent[] = [];
  for await (const event of fork.events()) toldOfFork.push(event);
  await host.close();
  const other = sqliteHost(file);

  expect(await other.events(talking, "r")).toEqual(kept(told));
  expect(await other.events(talking, "fork")).toEqual(kept(toldOfFork));
  await other.close();
});
