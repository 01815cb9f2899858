import { manualClock } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type Orchestration, orchestration } from "../define/orchestration.ts";
import { question } from "../define/question.ts";
import { runnable } from "../words/runnable.ts";
import { DurableHost } from "./durable-host.ts";
import type { JournalStore } from "./journal-store.ts";
import { memoryStore } from "./memory-store.ts";

const step = (id: string) => runnable(id, (text: string) => `${text}${id}`);
const ask = question<string, boolean>("ask", { ask: "Go on?", answer: z.boolean() });
const before = (id = "flow") => {
  const first = step("first");
  return orchestration<string, boolean>(id, (o) => o.start(first).advance(first, ask).finish(ask));
};

/** A run of `before` that waits for its answer, held against another definition. */
async function changeTo(
  other: Orchestration<never, unknown> | undefined,
  store: JournalStore = memoryStore(),
) {
  const clock = manualClock();
  const run = before().start("x", { host: new DurableHost(store, { clock }), runId: "r" });
  await clock.advance(0);
  await run.suspend();
  return new DurableHost(store, { clock }).run("r", other).change();
}
const BEFORE = before().graph;

describe("what became of the definition of a run", () => {
  it("is nothing where only functions have changed", async () => {
    const first = runnable("first", () => "another body");
    const same = orchestration<string, boolean>("flow", (o) =>
      o.start(first).advance(first, ask).finish(ask),
    );
    expect(await changeTo(same)).toEqual({ same: true, before: BEFORE });
    expect(await changeTo(undefined)).toEqual({ same: true, before: BEFORE });
  });

  it("is told with the structure as it was, where the run goes on all the same", async () => {
    const [first, last] = [step("first"), runnable("last", (yes: boolean) => yes)];
    const longer = orchestration<string, boolean>("flow", (o) =>
      o.start(first).advance(first, ask).advance(ask, last).finish(last),
    );
    expect(await changeTo(longer)).toEqual({ same: false, before: BEFORE });
  });

  it("says which record of the journal fits nothing", async () => {
    const renamed = step("begin");
    const other = runnable("ask", (_: string) => true);
    const changed = orchestration<string, boolean>("flow", (o) =>
      o.start(renamed).advance(renamed, other).finish(other),
    );
    const store = memoryStore();
    const written = async () => JSON.stringify(await store.load("r"));
    expect(await changeTo(changed, store)).toMatchObject({
      same: false,
      misfit: { record: 2, path: "flow/first#1" },
      before: BEFORE,
    });
    // It is a question only: nothing is written, and the code of before still takes the run up.
    const kept = await written();
    await new DurableHost(store).run("r", changed).change();
    expect(await written()).toBe(kept);
    const run = await new DurableHost(store).resume(before(), "r");
    await run.answer("flow/ask#1", true);
    expect(await run.result).toBe(true);
  });

  it("is a fit where `migrate` makes one, and an error for a run of another orchestration or for none", async () => {
    const begin = step("begin");
    const migrated = orchestration<string, boolean>(
      "flow",
      (o) => o.start(begin).advance(begin, ask).finish(ask),
      {
        version: "2",
        migrate: (records) =>
          records.map((one) => ({ ...one, path: one.path.replace("/first#", "/begin#") })),
      },
    );
    expect(await changeTo(migrated)).toEqual({ same: false, before: BEFORE });
    await expect(changeTo(before("other"))).rejects.toMatchObject({ code: "ORCH_RUN_STATE" });
    const none = new DurableHost(memoryStore()).run("r", before());
    await expect(none.change()).rejects.toMatchObject({ code: "ORCH_UNKNOWN_RUN" });
  });

  it("is told without its structure where the store keeps no graphs", async () => {
    const { putGraph: _put, graph: _graph, ...bare } = bound(memoryStore());
    const begin = step("begin");
    const changed = orchestration<string, boolean>("flow", (o) =>
      o.start(begin).advance(begin, ask).finish(ask),
    );
    const change = await changeTo(changed, bare);
    expect(change).toMatchObject({ same: false, misfit: { record: 2, path: "flow/first#1" } });
    expect(change).not.toHaveProperty("before");
  });
});

/** The same store as an object whose methods can be left out. */
function bound(store: JournalStore): JournalStore {
  const names = new Set<string>();
  for (let at: object | null = store; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at))
    for (const name of Object.getOwnPropertyNames(at)) names.add(name);
  const all = store as unknown as Record<string, unknown>;
  return Object.fromEntries(
    [...names].flatMap((name) =>
      typeof all[name] === "function" && name !== "constructor"
        ? [[name, (all[name] as (...args: unknown[]) => unknown).bind(store)]]
        : [],
    ),
  ) as unknown as JournalStore;
}
