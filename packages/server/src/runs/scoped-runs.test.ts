import { orchestration, question, runnable, signal, until } from "@orch/core";
import { memoryHost } from "@orch/core/host";
import { manualClock } from "@orch/testing";
import { expect, test } from "vitest";
import { z } from "zod";
import { allOf } from "../../test/all-of.ts";
import { createServer } from "../server/create-server.ts";
import type { Principal } from "../words/principal.ts";
import type { Runs } from "../words/public-run.ts";
import { principalOf, principalScope } from "./principal-scope.ts";

const whoAmI = runnable("whoAmI", (_: string, ctx) => principalOf(ctx.runId)?.id ?? "nobody");
const approve = question("approve", { ask: (_: string) => "Go on?", answer: z.boolean(), keepInput: true });
const done = runnable("done", ({ input }: { input: string }) => input);
const flow = orchestration("flow", (o) =>
  o.start(whoAmI).advance(whoAmI, approve).advance(approve, done).finish(done),
);
const hidden = orchestration("hidden", (o) => o.start(whoAmI).finish(whoAmI));
const [ada, eve]: readonly Principal[] = [{ id: "ada" }, { id: "eve" }];

function served(limits = {}) {
  const host = memoryHost();
  const server = createServer({
    host,
    limits,
    orchestrations: { public: { orchestration: flow, input: z.string() } },
    doors: [],
  });
  return { host, server, of: (principal?: Principal): Runs => server.runs(principal) };
}

const calls: readonly (readonly [string, (runs: Runs, run: string) => Promise<unknown>])[] = [
  ["follow", (runs, run) => runs.follow(run)],
  ["happened", (runs, run) => runs.happened(run, { limit: 10 })],
  ["answer", (runs, run) => runs.answer(run, "flow/approve#1:question", true)],
  ["signal", (runs, run) => runs.signal(run, "nudge", 1)],
  ["cancel", (runs, run) => runs.cancel(run)],
  ["describe", (runs, run) => runs.describe(run)],
  ["list after", (runs, run) => runs.list({ after: run })],
];

test.each(calls)("%s knows no run of another principal, and none that is not public", async (_, call) => {
  const { host, of } = served();
  const run = await of(ada).start("public", "x");
  const secret = await hidden.start("x", { host, runId: "secret" }).accepted.then(() => "secret");
  for (const runs of [of(eve), of({ id: "ada " }), of({ id: "" + "Ada" })])
    await expect(call(runs, run)).rejects.toMatchObject({ code: "ORCH_SERVER_UNKNOWN" });
  await expect(call(of(), secret)).rejects.toMatchObject({ code: "ORCH_SERVER_UNKNOWN" });
  const [onHost] = await host.list({ orchestration: "flow" });
  await expect(call(of(eve), onHost!.runId)).rejects.toMatchObject({ code: "ORCH_SERVER_UNKNOWN" });
  await expect(call(of(ada), "no such run")).rejects.toMatchObject({ code: "ORCH_SERVER_UNKNOWN" });
  expect((await of(ada).describe(run)).status).toBe("waiting");
});

test("a list has the principal's runs alone, page by page", async () => {
  const { of } = served();
  for (let at = 0; at < 5; at++) {
    await of(ada).start("public", "x", { id: `a${at}` });
    await of(eve).start("public", "x", { id: `a${at}` });
  }
  const first = await of(ada).list({ limit: 2 });
  expect(first.map(({ run }) => run)).toEqual(["a4", "a3"]);
  expect((await of(ada).list({ after: "a3" })).map(({ run }) => run)).toEqual(["a2", "a1", "a0"]);
  expect(await of({ id: "new" }).list()).toEqual([]);
  expect(await of().list()).toHaveLength(10);
  await expect(of(ada).list({ limit: 0 })).rejects.toMatchObject({ code: "ORCH_SERVER_REQUEST" });
});

test("a runnable knows for whom it works", async () => {
  const { of } = served();
  const runs = of({ id: "Åda@example.org/x" });
  const run = await runs.start("public", "x");
  await runs.answer(run, (await asked(runs, run))!, true);
  for await (const event of await runs.follow(run)) if (event.type === "run.completed") return;
  expect.unreachable();
});

async function asked(runs: Runs, run: string): Promise<string | undefined> {
  for await (const event of await runs.follow(run))
    if (event.type === "question.asked") return event.question;
  return undefined;
}

test.each(["ada", "a.b", "Åda", "💡", "x".repeat(50), "../..", "p-"])(
  "the principal %j is read back from an id",
  (id) => {
    const { prefix, inside, outside } = principalScope({ id });
    expect(principalOf(`${prefix}r1`)).toEqual({ id });
    expect(outside(inside("r1")!)).toBe("r1");
    expect(inside("a.b")).toBeUndefined();
    expect(inside(`${prefix}r1`)).toBeUndefined();
  },
);

test("a start with an id can be sent again, and an id of another orchestration cannot be taken", async () => {
  const { of } = served();
  const [one, two] = await Promise.all([1, 2].map(() => of(ada).start("public", "x", { id: "mine" })));
  expect([one, two]).toEqual(["mine", "mine"]);
  expect(await of(ada).list()).toHaveLength(1);
  await expect(of(ada).start("public", "x", { id: "a.b" })).rejects.toMatchObject({
    code: "ORCH_SERVER_REQUEST",
  });
  await expect(of(ada).start("flow", "x")).rejects.toMatchObject({ code: "ORCH_SERVER_UNKNOWN" });
  await expect(of(ada).start("public", 5)).rejects.toMatchObject({ code: "ORCH_SERVER_INPUT" });
});

test("one principal may have so many runs and streams at once, and another has its own", async () => {
  const { of } = served({ running: 2, streams: 1 });
  const run = await of(ada).start("public", "x");
  await of(ada).start("public", "x");
  await expect(of(ada).start("public", "x")).rejects.toMatchObject({ code: "ORCH_SERVER_LIMIT" });
  await of(eve).start("public", "x");
  const reading = await of(ada).follow(run);
  await expect(of(ada).follow(run)).rejects.toMatchObject({ code: "ORCH_SERVER_LIMIT" });
  await reading.return();
  await (await of(ada).follow(run)).return();
  await of(ada).cancel(run);
  await of(ada).start("public", "x");
});

test("a run that its process let go of goes on when it is answered elsewhere", async () => {
  const { host, server, of } = served();
  const run = await of(ada).start("public", "x");
  const question = (await asked(of(ada), run))!;
  await server.park();
  await expect(of(ada).start("public", "x")).rejects.toMatchObject({ code: "ORCH_SERVER_CLOSING" });
  const next = createServer({ host, orchestrations: { public: { orchestration: flow } }, doors: [] });
  await next.runs(ada).answer(run, question, true);
  const events = await allOf(await next.runs(ada).follow(run));
  expect(events.at(-1)).toMatchObject({ type: "run.completed" });
});

test("a signal reaches a run, and takes it up where nobody drives it", async () => {
  const nudge = signal("nudge", z.number());
  const wait = until("wait", { signal: nudge });
  const waits = orchestration("waits", (o) => o.start(wait).finish(wait));
  const clock = manualClock();
  const host = memoryHost({ clock });
  const make = () =>
    createServer({ host, clock, orchestrations: { waits: { orchestration: waits } }, doors: [] });
  const first = make();
  const run = await first.runs(ada).start("waits", "x");
  expect(first.runs(ada).orchestrations[0]).toMatchObject({ signals: ["nudge"] });
  await first.park();
  const runs = make().runs(ada);
  await expect(runs.signal(run, "other", 1)).rejects.toMatchObject({ code: "ORCH_UNKNOWN_SIGNAL" });
  await runs.signal(run, "nudge", 7, { key: "k" });
  const events = await allOf(await runs.follow(run));
  expect(events.map(({ type }) => type)).toContain("signal.received");
  expect(events.at(-1)?.type).toBe("run.completed");
});

test("a run that has ended is told with what it gave, why it failed or why it was stopped, also by another server", async () => {
  const host = memoryHost();
  const breaks = runnable("breaks", (word: string): string => {
    throw new TypeError(`the word ${word}`);
  });
  const gives = runnable("gives", (word: string) => ({ word, opaque: "of a provider" }));
  const nothing = runnable("nothing", (_: string) => undefined);
  const orchestrations = {
    broken: { orchestration: orchestration("broken", (o) => o.start(breaks).finish(breaks)) },
    given: { orchestration: orchestration("given", (o) => o.start(gives).finish(gives)) },
    empty: { orchestration: orchestration("empty", (o) => o.start(nothing).finish(nothing)) },
    asking: { orchestration: flow },
  };
  const make = (): Runs => createServer({ host, orchestrations, doors: [] }).runs(ada);
  const first = make();
  const ids: string[] = [];
  for (const name of Object.keys(orchestrations)) ids.push(await first.start(name, "x"));
  await first.cancel(ids[3]!, "enough of it");
  for (const id of ids) await allOf(await first.follow(id));

  for (const runs of [first, make()]) {
    const pictures = await Promise.all(ids.map((id) => runs.describe(id)));
    const ends = pictures.map(({ status, output, error, reason }) => ({ status, output, error, reason }));
    expect(ends).toEqual([
      { status: "failed", error: { code: "ORCH_RUNNABLE_FAILED", message: "The run failed." } },
      { status: "completed", output: { word: "x" } },
      { status: "completed" },
      { status: "cancelled", reason: "enough of it" },
    ]);
  }
  expect(await first.describe(await first.start("asking", "x"))).not.toHaveProperty("output");
});
