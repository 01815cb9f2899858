import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import type { OrchestrationEvent } from "../words/events.ts";
import { EventLog } from "./event-log.ts";
import type { RunHandle } from "./host.ts";

const at = (seq: number, part?: number): OrchestrationEvent => {
  const base = { seq, time: seq, runId: "r", path: "flow/a#1", state: "a", visit: 1 };
  return part === undefined
    ? { ...base, type: "state.skipped" }
    : { ...base, part, type: "state.output", channel: "c", data: part };
};

const handle = (history?: RunHandle["history"]): Pick<RunHandle, "id" | "history" | "describe"> => ({
  id: "r",
  history,
  describe: (status) => ({
    ...{ runId: "r", orchestration: "flow", status, visits: {}, steps: 0 },
    ...{ open: [], questions: [], spent: { tokens: 0, cost: 0 } },
  }),
});

/** A log of a run that is not kept, with `count` events. */
function filled(count: number): EventLog {
  const log = new EventLog();
  log.follow(handle());
  for (let seq = 1; seq <= count; seq++) log.append(at(seq));
  return log;
}

async function all(reading: AsyncIterable<OrchestrationEvent>): Promise<OrchestrationEvent[]> {
  const events: OrchestrationEvent[] = [];
  for await (const event of reading) events.push(event);
  return events;
}

describe("a reader of events", () => {
  it("is told which events it missed when it comes too late and they are not kept", async () => {
    const log = filled(20_001);
    log.end();
    const [missed, ...rest] = await all(log.read(3));

    expect(missed).toEqual({
      ...{ type: "events.missed", from: 3, to: 10_001, seq: 10_001, part: 0 },
      ...{ time: 10_002, runId: "r", path: "flow" },
    });
    expect(rest.map(({ seq }) => seq)).toEqual(Array.from({ length: 10_000 }, (_, index) => 10_002 + index));
  });

  it("is told so once for each time it falls behind", async () => {
    const log = filled(3);
    const reader = log.read(1);
    expect((await reader.next()).value).toMatchObject({ seq: 1 });
    for (let seq = 4; seq <= 50_000; seq++) log.append(at(seq));
    const [second, third] = [(await reader.next()).value, (await reader.next()).value];

    expect(second).toMatchObject({ type: "events.missed", from: 2, to: log.before });
    expect(third).toMatchObject({ seq: log.before + 1 });
  });

  it("gets them from the journal where the run is kept, as far as it goes", async () => {
    const log = new EventLog();
    const asked: number[][] = [];
    const load = async (from: number, to: number) => {
      asked.push([from, to]);
      return { events: Array.from({ length: 8 }, (_, index) => at(index + 1)), until: 8 };
    };
    log.follow(handle({ until: 10, load }));
    log.append(at(11));
    log.end();
    const seen = await all(log.read(2));

    expect(asked).toEqual([[2, 10]]);
    expect(seen.map(({ seq }) => seq)).toEqual([2, 3, 4, 5, 6, 7, 8, 10, 11]);
    expect(seen[7]).toMatchObject({ type: "events.missed", from: 9, to: 10 });
  });

  it("fails when the journal cannot be read, and is over then", async () => {
    const log = new EventLog();
    const load = () => Promise.reject(new RangeError("no store"));
    log.follow(handle({ until: 10, load }));
    const reader = log.read(1);

    await expect(reader.next()).rejects.toThrow("no store");
    expect(await reader.next()).toEqual({ done: true, value: undefined });
  });

  it("gets the live events after the event before the one it begins with", async () => {
    const log = filled(2);
    for (const event of [at(2, 1), at(2, 2), at(3), at(3, 1)]) log.append(event);
    log.end();

    expect((await all(log.read(3))).map(({ seq, part }) => [seq, part])).toEqual([
      [2, 1],
      [2, 2],
      [3, undefined],
      [3, 1],
    ]);
    expect((await all(log.read(4))).map(({ seq, part }) => [seq, part])).toEqual([[3, 1]]);
  });

  it("ends at once when it is left while it waits, and leaves nothing behind", async () => {
    const log = filled(1);
    const stop = new AbortController();
    const readers = Array.from({ length: 1_000 }, () => log.read(2, stop.signal));
    const waiting = readers.map((reader) => reader.next());
    expect(log.waiting).toBe(1_000);
    for (const reader of readers) expect(await reader.return()).toEqual({ done: true, value: undefined });

    expect(await Promise.all(waiting)).toEqual(readers.map(() => ({ done: true, value: undefined })));
    expect(log.waiting).toBe(0);
    expect(getEventListeners(stop.signal, "abort")).toEqual([]);
  });

  it("ends when its signal is aborted, before or while it waits", async () => {
    const log = filled(1);
    const stop = new AbortController();
    const reader = log.read(2, stop.signal);
    const next = reader.next();
    stop.abort();

    expect(await next).toEqual({ done: true, value: undefined });
    expect(await all(log.read(1, stop.signal))).toEqual([]);
    expect(log.waiting).toBe(0);
  });

  it("serves calls that do not wait for each other in their order", async () => {
    const log = filled(2);
    const reader = log.read(1);
    const asked = [reader.next(), reader.next(), reader.next(), reader.next()];
    log.append(at(3));
    log.end();

    expect(await Promise.all(asked)).toMatchObject([
      { value: { seq: 1 } },
      { value: { seq: 2 } },
      { value: { seq: 3 } },
      { done: true },
    ]);
  });

  it("is over after an error that is thrown into it, and at the end of its block", async () => {
    const log = filled(1);
    await expect(log.read(1).throw(new RangeError("stop"))).rejects.toThrow("stop");
    {
      await using reader = log.read(2);
      void reader.next();
      expect(log.waiting).toBe(1);
    }
    expect(log.waiting).toBe(0);
  });
});
