/** Faults that an attack on the durable host found, each told as what has to hold. */

import { all, choose, orchestration, question, race, runnable } from "@orch/core";
import {
  type Claim,
  DurableHost,
  type DurableHostOptions,
  type JournalStore,
  memoryStore,
} from "@orch/core/host";
import { manualClock } from "@orch/testing";
import { afterEach, expect, it } from "vitest";
import { z } from "zod";

const turn = (): Promise<void> => new Promise((r) => setImmediate(r));
const turns = async (n: number): Promise<void> => {
  for (let i = 0; i < n; i++) await turn();
};
const codeOf = (p: Promise<unknown>) =>
  p.then(
    () => "ok",
    (e) => e?.code ?? `raw: ${e}`,
  );
const soon = async (p: Promise<unknown>) => Promise.race([codeOf(p), turns(100).then(() => "never")]);
const ask = (id: string, timeout?: number) =>
  question(id, { ask: "?", answer: z.boolean(), ...(timeout === undefined ? {} : { timeout }) });
const asking = () => {
  const q = ask("q");
  return orchestration("asking", (o) => o.start(q).finish(q));
};
const step = (id: string, log: string[] = []) =>
  runnable(id, async (t: string) => {
    log.push(id);
    return t + id;
  });
const line = (log: string[] = []) => {
  const [a, b] = [step("a", log), step("b", log)];
  return orchestration("line", (o) => o.start(a).advance(a, b).finish(b));
};
const never = (id: string) =>
  runnable(
    id,
    (_: string, { signal }) =>
      new Promise<string>((_r, j) => signal.addEventListener("abort", () => j(signal.reason))),
  );
function place(options: DurableHostOptions = {}, wrap: (s: JournalStore) => JournalStore = (s) => s) {
  const inner = memoryStore();
  const clock = manualClock();
  return { inner, clock, host: new DurableHost(wrap(inner), { clock, ...options }) };
}
const late =
  (fails: string[] = [], waits = 3) =>
  (inner: JournalStore): JournalStore => {
    let closed = false;
    const s: Record<string, unknown> = {
      shared: false,
      close: () => {
        closed = true;
      },
    };
    for (const m of [
      "create",
      "claim",
      "renew",
      "release",
      "append",
      "load",
      "get",
      "list",
      "offer",
      "keep",
      "withdraw",
      "requests",
      "openRequests",
      "delete",
    ] as const)
      s[m] = async (...a: never[]) => {
        if (closed) throw new Error("closed");
        await turns(waits);
        if (fails.includes(m)) throw new Error(`${m} failed`);
        return (inner[m] as (...b: never[]) => unknown)(...a);
      };
    return s as never;
  };

it("a second start of a live id leaves the first run alone", async () => {
  const { host, clock } = place();
  const flow = asking();
  const one = flow.start("x", { host, runId: "r" });
  await clock.advance(0);
  await expect(flow.run("x", { host, runId: "r" })).rejects.toMatchObject({ code: "ORCH_RUN_EXISTS" });
  await host.answer(flow, "r", "asking/q#1", true);
  expect(await soon(one.result)).toBe("ok");
});
it("host.close suspends what it drives, and its runs say so", async () => {
  const { host } = place({}, (s) => {
    let closed = false;
    return {
      ...s,
      release: (c) => {
        if (closed) throw new Error("closed");
        return s.release(c);
      },
      close: () => {
        closed = true;
      },
    };
  });
  const a = never("a");
  const run = orchestration("f", (o) => o.start(a).finish(a)).start("x", { host });
  await turns(3);
  await host.close();
  expect(await soon(run.result)).toBe("ORCH_SUSPENDED");
});
it("a retry of a run that failed before anything was committed is refused", async () => {
  const { host } = place();
  const inner = step("in");
  const when = {
    inner: (): boolean => {
      throw new Error("x");
    },
  };
  const a = all("a", { inner }, { when });
  const flow = orchestration("f", (o) => o.start(a).finish(a));
  await codeOf(flow.run("x", { host, runId: "r" }));

  await expect(host.retry(flow, "r")).rejects.toMatchObject({ code: "ORCH_RUN_STATE" });
});

it("nothing new starts in a run that was suspended while a record was written", async () => {
  const log: string[] = [];
  const { host } = place({}, late([], 6));
  const run = line(log).start("x", { host, runId: "r" });
  while (log.length === 0) await turn();
  await turn();
  await turn();
  await run.suspend();
  await turns(30);
  expect(log).toEqual(["a"]);
});
it.each(["create", "append"])(
  "F5 an asynchronous store whose %s rejects ends the run as ORCH_NOT_WRITTEN",
  async (m) => {
    const { host } = place({}, late([m]));
    expect(await soon(line().run("x", { host }))).toBe("ORCH_NOT_WRITTEN");
  },
);
it("a run that completed stays completed when its claim cannot be released", async () => {
  const { host } = place({}, late(["release"]));
  expect(await soon(line().run("x", { host }))).toBe("ok");
});
it("an error that cannot be read fails its runnable, and not the run's host", async () => {
  const { host, clock } = place();
  const odd = runnable("odd", async (_: string): Promise<string> => {
    throw {
      get code(): never {
        throw new Error("c");
      },
    };
  });
  const c = runnable("c", () => "caught");
  const flow = orchestration("f", (o) =>
    o
      .start(odd)
      .catch(odd, c, { convert: () => undefined })
      .finish(odd, c),
  );
  expect(await soon(flow.run("x", { host }))).toBe("ok");
  expect(clock.pending()).toBe(0);
});
it("a failed run stays failed when its factory would do now", async () => {
  const { host, inner } = place();
  let bad = true;
  const to = step("to");
  const pick = choose("pick", (_: string) => {
    if (bad) throw new Error("down");
    return to;
  });
  const flow = orchestration("f", (o) => o.start(pick).finish(pick));
  await codeOf(flow.run("x", { host, runId: "r" }));
  bad = false;
  await codeOf((await host.resume(flow, "r")).result);
  expect((await inner.load("r"))!.filter(({ type }) => type === "done")).toHaveLength(1);
});
it("work that is given up already is not started again after a restart", async () => {
  const { host, clock } = place();
  let calls = 0;
  const slow = runnable("slow", (_: string, { signal }) => {
    calls += 1;
    return new Promise<string>((_r, j) =>
      signal.addEventListener("abort", () => clock.after(500, () => j(signal.reason))),
    );
  });
  const fast = runnable(
    "fast",
    (_: string) =>
      new Promise<string>((r) => {
        clock.after(100, () => r("f"));
      }),
  );
  const rc = race("rc", { slow, fast });
  const flow = orchestration("f", (o) => o.start(rc).finish(rc));
  const run = flow.start("x", { host, runId: "r" });
  await clock.advance(200);
  await run.suspend();
  await host.resume(flow, "r");
  await clock.advance(0);
  expect(calls).toBe(1);
});
it("a run that ended tells nothing more when it is suspended", async () => {
  const { host } = place();
  const flow = line();
  const heard: string[] = [];
  flow.on("*", (e) => heard.push(e.type));
  const run = flow.start("x", { host });
  await run.result;
  await run.suspend();
  expect(heard.at(-1)).toBe("run.completed");
});
it("a run whose signal was aborted starts and ends once, also on a durable host", async () => {
  const { host } = place();
  const run = line().start("x", { host, signal: AbortSignal.abort() });
  const types: string[] = [];
  for await (const e of run.events()) types.push(e.type);
  expect(types).toEqual(["run.started", "run.cancelled"]);
});
it("a run that was cancelled twice can be retried", async () => {
  const { host, clock } = place();
  const flow = asking();
  const run = flow.start("x", { host, runId: "r" });
  await clock.advance(0);
  void run.cancel("1");
  void run.cancel("2");
  await clock.advance(1500);
  const again = await host.retry(flow, "r");
  await clock.advance(0);
  expect(again.status).toBe("waiting");
});
it("a question that timed out is asked anew by a retry", async () => {
  const { host, clock } = place();
  const q = ask("q", 1000);
  const flow = orchestration("f", (o) => o.start(q).finish(q));
  const run = flow.start("x", { host, runId: "r" });
  await clock.advance(1500);
  await codeOf(run.result);
  const again = await host.retry(flow, "r");
  await clock.advance(0);
  expect(again.status).toBe("waiting");
});
it("at the level end, suspend says that nothing could be written", async () => {
  let fail = false;
  const { host } = place({ durability: "end" }, (s) => ({
    ...s,
    append: (b) => {
      if (fail) throw new Error("full");
      return s.append(b);
    },
  }));
  const [a, b] = [step("a"), never("b")];
  const run = orchestration("f", (o) => o.start(a).advance(a, b).finish(b)).start("x", { host });
  await turns(5);
  fail = true;
  await codeOf(run.suspend());
  expect(await codeOf(run.result)).toBe("ORCH_NOT_WRITTEN");
});
it("at the level end, a run that was fenced here can be taken up here", async () => {
  const { host, inner, clock } = place({ durability: "end" });
  let go = false;
  const a = step("a");
  const b = runnable("b", (t: string, ctx) => (go ? t : never("n").invoke(t, ctx)));
  const flow = orchestration("f", (o) => o.start(a).advance(a, b).finish(b));
  const run = flow.start("x", { host, runId: "r" });
  await turns(5);
  const stolen = (await inner.claim("r", clock.now() + 60_000, clock.now() + 60_001)) as unknown as {
    claim: Claim;
  };
  await clock.advance(10_001);
  await codeOf(run.result);
  await inner.release([stolen.claim]);
  go = true;
  expect(await soon((await host.resume(flow, "r")).result)).toBe("ok");
});
it("an empty name of once keeps its value over a restart", async () => {
  const { host, clock } = place();
  let made = 0;
  let hang = true;
  const a = runnable("a", async (t: string, ctx) => {
    await ctx.once("", () => ++made);
    return hang ? never("n").invoke(t, ctx) : t;
  });
  const flow = orchestration("f", (o) => o.start(a).finish(a));
  const run = flow.start("x", { host, runId: "r" });
  await clock.advance(0);
  await run.suspend();
  hang = false;
  await (await host.resume(flow, "r")).result;
  expect(made).toBe(1);
});
it("a prompt that cannot be kept leaves no open question", async () => {
  const { host, clock } = place();
  const q = question("q", { ask: () => new Date(0), answer: z.boolean() });
  const w = never("w");
  const flow = orchestration("f", (o) =>
    o
      .start(q)
      .catch(q, w, { convert: () => "" })
      .finish(q, w),
  );
  const run = flow.start("x", { host });
  await clock.advance(0);
  expect(run.questions).toEqual([]);
});
afterEach(() => turns(5));
