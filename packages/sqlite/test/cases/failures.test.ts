/** A failure that a file keeps takes the same edge in every life of its run. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  all,
  choose,
  each,
  isOrchError,
  type Orchestration,
  orchestration,
  type Runnable,
  race,
  runnable,
  type Settled,
} from "@orch/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sqliteHost, sqliteStore } from "../../src/index.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "orch-failures-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

class Busy extends Error {
  readonly status = 429;
  readonly headers = { "x-limit": "7" };
  readonly errors = [new TypeError("one"), new RangeError("two", { cause: new Error("why") })];
  readonly mine = "not declared";
}

const busy = runnable("busy", async (_: string): Promise<string> => {
  throw new Busy("too many requests");
});

/** Work beside a failure, which goes on when the test says so. */
class Work {
  readonly state: Runnable<string, string> = runnable("work", async (x: string, { signal }) => {
    this.begun.resolve();
    await Promise.race([
      this.#open.promise,
      new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    ]);
    return x;
  });
  readonly begun: PromiseWithResolvers<void> = Promise.withResolvers();
  readonly #open: PromiseWithResolvers<void> = Promise.withResolvers();

  end(): void {
    this.#open.resolve();
  }
}

/** All that may be known of a failure, and that an edge may depend on. */
const told = (error: unknown): string =>
  JSON.stringify(error, (_key, value: unknown) =>
    value instanceof Error
      ? {
          ...value,
          name: value.name,
          message: value.message.split("\n")[0],
          cause: value.cause,
          errors: (value as Partial<Busy>).errors,
        }
      : value,
  );

/** Flows in which a failure waits for work beside it, before an edge is chosen by it. */
const flows: readonly (readonly [string, (work: Work) => Orchestration<string, string>])[] = [
  [
    "all that settles",
    (work) =>
      settledBy(
        (state) => all("both", { busy: state, work: work.state }, { settled: true }),
        ({ busy: one }) => one,
      ),
  ],
  [
    "a nested orchestration",
    (work) =>
      settledBy(
        (state) =>
          all(
            "both",
            { busy: orchestration("inner", (o) => o.start(state).finish(state)), work: work.state },
            { settled: true },
          ),
        ({ busy: one }) => one,
      ),
  ],
  [
    "a choice",
    (work) =>
      settledBy(
        (state) =>
          all("both", { busy: choose("pick", (_: string) => state), work: work.state }, { settled: true }),
        ({ busy: one }) => one,
      ),
  ],
  [
    "a race for two",
    (work) =>
      caughtBy((state) =>
        race(
          "both",
          { busy: state, other: runnable("other", (x: string) => x), work: work.state },
          { first: 3 },
        ),
      ),
  ],
];

function settledBy<TResults>(
  fan: (state: typeof busy) => Runnable<string, TResults>,
  failed: (results: TResults) => Settled<unknown> | undefined,
): Orchestration<string, string> {
  const both = fan(busy);
  const [later, dead] = [
    runnable("later", (text: string) => text),
    runnable("dead", (_: unknown) => "given up"),
  ];
  const errorIn = (results: TResults) => {
    const one = failed(results);
    return one?.status === "failed" ? one.error : undefined;
  };
  return orchestration("f", (o) =>
    o
      .start(both)
      .advance(both, later, {
        when: (results) => errorIn(results)?.cause?.status === 429,
        convert: (results) => told(errorIn(results)),
      })
      .advance(both, dead)
      .finish(later, dead),
  );
}

function caughtBy(fan: (state: typeof busy) => Runnable<string, unknown>): Orchestration<string, string> {
  const both = fan(busy);
  const [later, dead, end] = ["later", "dead", "end"].map((id) =>
    runnable(id, (text: unknown) => String(text)),
  );
  return orchestration("f", (o) =>
    o
      .start(both)
      .catch(both, later!, {
        when: (error) =>
          isOrchError(error, "ORCH_RACE_LOST") && error.facts.failures[0]?.cause?.status === 429,
        convert: (error) => told(error),
      })
      .catch(both, dead!)
      .advance(both, end!)
      .finish(later!, dead!, end!),
  );
}

describe("E09: over a file", () => {
  it.each(flows)("E09: %s takes the same edge straight and after a suspend", async (name, make) => {
    const file = join(folder, `${name.replaceAll(" ", "-")}.db`);
    const first = sqliteHost(file);
    const straight = new Work();
    straight.end();
    const output = await make(straight).run("x", { host: first });
    expect(output).toContain('"status":429');
    expect(output).toContain('"x-limit":"7"');
    expect(output).toContain("why");
    expect(output).not.toContain("not declared");
    if (name === "a race for two") return first.close(); // It is lost with its first failure.

    const parked = new Work();
    const run = make(parked).start("x", { host: first, runId: "r" });
    run.result.catch(() => {});
    for await (const event of run.events())
      if (event.type === "state.failed" && event.state === "busy") break;
    await run.suspend();
    await first.close();

    const second = sqliteHost(file);
    const resumed = new Work();
    resumed.end();
    expect(await (await second.resume(make(resumed), "r")).result).toBe(output);
    await second.close();
  });

  it("E09, further: the failure of a .catch edge, at every level", async () => {
    for (const durability of ["step", "group", "end"] as const) {
      const file = join(folder, `caught-${durability}.db`);
      const make = (work: Work): Orchestration<string, string> => {
        const [a, rescue] = [
          runnable("a", (text: string) => text),
          runnable("rescue", (text: string) => text),
        ];
        const both = all("both", { a, work: work.state });
        return orchestration("f", (o) =>
          o
            .start(both)
            .advance(both, a, {
              convert: () => {
                throw new Busy("on the edge");
              },
            })
            .catch(both, rescue, {
              when: (error) => (error.cause as Busy).status === 429,
              convert: (error) => told(error.cause),
            })
            .finish(a, rescue),
        );
      };
      const first = sqliteHost(file, { durability });
      const straight = new Work();
      straight.end();
      const output = await make(straight).run("x", { host: first });
      expect(output).not.toContain("not declared");
      const parked = new Work();
      const run = make(parked).start("x", { host: first, runId: "r" });
      run.result.catch(() => {});
      await parked.begun.promise;
      await run.suspend();
      await first.close();
      const second = sqliteHost(file, { durability });
      const resumed = new Work();
      resumed.end();
      expect(await (await second.resume(make(resumed), "r")).result).toBe(output);
      await second.close();
    }
  });

  it("E09, further: a failure that an older release kept is read, with the fields that it had", async () => {
    const file = join(folder, "older.db");
    const work = new Work();
    work.end();
    const fan = each("fan", busy, { settled: true });
    const flow = orchestration("f", (o) => o.start(fan).finish(fan));
    const first = sqliteHost(file);
    const run = flow.start(["x", "y"], { host: first, runId: "new" });
    await run.result;
    await first.close();

    const store = sqliteStore(file);
    const [kept, records] = [await store.get("new"), await store.load("new")];
    const { orchestration: id, version, hash, createdAt } = kept!;
    const old = records!
      .slice(0, 2)
      .map((record) =>
        record.type === "failed"
          ? { ...record, value: JSON.stringify({ name: "Busy", message: "too many requests", code: "busy" }) }
          : record,
      );
    const claim = await store.create(
      { runId: "old", orchestration: id, version, hash, createdAt },
      old,
      createdAt,
    );
    if (claim !== "exists") await store.release([claim]);
    await store.close();

    const second = sqliteHost(file);
    const results = await (await second.resume(flow, "old")).result;
    expect(results).toMatchObject([
      { error: { cause: { name: "Busy", code: "busy" } } },
      { error: { cause: { status: 429 } } },
    ]);
    await second.close();
  });
});
