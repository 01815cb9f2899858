/** What several processes want of one run is settled once: by the process that drives the run, or in the store. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { orchestration, question, type Run, race, runnable, sleep } from "@orch/core";
import type { DurableHost } from "@orch/core/host";
import { manualClock } from "@orch/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { type SqliteHostOptions, sqliteHost } from "../../src/index.ts";

let folder = "";
const opened: DurableHost[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "orch-settle-"));
});
afterEach(async () => {
  for (const host of opened.splice(0)) await host.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A host with a connection of its own, as another process has it. */
function host(options: SqliteHostOptions = {}): DurableHost {
  const made = sqliteHost(join(folder, "runs.db"), options);
  opened.push(made);
  return made;
}

const approve = question("approve", { ask: "Pay?", answer: z.boolean(), timeout: 600 });
const pay = runnable("pay", (yes: unknown) => (yes === true ? "paid" : "not paid"));
const giveUp = runnable("giveUp", () => "gave up");
const nothing = { convert: () => undefined };

/** A flow that pays when `first` says so, and gives up when it fails. */
function payFlow(first: Parameters<typeof race>[1][string]) {
  return orchestration("f", (o) =>
    o.start(first).advance(first, pay).catch(first, giveUp, nothing).finish(pay, giveUp),
  );
}

async function told(run: Run<unknown>, type: string): Promise<void> {
  for await (const event of run.events()) if (event.type === type) return;
}

/** `accepted`, or the code of the refusal and what was faster. */
function settled(answer: Promise<void>): Promise<string> {
  return answer.then(
    () => "accepted",
    (error: { code: string; facts: { by?: string; status?: string } }) =>
      [error.code, error.facts.by ?? error.facts.status].join(" ").trim(),
  );
}

/** Moves the clock until something settles. */
async function meanwhile<TValue>(
  clock: ReturnType<typeof manualClock>,
  coming: Promise<TValue>,
): Promise<TValue> {
  let isOver = false;
  const over = coming.finally(() => {
    isOver = true;
  });
  over.catch(() => {});
  while (!isOver) await clock.advance(10);
  return over;
}

describe("E01: an accepted answer counts, however near the timeout is", () => {
  it.each([0, 30, 60, 120, 199, 200])("%d ms before it", async (before) => {
    const clock = manualClock();
    const server = host({ clock });
    const web = host({ clock });
    const flow = payFlow(approve);
    const run = flow.start(undefined as never, { host: server, runId: "r" });
    await told(run, "question.asked");
    await clock.advance(600 - before);
    const said = await meanwhile(clock, settled(web.answer(flow, "r", "f/approve#1", true)));
    const result = await meanwhile(clock, run.result);

    expect(["accepted: paid", "ORCH_QUESTION_CLOSED timeout: gave up"]).toContain(`${said}: ${result}`);
  });

  it("and one that was accepted while no process drove the run counts after its timeout", async () => {
    const clock = manualClock();
    const server = host({ clock });
    const flow = payFlow(approve);
    const run = flow.start(undefined as never, { host: server, runId: "r" });
    await told(run, "question.asked");
    await run.suspend();
    await host({ clock }).answer(flow, "r", "f/approve#1", true);
    await clock.advance(10_000);

    expect(await (await host({ clock }).resume(flow, "r")).result).toBe("paid");
  });
});

describe("E01, further", () => {
  it("the sleep of a race that was due while no process drove the run comes after a kept answer", async () => {
    const clock = manualClock();
    const asks = question("asks", { ask: "?", answer: z.boolean() });
    const pick = race("pick", { asks, later: sleep<unknown>("later", 100) });
    const flow = payFlow(pick);
    const run = flow.start(undefined as never, { host: host({ clock }), runId: "r" });
    await told(run, "question.asked");
    await run.suspend();
    await host({ clock }).answer(flow, "r", "f/pick#1[asks]/asks#1", true);
    await clock.advance(10_000);

    expect(await (await host({ clock }).resume(flow, "r")).result).toBe("paid");
  });

  it("a runnable that takes its time before it asks again gets the kept answer before a sleep that was due", async () => {
    const clock = manualClock();
    const asks = runnable("asks", async (_: unknown, ctx) => {
      await new Promise<void>((resolve) => clock.after(50, resolve));
      return ctx.ask({ prompt: "?", answer: z.boolean() });
    });
    const flow = payFlow(race("pick", { asks, later: sleep<unknown>("later", 100) }));
    const run = flow.start(undefined as never, { host: host({ clock }), runId: "r" });
    await clock.advance(50);
    await told(run, "question.asked");
    await run.suspend();
    await host({ clock }).answer(flow, "r", "f/pick#1[asks]/asks#1/question", true);
    await clock.advance(10_000);
    const again = await host({ clock }).resume(flow, "r");

    expect(await meanwhile(clock, again.result)).toBe("paid");
  });

  it("a kept answer that a runnable does not ask for any more holds no deadline up", async () => {
    const clock = manualClock();
    let asksAgain = true;
    const asks = runnable("asks", async (_: unknown, ctx) =>
      asksAgain ? ctx.ask({ prompt: "?", answer: z.boolean() }) : "done",
    );
    const wait = sleep<unknown>("wait", 100);
    const inner = orchestration("inner", (o) => o.start(asks).advance(asks, wait).finish(wait), {
      deadline: 90,
    });
    const flow = payFlow(inner);
    const run = flow.start(undefined as never, { host: host({ clock }), runId: "r" });
    await told(run, "question.asked");
    await run.suspend();
    asksAgain = false;
    await host({ clock }).answer(flow, "r", "f/inner#1/asks#1/question", true);
    const again = await host({ clock }).resume(flow, "r");

    expect(await meanwhile(clock, again.result)).toBe("gave up");
  });

  it("the deadline of a nested flow that was over comes after a kept answer", async () => {
    const clock = manualClock();
    const asks = question("asks", { ask: "?", answer: z.boolean() });
    const inner = orchestration("inner", (o) => o.start(asks).finish(asks), { deadline: 100 });
    const flow = payFlow(inner);
    const run = flow.start(undefined as never, { host: host({ clock }), runId: "r" });
    await told(run, "question.asked");
    await run.suspend();
    await host({ clock }).answer(flow, "r", "f/inner#1/asks#1", true);
    await clock.advance(10_000);

    expect(await (await host({ clock }).resume(flow, "r")).result).toBe("paid");
  });

  it("an answer to ctx.ask from another process is told what was faster", async () => {
    const clock = manualClock();
    const asks = runnable({
      id: "asks",
      timeout: 600,
      invoke: async (_: unknown, ctx) => ctx.ask({ prompt: "?", answer: z.boolean() }),
    });
    const flow = payFlow(asks);
    const server = host({ clock, durability: "group" });
    const run = flow.start(undefined as never, { host: server, runId: "r" });
    await told(run, "question.asked");
    await clock.advance(590);
    const web = host({ clock });
    const said = await meanwhile(clock, settled(web.answer(flow, "r", "f/asks#1/question", true)));

    expect(`${said}: ${await run.result}`).toBe("ORCH_QUESTION_CLOSED timeout: gave up");
  });

  it("each of several questions gets its own answer, from two processes at once", async () => {
    const clock = manualClock();
    const asks = question("asks", { ask: "?", answer: z.string() });
    const flow = orchestration("f", (o) => o.start(asks).finish(asks));
    const run = flow.start(undefined, { host: host({ clock }), runId: "r" });
    await told(run, "question.asked");
    const answers = ["a", "b", "c"].map((text) =>
      settled(host({ clock }).answer(flow, "r", "f/asks#1", text)),
    );
    const said = await meanwhile(clock, Promise.all(answers));
    const result = await run.result;

    expect(said.toSorted()).toEqual(["ORCH_ALREADY_ANSWERED", "ORCH_ALREADY_ANSWERED", "accepted"]);
    expect(result).toBe(["a", "b", "c"][said.indexOf("accepted")]);
  });

  it("an answer that does not fit is refused by the process that drives the run, and the next one counts", async () => {
    const clock = manualClock();
    const asks = runnable("asks", (_: unknown, ctx) => ctx.ask({ prompt: "?", answer: z.boolean() }));
    const flow = payFlow(asks);
    const run = flow.start(undefined as never, { host: host({ clock }), runId: "r" });
    await told(run, "question.asked");
    const web = host({ clock });
    const answer = (value: unknown) =>
      meanwhile(clock, settled(web.answer(flow, "r", "f/asks#1/question", value)));

    expect([await answer("maybe"), await answer(true)]).toEqual(["ORCH_INVALID_ANSWER", "accepted"]);
    expect(await run.result).toBe("paid");
  });
});

describe("E02: host.cancel", () => {
  const asks = question("asks", { ask: "?", answer: z.string() });
  const started: string[] = [];
  const after = runnable("after", (text: string) => {
    started.push(text);
    return text;
  });
  const flow = orchestration("f", (o) => o.start(asks).advance(asks, after).finish(after));

  it("ends a run that another process drives, and its work is aborted", async () => {
    const clock = manualClock();
    const work = runnable("work", (_: unknown, { signal }) => {
      const { promise, reject } = Promise.withResolvers<never>();
      signal.addEventListener("abort", () => reject(signal.reason));
      return promise;
    });
    const busy = orchestration("busy", (o) => o.start(work).finish(work));
    const run = busy.start(undefined, { host: host({ clock }), runId: "r" });
    await told(run, "state.started");
    await meanwhile(clock, host({ clock }).cancel(busy, "r", "closing time"));

    await expect(run.result).rejects.toMatchObject({
      code: "ORCH_CANCELLED",
      facts: { reason: "closing time" },
    });
    expect(run.status).toBe("cancelled");
  });

  it("ends a run that waits in another process", async () => {
    const clock = manualClock();
    const run = flow.start(undefined, { host: host({ clock }), runId: "r" });
    await told(run, "run.waiting");
    const admin = host({ clock });
    await meanwhile(clock, admin.cancel(flow, "r", "enough"));

    expect(await admin.get("r")).toMatchObject({ status: "cancelled" });
    expect(await settled(admin.answer(flow, "r", "f/asks#1", "late"))).toBe("ORCH_QUESTION_CLOSED cancelled");
  });

  it("ends a run that no process drives, and starts nothing of it", async () => {
    const clock = manualClock();
    const calls: string[] = [];
    const work = runnable("work", (_: unknown, { signal }) => {
      calls.push("work");
      return new Promise<never>((_done, failed) =>
        signal.addEventListener("abort", () => failed(signal.reason)),
      );
    });
    const busy = orchestration("busy", (o) => o.start(work).finish(work));
    const run = busy.start(undefined, { host: host({ clock }), runId: "r" });
    await told(run, "state.started");
    await run.suspend();
    const admin = host({ clock });
    await admin.cancel(busy, "r", "enough");

    expect(await admin.get("r")).toMatchObject({ status: "cancelled" });
    expect(calls).toEqual(["work"]);
    await expect((await admin.resume(busy, "r")).result).rejects.toMatchObject({ code: "ORCH_CANCELLED" });
  });

  it("takes an answer that was kept first, and starts nothing after it", async () => {
    const clock = manualClock();
    started.length = 0;
    const run = flow.start(undefined, { host: host({ clock }), runId: "r" });
    await told(run, "run.waiting");
    await run.suspend();
    const admin = host({ clock });
    await admin.answer(flow, "r", "f/asks#1", "yes");
    await admin.cancel(flow, "r");

    const types = (await admin.events(flow, "r")).map(({ type }) => type);
    expect(types.filter((type) => type === "question.answered" || type === "run.cancelled")).toEqual([
      "question.answered",
      "run.cancelled",
    ]);
    expect(started).toEqual([]);
  });

  it("is told the end of a run that had ended", async () => {
    const clock = manualClock();
    const run = flow.start(undefined, { host: host({ clock }), runId: "r" });
    await told(run, "run.waiting");
    await run.answer("f/asks#1", "yes");
    await run.result;

    expect(await settled(host({ clock }).cancel(flow, "r"))).toBe("ORCH_RUN_ENDED completed");
  });

  it("is final, but for a retry", async () => {
    const clock = manualClock();
    const run = flow.start(undefined, { host: host({ clock }), runId: "r" });
    await told(run, "run.waiting");
    await run.suspend();
    const admin = host({ clock });
    await admin.cancel(flow, "r");
    await admin.cancel(flow, "r");
    const again = await admin.retry(flow, "r");
    await told(again, "run.waiting");
    await again.answer("f/asks#1", "after all");

    expect(await again.result).toBe("after all");
  });
});

describe("E02, further", () => {
  it("a run that is resumed with an aborted signal starts nothing", async () => {
    const calls: string[] = [];
    const work = runnable("work", async (_: unknown, { signal }) => {
      calls.push("work");
      return new Promise<never>((_done, failed) =>
        signal.addEventListener("abort", () => failed(signal.reason)),
      );
    });
    const busy = orchestration("busy", (o) => o.start(work).finish(work));
    const run = busy.start(undefined, { host: host(), runId: "r" });
    await told(run, "state.started");
    await run.suspend();
    const again = await host().resume(busy, "r", { signal: AbortSignal.abort() });

    await expect(again.result).rejects.toMatchObject({ code: "ORCH_CANCELLED" });
    expect(calls).toEqual(["work"]);
  });

  it("an answer and a cancellation of the same moment: one wins, and the other is told", async () => {
    const clock = manualClock();
    const asks = question("asks", { ask: "?", answer: z.boolean() });
    const flow = payFlow(asks);
    const run = flow.start(undefined as never, { host: host({ clock }), runId: "r" });
    await told(run, "run.waiting");
    const [answered, cancelled] = await meanwhile(
      clock,
      Promise.all([
        settled(host({ clock }).answer(flow, "r", "f/asks#1", true)),
        settled(host({ clock }).cancel(flow, "r")),
      ]),
    );

    const { status } = (await host({ clock }).get("r"))!;
    if (status === "cancelled") expect(cancelled).toBe("accepted");
    else expect([answered, cancelled]).toEqual(["accepted", "ORCH_RUN_ENDED completed"]);
  });
});

describe("E06: an answer is judged by the definition that will use it", () => {
  const write = runnable("write", (x: string) => `w ${x}`);
  const before = orchestration("f", (o) => {
    const q = question("approve", { ask: (p: string) => p, answer: z.string() });
    return o.start(q).advance(q, write).finish(write);
  });
  const after = orchestration("f", (o) => {
    const q = runnable("approve", (p: string) => `auto ${p}`);
    return o.start(q).advance(q, write).finish(write);
  });
  const waiting = async (): Promise<Run<string>> => {
    const run = before.start("x", { host: host(), runId: "r" });
    await told(run, "run.waiting");
    return run;
  };

  it("one for a state that asks nothing any more is refused", async () => {
    await (await waiting()).suspend();
    const web = host();

    expect(await settled(web.answer(after, "r", "f/approve#1", "go"))).toBe("ORCH_UNUSED_ANSWER");
    expect(await web.questions(after, "r")).toEqual([]);
    expect(await (await web.resume(after, "r")).result).toBe("w auto x");
  });

  it("E06, further: one that was kept is not dropped by a version that asks nothing", async () => {
    await (await waiting()).suspend();
    const web = host();
    await web.answer(before, "r", "f/approve#1", "go");

    await expect(web.resume(after, "r")).rejects.toMatchObject({
      code: "ORCH_UNUSED_ANSWER",
      facts: { question: "f/approve#1" },
    });
    expect(await (await web.resume(before, "r")).result).toBe("w go");
  });

  it("E06, further: the process that drives the run has the last word", async () => {
    const run = await waiting();
    await host().answer(before, "r", "f/approve#1", "go");

    expect(await run.result).toBe("w go");
  });

  it("E06, further: one that does not fit the schema any more leaves the question open", async () => {
    await (await waiting()).suspend();
    const web = host();
    await web.answer(before, "r", "f/approve#1", "go");
    const strict = orchestration("f", (o) => {
      const q = question("approve", { ask: (p: string) => p, answer: z.string().min(5) });
      return o.start(q).advance(q, write).finish(write);
    });
    const again = await web.resume(strict, "r");
    await told(again, "run.waiting");
    await again.answer("f/approve#1", "go on");

    expect(await again.result).toBe("w go on");
  });
});
