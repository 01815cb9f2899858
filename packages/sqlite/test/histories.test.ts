/**
 * Journals as earlier releases wrote them: every later one reads them, goes on from the middle of them, and tells the
 * same story. They are never changed. `ORCH_WRITE_HISTORIES=0.2.0 vitest run packages/sqlite/test/histories.test.ts`
 * writes those of a new release.
 */
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Orchestration, OrchestrationEvent } from "@orch/core";
import {
  DurableHost,
  type JournalRecord,
  type JournalStore,
  memoryStore,
  type StoredRun,
} from "@orch/core/host";
import { describe, expect, it } from "vitest";
import { manualClock } from "../../testing/src/clock/manual-clock.ts";
import { type HostFlow, hostFlows } from "../../testing/src/host/host-flows.ts";
import { HostLifeOnStore } from "../../testing/src/host/host-life-on-store.ts";
import { sqliteStore } from "../src/index.ts";

const PLACE = join(import.meta.dirname, "fixtures", "histories");
const RUN = "run-1";
const WRITTEN = process.env["ORCH_WRITE_HISTORIES"];

/** One run, as a file keeps it. */
interface History {
  readonly flow: string;
  readonly run: StoredRun;
  readonly records: readonly JournalRecord[];
  readonly events: readonly OrchestrationEvent[];
}

/** What a journal can hold, each by one flow at least. */
const KEPT = [
  "a line of states",
  "a conversion to nothing and back",
  "items side by side, three at once",
  "a race with a wait",
  "a state made from the input",
  "a nested orchestration whose failure is caught",
  "a retry with a pause",
  "a wait between states",
  "questions side by side, and work that goes on",
  "a question without an answer in time",
  "a runnable that asks and keeps",
  "shared state",
  "a state that two branches set",
  "a budget that is passed",
  "a deadline that passes, and is caught",
  "a cancellation",
] as const;

const orchestrationOf = (flow: HostFlow): Orchestration<never, unknown> =>
  flow.make(() => {}) as Orchestration<never, unknown>;

/** A later release says more of a failure, and in better words. */
function asKept(event: OrchestrationEvent): object {
  if (!("error" in event)) return event;
  const { name, code } = event.error;
  return { ...event, error: { name, code }, census: undefined };
}

const fileOf = (flow: string): string => `${flow.replaceAll(/[^a-z]+/g, "-")}.json`;

async function written(flow: HostFlow): Promise<History> {
  const store = memoryStore();
  const life = new HostLifeOnStore(flow, "step", { clock: manualClock() });
  await life.live(store);
  expect(life.problems()).toEqual([]);
  const run = (await store.get(RUN))!;
  const records = (await store.load(RUN))!;
  const events = await new DurableHost(store).events(orchestrationOf(flow), RUN);
  return { flow: flow.name, run, records, events };
}

/** Puts the first records of a history into a store, as a process left them that is gone. */
async function restore({ run, records }: History, store: JournalStore, count: number): Promise<void> {
  const { orchestration, version, hash, createdAt } = run;
  const claim = await store.create(
    { runId: RUN, orchestration, version, hash, createdAt },
    records.slice(0, count),
    createdAt,
  );
  if (claim !== "exists") await store.release([claim]);
}

if (WRITTEN !== undefined) {
  const folder = join(PLACE, WRITTEN);
  const temporary = mkdtempSync(join(tmpdir(), "orch-histories-"));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  // No name of this machine goes into a file that stays.
  const self = { pid: 1, host: "release", startedAt: "" };
  const store = sqliteStore(join(temporary, "runs.db"), {
    owner: { self, token: "release", runs: () => false },
  });
  for (const name of KEPT) {
    const history = await written(hostFlows.find((flow) => flow.name === name)!);
    writeFileSync(join(folder, fileOf(name)), `${JSON.stringify(history, undefined, 2)}\n`);
    const { run, records } = history;
    const { orchestration, version, hash, createdAt } = run;
    const claim = await store.create({ runId: name, orchestration, version, hash, createdAt }, [], createdAt);
    if (claim !== "exists") await store.append([{ claim, from: 1, records, status: run.status }]);
  }
  await store.close();
  copyFileSync(join(temporary, "runs.db"), join(folder, "runs.db"));
  rmSync(temporary, { recursive: true });
}

for (const release of readdirSync(PLACE)) {
  const folder = join(PLACE, release);
  const histories = readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as History);

  describe(`P10: a journal of release ${release}`, () => {
    it("is there for everything that a journal can hold", () => {
      const types = new Set(histories.flatMap(({ records }) => records.map(({ type }) => type)));
      expect([...types].sort()).toEqual(
        [
          ...["answered", "asked", "cancelled", "committed", "done"],
          ...["failed", "once", "slept", "started", "stopped"],
        ].sort(),
      );
    });

    describe.each(histories.map((history) => [history.flow, history] as const))("of %s", (name, history) => {
      const flow = hostFlows.find((one) => one.name === name)!;
      const end = history.records.at(-1)!.at;

      it("gives the same end, the same events and the same structure", async () => {
        const store = memoryStore();
        await restore(history, store, history.records.length);
        const life = new HostLifeOnStore(flow, "step", { clock: manualClock(end) });
        await life.live(store);
        expect(life.problems().filter((problem) => !problem.endsWith("never ran"))).toEqual([]);
        expect(life.executed).toEqual([]);
        const events = await new DurableHost(store).events(orchestrationOf(flow), RUN);
        expect(events.map(asKept)).toEqual(history.events.map(asKept));
        expect((await written(flow)).run.hash).toBe(history.run.hash);
      });

      it("can be gone on with from every one of its records", async () => {
        for (let count = 1; count < history.records.length; count++) {
          const store = memoryStore();
          await restore(history, store, count);
          const life = new HostLifeOnStore(flow, "step", {
            clock: manualClock(history.records[count - 1]!.at),
          });
          await life.live(store);
          const problems = [...life.problems(), ...(await life.journalProblems(store))];
          expect(
            problems.filter((problem) => !problem.endsWith("never ran")),
            `after record ${count}`,
          ).toEqual([]);
          expect((await store.load(RUN))!.slice(0, count)).toEqual(history.records.slice(0, count));
        }
      });
    });

    it("is read from the database of that release", async () => {
      const temporary = mkdtempSync(join(tmpdir(), "orch-histories-"));
      copyFileSync(join(folder, "runs.db"), join(temporary, "runs.db"));
      const store = sqliteStore(join(temporary, "runs.db"));
      for (const { flow, records, run } of histories) {
        expect(await store.load(flow)).toEqual(records);
        expect(await store.get(flow)).toMatchObject({ status: run.status, hash: run.hash });
      }
      await store.close();
      rmSync(temporary, { recursive: true });
    });

    it("is gone on with in the database of that release", async () => {
      const temporary = mkdtempSync(join(tmpdir(), "orch-histories-"));
      copyFileSync(join(folder, "runs.db"), join(temporary, "runs.db"));
      const more: JournalRecord = {
        type: "once",
        at: 9,
        path: "more",
        value: JSON.stringify("x".repeat(50_000)),
      };
      const store = sqliteStore(join(temporary, "runs.db"));
      for (const { flow, records } of histories) {
        const claimed = await store.claim(flow, 1, 9e15);
        if (claimed.kind !== "claimed") throw new TypeError(`${flow} is ${claimed.kind}`);
        const { claim } = claimed;
        expect(await store.append([{ claim, from: records.length + 1, records: [more] }])).toEqual([]);
        expect(await store.append([{ claim, from: records.length + 2, records: [more], dueAt: 7 }])).toEqual(
          [],
        );
      }
      await store.close();
      const next = sqliteStore(join(temporary, "runs.db"));
      for (const { flow, records } of histories) {
        expect(await next.load(flow)).toEqual([...records, more, more]);
        expect(await next.get(flow)).toMatchObject({ dueAt: 7, records: records.length + 2 });
      }
      await next.close();
      rmSync(temporary, { recursive: true });
    });
  });
}
