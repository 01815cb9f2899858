/** What competes for a question goes through one order: an answer that was accepted counts, and the loser hears of the winner. */
import {
  orchestration,
  question,
  type Run,
  type RunContext,
  race,
  runnable,
  type Schema,
  sleep,
} from "@orch/core";
import { DurableHost, type Host, memoryHost, memoryStore } from "@orch/core/host";
import { manualClock } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";

const giveUp = runnable("giveUp", () => "gave up");
const pay = runnable("pay", (yes: unknown) => (yes === true ? "paid" : "not paid"));

/** In the memory of the process, and on a host that keeps a journal at each level. */
const hosts: readonly (readonly [string, () => Host | undefined])[] = [
  ["without a host", () => undefined],
  ["on a host that keeps every step", () => memoryHost()],
  ["on a host that keeps groups", () => memoryHost({ durability: "group" })],
  ["on a host that keeps ends", () => memoryHost({ durability: "end" })],
];

describe.each(hosts)("E01, further: %s", (_name, make) => {
  it("an answer that is checked while the time of its question ends is told so", async () => {
    const clock = manualClock();
    const { schema, pass } = slowSchema();
    const approve = question("approve", { ask: "Pay?", answer: schema, timeout: 600 });
    const run = start(waited(approve), make(), clock);
    await asked(run);
    const answer = settled(run.answer("f/approve#1", true));
    await clock.advance(600);
    pass();

    expect([await answer, await run.result]).toEqual(["ORCH_QUESTION_CLOSED timeout", "gave up"]);
  });

  it("an answer given at the moment at which its time ends counts, or is told so", async () => {
    const clock = manualClock();
    const approve = question("approve", { ask: "Pay?", answer: z.boolean(), timeout: 600 });
    const run = start(waited(approve), make(), clock);
    await asked(run);
    await clock.advance(599);
    const answer = settled(run.answer("f/approve#1", true));
    await clock.advance(1);

    const [said, result] = [await answer, await run.result];
    expect(["accepted: paid", "ORCH_QUESTION_CLOSED timeout: gave up"]).toContain(`${said}: ${result}`);
  });

  it("an answer after a cancellation of the same moment is told so", async () => {
    const approve = question("approve", { ask: "Pay?", answer: z.boolean() });
    const run = start(waited(approve), make(), manualClock());
    await asked(run);
    const cancelled = run.cancel("closing time");
    const answer = settled(run.answer("f/approve#1", true));
    await cancelled;

    expect([await answer, run.status]).toEqual(["ORCH_QUESTION_CLOSED cancelled", "cancelled"]);
    await expect(run.answer("f/approve#1", true)).rejects.toMatchObject({
      facts: { reason: "closing time" },
    });
  });

  it("an answer before a cancellation of the same moment counts", async () => {
    const approve = question("approve", { ask: "Pay?", answer: z.boolean() });
    const run = start(waited(approve), make(), manualClock());
    await asked(run);
    const answer = run.answer("f/approve#1", true);
    await answer;
    await run.cancel();

    const answered: unknown[] = [];
    for await (const event of run.events())
      if (event.type === "question.answered") answered.push(event.answer);
    expect(answered).toEqual([true]);
  });

  it("an answer to ctx.ask in a state whose time is over is told so", async () => {
    const clock = manualClock();
    const ask = runnable({
      id: "ask",
      timeout: 600,
      invoke: (_: unknown, ctx: RunContext) => ctx.ask({ prompt: "?", answer: z.boolean() }),
    });
    const run = start(waited(ask), make(), clock);
    await asked(run);
    await clock.advance(599);
    const early = settled(run.answer("f/ask#1/question", "no boolean"));
    await clock.advance(1);
    const late = settled(run.answer("f/ask#1/question", true));

    expect([await early, await late]).toEqual(["ORCH_INVALID_ANSWER", "ORCH_QUESTION_CLOSED timeout"]);
    expect(await run.result).toBe("gave up");
  });

  it("an answer in a branch that another one beat is told so", async () => {
    const clock = manualClock();
    const { schema, pass } = slowSchema();
    const approve = question("approve", { ask: "Pay?", answer: schema });
    const pick = race("pick", { approve, later: sleep<unknown>("later", 100) });
    const flow = orchestration("f", (o) =>
      o
        .start(pick)
        .advance(pick, giveUp, { convert: () => undefined })
        .finish(giveUp),
    );
    const run = flow.start(undefined, { clock, ...hosted(make()) });
    await asked(run);
    const answer = settled(run.answer("f/pick#1[approve]/approve#1", true));
    await clock.advance(100);
    pass();

    expect([await answer, await run.result]).toEqual(["ORCH_QUESTION_CLOSED race", "gave up"]);
  });

  it("an answer in a flow whose deadline is over is told so", async () => {
    const clock = manualClock();
    const { schema, pass } = slowSchema();
    const approve = question("approve", { ask: "Pay?", answer: schema });
    const inner = orchestration("inner", (o) => o.start(approve).finish(approve), { deadline: 50 });
    const run = start(waited(inner), make(), clock);
    await asked(run);
    const answer = settled(run.answer("f/inner#1/approve#1", true));
    await clock.advance(50);
    pass();

    expect([await answer, await run.result]).toEqual(["ORCH_QUESTION_CLOSED deadline", "gave up"]);
  });
});

/** A flow that pays when `first` says so, and gives up when it fails. */
function waited(first: Parameters<typeof race>[1][string]) {
  return orchestration("f", (o) =>
    o
      .start(first)
      .advance(first, pay)
      .catch(first, giveUp, { convert: () => undefined })
      .finish(pay, giveUp),
  );
}

function start(
  flow: ReturnType<typeof waited>,
  host: Host | undefined,
  clock: ReturnType<typeof manualClock>,
) {
  return flow.start(undefined as never, { clock, ...hosted(host) });
}

function hosted(host: Host | undefined): { host?: Host } {
  return host === undefined ? {} : { host };
}

async function asked(run: Run<unknown>): Promise<void> {
  for await (const { type } of run.events()) if (type === "question.asked") break;
}

/** How an answer went: `accepted`, or the code of its refusal and what closed the question. */
function settled(answer: Promise<void>): Promise<string> {
  return answer.then(
    () => "accepted",
    (error: { code: string; facts: { by?: string } }) => [error.code, error.facts.by].join(" ").trim(),
  );
}

/** A schema whose check lasts until `pass` is called. */
function slowSchema(): { schema: Schema<boolean>; pass: () => void } {
  const { promise, resolve: pass } = Promise.withResolvers<void>();
  const validate = async (value: unknown): Promise<{ value: boolean }> => {
    await promise;
    return { value: value === true };
  };
  return { schema: { "~standard": { version: 1, vendor: "test", validate } }, pass };
}

describe("2,000 runs that wait on a store that others write to", () => {
  it("are looked for with one look at a time, however many they are", async () => {
    const clock = manualClock();
    const inner = memoryStore();
    let looks = 0;
    const openRequests = (): ReturnType<typeof inner.openRequests> => {
      looks += 1;
      return inner.openRequests();
    };
    const { listen: _listen, ...quiet } = inner;
    const shared = { ...quiet, shared: true, openRequests };
    const host = new DurableHost(shared, { clock });
    const ask = question("ask", { ask: "?", answer: z.string() });
    const flow = orchestration("f", (o) => o.start(ask).finish(ask));
    const runs = Array.from({ length: 2_000 }, (_, index) =>
      flow.start(undefined, { host, runId: `r${index}` }),
    );
    await clock.advance(0);
    looks = 0;
    await clock.advance(10_000);
    expect(looks).toBe(40);

    const web = new DurableHost(shared, { clock });
    const before = clock.now();
    const answer = web.answer(flow, "r1999", "f/ask#1", "yes");
    while (runs.at(-1)!.status === "waiting") await clock.advance(10);
    expect(clock.now() - before).toBeLessThanOrEqual(300);
    await clock.advance(100);
    await answer;
    await Promise.all(runs.map((run) => run.suspend()));
    expect(clock.pending()).toBe(0);
  });
});

describe("E01, further: two hosts on one store in memory", () => {
  const ask = question("ask", { ask: "?", answer: z.string() });
  const flow = orchestration("f", (o) => o.start(ask).finish(ask));
  const place = async () => {
    const store = memoryStore();
    const clock = manualClock();
    const host = (): DurableHost => new DurableHost(store, { clock });
    const run = flow.start(undefined, { host: host(), runId: "r" });
    await asked(run);
    return { store, host, run };
  };

  it("the one that drives the run takes the answer of the other, and tells it", async () => {
    const { host, run } = await place();
    const said = await Promise.all(
      ["a", "b"].map((text) => settled(host().answer(flow, "r", "f/ask#1", text))),
    );

    expect(said).toEqual(["accepted", "ORCH_ALREADY_ANSWERED"]);
    expect(await run.result).toBe("a");
  });

  it("the one that drives the run is cancelled by the other", async () => {
    const { host, run } = await place();
    await host().cancel(flow, "r", "enough");

    await expect(run.result).rejects.toMatchObject({ facts: { reason: "enough" } });
    expect(await settled(host().answer(flow, "r", "f/ask#1", "late"))).toBe("ORCH_QUESTION_CLOSED cancelled");
  });

  it("an answer that finds the run being let go of is kept", async () => {
    const { host, run } = await place();
    const suspended = run.suspend();
    const answer = settled(host().answer(flow, "r", "f/ask#1", "a"));
    await suspended;

    expect(await answer).toBe("accepted");
    expect(await (await host().resume(flow, "r")).result).toBe("a");
  });

  it("a cancellation that no process decided does not cancel a retry", async () => {
    const { store, host, run } = await place();
    await store.offer("r", { type: "cancel", reason: "lost", at: 0 }, 0);
    await run.cancel("first");
    const again = await host().retry(flow, "r");
    await asked(again);
    await again.answer("f/ask#1", "a");

    expect(await again.result).toBe("a");
  });
});
