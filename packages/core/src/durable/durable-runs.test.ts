import { manualClock } from "@orch/testing";
import { faultyStore } from "@orch/testing/conformance";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { all } from "../define/all.ts";
import { choose } from "../define/choose.ts";
import { each } from "../define/each.ts";
import { type Orchestration, orchestration } from "../define/orchestration.ts";
import { question } from "../define/question.ts";
import { sleep } from "../define/sleep.ts";
import type { OrchError } from "../errors/orch-error.ts";
import type { Run } from "../run/run.ts";
import { runnable } from "../words/runnable.ts";
import { DurableHost } from "./durable-host.ts";
import type { DurableHostOptions } from "./durable-host-options.ts";
import type { JournalStore } from "./journal-store.ts";
import { memoryStore } from "./memory-store.ts";

const MINUTE = 60_000;

/** A store in memory, and hosts on it as processes would be. */
function place(options: DurableHostOptions = {}) {
  const store = memoryStore();
  const clock = manualClock();
  const host = (on: JournalStore = store): DurableHost => new DurableHost(on, { clock, ...options });
  return { store, clock, host };
}

/** Lets what can go on go on. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const ask = (id: string) => question(id, { ask: (topic: string) => `${id}: ${topic}?`, answer: z.boolean() });
const step = (id: string, log: string[] = []) =>
  runnable(id, async (text: string) => {
    log.push(id);
    return `${text}${id}`;
  });

function line(log: string[] = []) {
  const [a, b, c] = [step("a", log), step("b", log), step("c", log)];
  return orchestration("line", (o) => o.start(a).advance(a, b).advance(b, c).finish(c));
}

function asking() {
  const [a, q] = [step("a"), ask("q")];
  return orchestration("asking", (o) => o.start(a).advance(a, q).finish(q));
}

describe("a durable host", () => {
  it("is refused with a durability that there is not", () => {
    const durability = "steps" as unknown as "step";

    expect(() => place({ durability }).host()).toThrow(
      /The option durability is "steps".\s+Fix: Give "step", "group" or "end", or leave it out/,
    );
  });
});

describe("a run on a durable host", () => {
  it("gives what it gives in memory, and is listed with its end", async () => {
    const { host } = place();
    const on = host();

    expect(await line().run("x", { host: on, runId: "r" })).toBe("xabc");
    expect(await on.list()).toMatchObject([
      { runId: "r", orchestration: "line", status: "completed", version: "1" },
    ]);
    expect(await on.get("r")).not.toHaveProperty("holder");
  });

  it.each(["step", "group", "end"] as const)(
    "ends as cancelled when a listener cancels it in the moment it waits, at level %s",
    async (durability) => {
      const { host } = place({ durability });
      const on = host();
      const flow = asking();
      const stop = new AbortController();
      flow.on("run.waiting", () => stop.abort());

      await expect(flow.run("x", { host: on, runId: "r", signal: stop.signal })).rejects.toMatchObject({
        code: "ORCH_CANCELLED",
      });
      expect(await on.get("r")).toMatchObject({ status: "cancelled" });
    },
  );

  it("is refused under an id that another has, and changes nothing of that", async () => {
    const { host, store } = place();
    await line().run("x", { host: host(), runId: "r" });
    const before = await store.load("r");

    await expect(line().run("y", { host: host(), runId: "r" })).rejects.toMatchObject({
      code: "ORCH_RUN_EXISTS",
    });
    expect(await store.load("r")).toEqual(before);
  });

  it("is refused with an input that JSON cannot hold, and is not created", async () => {
    const { host, store } = place();
    const dated = runnable("dated", (_: { readonly at: Date }) => 1);
    const flow = orchestration("dates", (o) => o.start(dated).finish(dated));

    await expect(flow.run({ at: new Date(0) }, { host: host(), runId: "r" })).rejects.toMatchObject({
      code: "ORCH_NOT_SERIALIZABLE",
      facts: { place: "at", found: "a Date" },
    });
    expect(await store.get("r")).toBeUndefined();
  });

  it("says which output JSON cannot hold, and where in it", async () => {
    const { host } = place();
    const odd = runnable("odd", (_: string) => ({ found: [{ score: Number.NaN }] }));
    const flow = orchestration("odds", (o) => o.start(odd).finish(odd));

    await expect(flow.run("x", { host: host() })).rejects.toThrow(
      /the output of "odd" holds NaN at found\[0\]\.score/,
    );
  });

  it("gives a state that takes a failure the same failure after a restart", async () => {
    const { host } = place();
    const fails = runnable("fails", (text: string): string => {
      throw new RangeError(`no ${text}`);
    });
    const seen: string[] = [];
    const explain = runnable("explain", (error: OrchError) => {
      // A journal keeps the first line of a message.
      const [says] = error.message.split("\n");
      seen.push(`${error.name} ${error.code} ${says} ${(error.cause as Error).message}`);
      return seen.length === 1 ? new Promise<never>(() => {}) : "explained";
    });
    const flow = orchestration("explains", (o) =>
      o.start(fails).catch(fails, explain).finish(fails, explain),
    );
    const run = flow.start("luck", { host: host(), runId: "r" });
    while (seen.length === 0) await turn();
    await run.suspend();

    expect(await (await host().resume(flow, "r")).result).toBe("explained");
    expect(seen[0]).toContain("RunnableError ORCH_RUNNABLE_FAILED");
    expect(seen[1]).toBe(seen[0]);
  });

  it("is left alone by a listener to the first process when the second takes it up", async () => {
    const { host, clock } = place();
    const flow = asking();
    const run = flow.start("x", { host: host(), runId: "r" });
    await clock.advance(0);
    await run.suspend();
    const heard: string[] = [];
    const off = flow.on("*", (event) => heard.push(event.type));
    const again = await host().resume(flow, "r");
    await clock.advance(0);
    await again.answer("asking/q#1", true);
    await again.result;
    off();

    expect(heard[0]).toBe("run.waiting");
    expect(heard).not.toContain("run.started");
    expect(heard.at(-1)).toBe("run.completed");
  });

  it("goes on numbering its events where they were, and tells the whole story to a late reader", async () => {
    const { host, clock } = place();
    const flow = asking();
    const first: number[] = [];
    const run = flow.start("x", { host: host(), runId: "r" });
    const reading = (async () => {
      for await (const event of run.events()) first.push(event.seq);
    })();
    await clock.advance(0);
    await run.suspend();
    await reading;
    const again = await host().resume(flow, "r");
    await clock.advance(0);
    await again.answer("asking/q#1", true);
    const events = [];
    for await (const event of again.events()) events.push(event);

    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
    expect(events.map((event) => event.type)).toEqual([
      "run.started",
      "state.started",
      "state.completed",
      "state.transition",
      "state.started",
      "question.asked",
      // Each process that waits says so.
      "run.waiting",
      "run.waiting",
      "question.answered",
      "state.completed",
      "run.completed",
    ]);
    // The last one says that the first process let go, and has the number of the event before it.
    expect(first).toEqual([1, 2, 3, 4, 5, 6, 7, 7]);
  });
});

describe("resume", () => {
  it("runs nothing again that was committed", async () => {
    const { store, host, clock } = place();
    const log: string[] = [];
    const dies = host(faultyStore(store, { at: 3 }));
    await expect(line(log).run("x", { host: dies, runId: "r" })).rejects.toMatchObject({
      code: "ORCH_NOT_WRITTEN",
    });
    expect(log).toEqual(["a", "b"]);
    await clock.advance(MINUTE);
    const run = await host().resume(line(log), "r");

    expect(await run.result).toBe("xabc");
    expect(log).toEqual(["a", "b", "b", "c"]);
  });

  it("gives the end of a run that has ended, and its story", async () => {
    const { host } = place();
    await line().run("x", { host: host(), runId: "r" });
    const run = await host().resume(line(), "r");
    const types = [];
    const numbers = [];
    for await (const { type, seq } of run.events()) {
      types.push(type);
      numbers.push(seq);
    }

    expect(await run.result).toBe("xabc");
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    expect(run.status).toBe("completed");
    expect(types.at(-1)).toBe("run.completed");
    await expect(run.answer("line/a#1", 1)).rejects.toMatchObject({ code: "ORCH_UNKNOWN_QUESTION" });
  });

  it("gives a failure back with its code and facts", async () => {
    const { host } = place();
    const bad = runnable("bad", (_: string): string => {
      throw Object.assign(new RangeError("too far"), { code: "E_FAR" });
    });
    const failing = orchestration("failing", (o) => o.start(bad).finish(bad));
    await failing.run("x", { host: host(), runId: "r" }).catch(() => {});
    const run = await host().resume(failing, "r");
    const error = await run.result.catch((it: unknown) => it as Error);

    expect(error).toMatchObject({
      code: "ORCH_RUNNABLE_FAILED",
      facts: { path: "failing/bad#1", input: "x" },
    });
    expect((error as Error).cause).toMatchObject({ name: "RangeError", message: "too far", code: "E_FAR" });
  });

  it("is refused while another holds the run, who is named, and for a run that is not there", async () => {
    const { host, clock } = place();
    const flow = asking();
    const run = flow.start("x", { host: host(), runId: "r" });
    await clock.advance(0);

    await expect(host().resume(flow, "r")).rejects.toMatchObject({
      code: "ORCH_RUN_HELD",
      facts: { holder: "this process" },
    });
    await expect(host().resume(flow, "gone")).rejects.toMatchObject({ code: "ORCH_UNKNOWN_RUN" });
    await run.suspend();
    await expect(host().resume(line(), "r")).rejects.toMatchObject({ code: "ORCH_RUN_STATE" });
  });

  it("of one run by many at once is given to exactly one", async () => {
    const { host, clock } = place();
    const flow = asking();
    const run = flow.start("x", { host: host(), runId: "r" });
    await clock.advance(0);
    await run.suspend();
    const tries = await Promise.allSettled(Array.from({ length: 50 }, () => host().resume(flow, "r")));

    expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const one of tries) if (one.status === "fulfilled") await one.value.suspend();
  });

  it("ends the process before, when that one was only slow", async () => {
    const { store, host, clock } = place();
    const log: string[] = [];
    const hold = Promise.withResolvers<void>();
    const slow = runnable("slow", async (text: string) => {
      await hold.promise;
      log.push("slow");
      return `${text}!`;
    });
    const end = step("end", log);
    const flow = orchestration("slow", (o) => o.start(slow).advance(slow, end).finish(end));
    // A process that is stopped cannot renew its claim.
    const stopped = { ...store, renew: () => [] };
    const first = flow.start("x", { host: host(stopped), runId: "r" });
    await clock.advance(0);
    await clock.advance(MINUTE);
    const second = await host().resume(flow, "r");
    hold.resolve();

    await expect(first.result).rejects.toMatchObject({ code: "ORCH_FENCED" });
    expect(await second.result).toBe("x!end");
    expect(log.filter((id) => id === "end")).toHaveLength(1);
  });

  it("waits out the rest of a sleep, and ends one that is due", async () => {
    const { host, clock } = place();
    const wait = sleep<string>("wait", 10 * MINUTE);
    const flow = orchestration("waits", (o) => o.start(wait).finish(wait));
    const run = flow.start("x", { host: host(), runId: "r" });
    await clock.advance(4 * MINUTE);
    await run.suspend();
    expect(await host().list({ dueBefore: clock.now() + 5 * MINUTE })).toEqual([]);
    expect(await host().list({ dueBefore: clock.now() + 6 * MINUTE })).toMatchObject([{ runId: "r" }]);
    const again = await host().resume(flow, "r");
    await clock.advance(5 * MINUTE);
    expect(again.status).toBe("running");
    await clock.advance(MINUTE);

    expect(await again.result).toBe("x");
    expect(clock.pending()).toBe(0);
  });

  it("keeps a deadline that began before the restart", async () => {
    const { host, clock } = place();
    const wait = sleep<string>("wait", 60 * MINUTE);
    const flow = orchestration("late", (o) => o.start(wait).finish(wait), { deadline: 10 * MINUTE });
    const run = flow.start("x", { host: host(), runId: "r" });
    await clock.advance(9 * MINUTE);
    await run.suspend();
    const again = await host().resume(flow, "r");
    await clock.advance(2 * MINUTE);

    await expect(again.result).rejects.toMatchObject({ code: "ORCH_DEADLINE" });
  });

  it("takes what was due meanwhile in the order in which it was due", async () => {
    const { host, clock } = place();
    const wait = sleep<string>("wait", 20 * MINUTE);
    const inner = orchestration("inner", (o) => o.start(wait).finish(wait), { deadline: 10 * MINUTE });
    const late = runnable("late", (text: string) => text);
    const flow = orchestration("both", (o) =>
      o
        .start(inner)
        .catch(inner, late, { convert: (error) => error.code })
        .finish(inner, late),
    );
    const run = flow.start("x", { host: host(), runId: "r" });
    await clock.advance(0);
    await run.suspend();
    await clock.advance(60 * MINUTE);
    const again = await host().resume(flow, "r");
    await clock.advance(0);

    expect(await again.result).toBe("ORCH_DEADLINE");
  });

  it("of all that is unfinished takes what nobody drives", async () => {
    const { host, clock } = place();
    const flow = asking();
    const [one, two] = ["1", "2"].map((runId) => flow.start("x", { host: host(), runId }));
    await line().run("x", { host: host(), runId: "3" });
    await clock.advance(0);
    await one!.suspend();
    const { runs, problems } = await host().resumeAll([flow as never, line() as never]);

    expect(runs.map(({ id }) => id)).toEqual(["1"]);
    expect(problems).toEqual([]);
    await Promise.all([...runs, two!].map((run) => run.suspend()));
  });
});

describe("an answer from elsewhere", () => {
  async function waiting() {
    const { store, host, clock } = place();
    const log: string[] = [];
    const fan = all("fan", { q1: ask("q1"), q2: ask("q2"), work: step("work", log) });
    const flow = orchestration("three", (o) => o.start(fan).finish(fan));
    const run = flow.start("x", { host: host(), runId: "r" });
    await clock.advance(0);
    return { store, host, clock, flow, run, log };
  }

  it("is kept, and taken when the run is resumed", async () => {
    const { host, clock, flow, run, log } = await waiting();
    await run.suspend();
    const other = host();
    expect((await other.questions(flow as never, "r")).map(({ id, prompt }) => [id, prompt])).toEqual([
      ["three/fan#1[q1]/q1#1", "q1: x?"],
      ["three/fan#1[q2]/q2#1", "q2: x?"],
    ]);
    await other.answer(flow as never, "r", "three/fan#1[q1]/q1#1", true);
    expect((await other.questions(flow as never, "r")).map(({ id }) => id)).toEqual(["three/fan#1[q2]/q2#1"]);
    const again = await host().resume(flow, "r");
    await clock.advance(0);
    await again.answer("three/fan#1[q2]/q2#1", false);

    expect(await again.result).toEqual({ q1: true, q2: false, work: "xwork" });
    expect(log).toEqual(["work"]);
  });

  it("is refused when it is unknown, invalid, or the second", async () => {
    const { host, flow, run } = await waiting();
    await run.suspend();
    const other = host();
    const answer = (id: string, value: unknown) => other.answer(flow as never, "r", id, value);

    await expect(answer("three/fan#1[q9]/q9#1", true)).rejects.toMatchObject({
      code: "ORCH_UNKNOWN_QUESTION",
    });
    await expect(answer("three/fan#1[q1]/q1#1", "maybe")).rejects.toMatchObject({
      code: "ORCH_INVALID_ANSWER",
    });
    await answer("three/fan#1[q1]/q1#1", true);
    await expect(answer("three/fan#1[q1]/q1#1", false)).rejects.toMatchObject({
      code: "ORCH_ALREADY_ANSWERED",
    });
  });

  it("reaches a run that another process drives", async () => {
    const { store, host, clock, flow, run } = await waiting();
    await run.suspend();
    const shared = { ...store, shared: true };
    const driving = await host(shared).resume(flow, "r");
    await clock.advance(0);
    const other = host(shared);
    await other.answer(flow as never, "r", "three/fan#1[q1]/q1#1", true);
    await other.answer(flow as never, "r", "three/fan#1[q2]/q2#1", true);
    await clock.advance(1_000);

    expect(await driving.result).toEqual({ q1: true, q2: true, work: "xwork" });
    expect(clock.pending()).toBe(0);
  });

  it("counts once when two come at the same time", async () => {
    const { host, clock, flow, run } = await waiting();
    await run.suspend();
    const again = await host().resume(flow, "r");
    await clock.advance(0);
    const tries = await Promise.allSettled([
      again.answer("three/fan#1[q1]/q1#1", true),
      host().answer(flow as never, "r", "three/fan#1[q1]/q1#1", false),
      again.answer("three/fan#1[q1]/q1#1", false),
    ]);

    expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await again.suspend();
  });
});

describe("fork", () => {
  async function done() {
    const { host } = place();
    const log: string[] = [];
    const flow = line(log);
    await flow.run("x", { host: host(), runId: "r" });
    log.length = 0;
    return { host, flow, log };
  }

  it("goes on after a state with another output of it, and leaves the first run as it was", async () => {
    const { host, flow, log } = await done();
    const fork = await host().fork(flow, "r", { after: "line/a#1", output: "y", runId: "f" });

    expect(await fork.result).toBe("ybc");
    expect(log).toEqual(["b", "c"]);
    expect(await host().get("f")).toMatchObject({ origin: { runId: "r" } });
    expect(await (await host().resume(flow, "r")).result).toBe("xabc");
  });

  it("runs a state again, and what follows", async () => {
    const { host, flow, log } = await done();

    expect(await (await host().fork(flow, "r", { before: "line/b#1" })).result).toBe("xabc");
    expect(log).toEqual(["b", "c"]);
  });

  it("at a state that was never committed is refused, as is one under a taken id", async () => {
    const { host, flow } = await done();

    await expect(host().fork(flow, "r", { after: "line/b#2" })).rejects.toMatchObject({
      code: "ORCH_RUN_STATE",
    });
    await expect(host().fork(flow, "r", { after: "line/a#1", runId: "r" })).rejects.toMatchObject({
      code: "ORCH_RUN_EXISTS",
    });
  });
});

describe("retry", () => {
  it("runs what failed again and keeps what its siblings had done", async () => {
    const { host } = place();
    const log: string[] = [];
    let broken = true;
    const fragile = runnable("fragile", async (item: string) => {
      log.push(item);
      if (item === "!" && broken) throw new Error("down");
      return item;
    });
    const fan = each("fan", fragile, { concurrency: 1 });
    const flow = orchestration("retries", (o) => o.start(fan).finish(fan));
    await expect(flow.run(["1", "!", "3"], { host: host(), runId: "r" })).rejects.toThrow(/down/);
    expect(await host().get("r")).toMatchObject({ status: "failed" });
    broken = false;
    const run = await host().retry(flow, "r");

    expect(await run.result).toEqual(["1", "!", "3"]);
    expect(log).toEqual(["1", "!", "!", "3"]);
    expect(await host().get("r")).toMatchObject({ status: "completed" });
    expect(await (await host().resume(flow, "r")).result).toEqual(["1", "!", "3"]);
  });

  it("of a state that was tried as often as it may gives it all its attempts again", async () => {
    const { host, clock } = place();
    let attempts = 0;
    const fragile = runnable({
      id: "fragile",
      retry: { attempts: 2, firstDelay: MINUTE, jitter: false },
      invoke: () => {
        attempts++;
        if (attempts < 4) throw new Error("down");
        return attempts;
      },
    });
    const flow = orchestration("stubborn", (o) => o.start(fragile).finish(fragile));
    const run = flow.start("x", { host: host(), runId: "r" });
    await clock.advance(0);
    await clock.advance(MINUTE);
    await expect(run.result).rejects.toThrow(/down/);
    expect(attempts).toBe(2);

    const again = await host().retry(flow, "r");
    await clock.advance(0);
    await clock.advance(MINUTE);
    expect(await again.result).toBe(4);
  });

  it("takes back a cancellation", async () => {
    const { host, clock } = place();
    const wait = sleep<string>("wait", MINUTE);
    const flow = orchestration("stops", (o) => o.start(wait).finish(wait));
    const run = flow.start("x", { host: host(), runId: "r" });
    await clock.advance(0);
    void run.cancel();
    await clock.advance(0);
    await expect(run.result).rejects.toMatchObject({ code: "ORCH_CANCELLED" });
    const again = await host().retry(flow, "r");
    await clock.advance(MINUTE);

    expect(await again.result).toBe("x");
  });

  it("of a dead end asks the advancers again", async () => {
    const { host } = place();
    let open = false;
    const [a, b] = [step("a"), step("b")];
    const flow = orchestration("dead", (o) =>
      o
        .start(a)
        .advance(a, b, { when: () => open })
        .finish(b),
    );
    await expect(flow.run("x", { host: host(), runId: "r" })).rejects.toMatchObject({
      code: "ORCH_NO_ADVANCE",
    });
    open = true;

    expect(await (await host().retry(flow, "r")).result).toBe("xab");
  });

  it("is refused when the run has not failed", async () => {
    const { host } = place();
    await line().run("x", { host: host(), runId: "r" });

    await expect(host().retry(line(), "r")).rejects.toMatchObject({ code: "ORCH_RUN_STATE" });
    expect(await (await host().resume(line(), "r")).result).toBe("xabc");
  });
});

describe("a definition that has changed", () => {
  async function suspended(flow: Orchestration<string, unknown>) {
    const it = place();
    const run: Run<unknown> = flow.start("x", { host: it.host(), runId: "r" });
    await it.clock.advance(0);
    await run.suspend();
    return it;
  }

  function renamed(options = {}) {
    const [a, q] = [step("first"), ask("q")];
    return orchestration("asking", (o) => o.start(a).advance(a, q).finish(q), { version: "2", ...options });
  }

  it("is refused with what does not fit, and nothing is written", async () => {
    const { host, store } = await suspended(asking());
    const before = await store.load("r");

    await expect(host().resume(renamed(), "r")).rejects.toMatchObject({
      code: "ORCH_VERSION_MISMATCH",
      facts: { record: 2, path: "asking/a#1", recorded: { version: "1" }, present: { version: "2" } },
    });
    expect(await store.load("r")).toEqual(before);
    expect(await host().get("r")).not.toHaveProperty("holder");
  });

  it("is taken up all the same where the journal fits", async () => {
    const { host, clock } = await suspended(asking());
    const [a, q, more] = [step("a"), ask("q"), runnable("more", (yes: boolean) => `more ${yes}`)];
    const longer = orchestration("asking", (o) => o.start(a).advance(a, q).advance(q, more).finish(more), {
      version: "2",
    });
    const run = await host().resume(longer, "r");
    await clock.advance(0);
    await run.answer("asking/q#1", true);

    expect(await run.result).toBe("more true");
  });

  it("is migrated once, and resumed from what the migration wrote", async () => {
    const { host, clock } = await suspended(asking());
    let calls = 0;
    const migrate: NonNullable<Orchestration<never, unknown>["migrate"]> = (records, from) => {
      calls += 1;
      expect(from.version).toBe("1");
      return records.map((record) => ({ ...record, path: record.path.replace("/a#", "/first#") }));
    };
    const flow = renamed({ migrate });
    const run = await host().resume(flow, "r");
    await clock.advance(0);
    await run.suspend();
    const again = await host().resume(flow, "r");
    await clock.advance(0);
    await again.answer("asking/q#1", true);

    expect(await again.result).toBe(true);
    expect(calls).toBe(1);
  });

  it("is noticed when a factory of choose gives something else than before", async () => {
    let which = "one";
    const pick = choose("pick", (_: string) => {
      const inner = ask(which);
      return inner;
    });
    const flow = orchestration("impure", (o) => o.start(pick).finish(pick));
    const { host } = await suspended(flow);
    which = "two";

    await expect(host().resume(flow, "r")).rejects.toMatchObject({ code: "ORCH_VERSION_MISMATCH" });
  });
});

describe("keeping house", () => {
  it("deletes a run that nobody drives, and prunes what ended long ago", async () => {
    const { host, clock } = place();
    const on = host();
    await line().run("x", { host: on, runId: "old" });
    await clock.advance(MINUTE);
    await line().run("x", { host: on, runId: "new" });
    const run = asking().start("x", { host: on, runId: "held" });
    await clock.advance(0);

    expect(await on.prune({ endedBefore: clock.now() - 1_000 })).toBe(1);
    expect((await on.list()).map(({ runId }) => runId).sort()).toEqual(["held", "new"]);
    await expect(on.delete("held")).rejects.toMatchObject({ code: "ORCH_RUN_HELD" });
    await run.suspend();
    await on.delete("held");
    await expect(on.delete("held")).rejects.toMatchObject({ code: "ORCH_UNKNOWN_RUN" });
  });

  it("suspends every run when the host is closed, and leaves no timer", async () => {
    const { host, clock } = place();
    const on = host();
    const runs = ["1", "2"].map((runId) => asking().start("x", { host: on, runId }));
    await clock.advance(0);
    await on.close();
    for (const run of runs) await expect(run.result).rejects.toMatchObject({ code: "ORCH_SUSPENDED" });
    await turn();

    expect(clock.pending()).toBe(0);
  });

  it("closes its store when every run has let go of it", async () => {
    const { store, clock } = place();
    const calls: string[] = [];
    const watched: JournalStore = {
      ...store,
      release: (claims) => {
        calls.push("release");
        return store.release(claims);
      },
      close: () => {
        calls.push("close");
      },
    };
    const on = new DurableHost(watched, { clock });
    const run = asking().start("x", { host: on, runId: "r" });
    await clock.advance(0);
    await on.close();

    await expect(run.result).rejects.toMatchObject({ code: "ORCH_SUSPENDED" });
    expect(calls).toEqual(["release", "close"]);
  });

  it("aborts what is under way when a run is suspended", async () => {
    const { host, clock } = place();
    const reasons: unknown[] = [];
    const long = runnable("long", (_: string, ctx) => {
      ctx.signal.addEventListener("abort", () => reasons.push(ctx.signal.reason));
      return new Promise<string>(() => {});
    });
    const flow = orchestration("long", (o) => o.start(long).finish(long));
    const run = flow.start("x", { host: host(), runId: "r" });
    await clock.advance(0);
    await run.suspend();

    expect(reasons).toMatchObject([{ code: "ORCH_SUSPENDED" }]);
    expect(await host().get("r")).toMatchObject({ status: "running" });
  });

  it("lets go of a run that is suspended while it is being taken up", async () => {
    const { host, clock } = place();
    const before = asking().start("x", { host: host(), runId: "r" });
    await clock.advance(0);
    await before.suspend();
    for (const turns of [0, 1, 2, 3]) {
      const on = host();
      const run = asking().start("x", { host: on, runId: "r", ifExists: "resume" });
      for (let at = 0; at < turns; at++) await turn();
      await run.suspend();
      await expect(run.result).rejects.toMatchObject({ code: "ORCH_SUSPENDED" });
      expect(await on.run("r", asking()).questions()).toMatchObject([{ id: "asking/q#1" }]);
      await on.close();
    }
  });

  it("holds events back until what they tell of is on disk", async () => {
    const { store, host, clock } = place({ durability: "group" });
    const written = Promise.withResolvers<void>();
    const slow: JournalStore = {
      ...store,
      append: async (batch) => {
        await written.promise;
        return store.append(batch);
      },
    };
    const types: string[] = [];
    const flow = line();
    flow.on("*", ({ type }) => types.push(type));
    const running = flow.run("x", { host: host(slow), runId: "r" });
    await clock.advance(0);
    expect(types).toEqual(["run.started", "state.started"]);
    written.resolve();
    await running;

    expect(types.at(-1)).toBe("run.completed");
  });
});
