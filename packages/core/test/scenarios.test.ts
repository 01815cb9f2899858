/**
 * Scenarios that any engine of this pattern has to get right, by number. S2, S3 and S4 need agents
 * and a conversation, and stand in packages/chat-runtime/test.
 */
import { manualClock } from "@orch/testing";
import { faultyStore } from "@orch/testing/conformance";
import { instance } from "@viz-js/viz";
import { expect, it } from "vitest";
import { processorTime } from "../../../scripts/processor-time.ts";
import { recordRun, toDot, toMermaid, toText } from "../src/draw.ts";
import { memoryStore } from "../src/durable/memory-store.ts";
import { DurableHost } from "../src/host.ts";
import {
  all,
  choose,
  type Orchestration,
  type OrchestrationEvent,
  OrchestrationRunnable,
  orchestration,
  type Run,
  type RunOptions,
  race,
  runnable,
  sleep,
} from "../src/index.ts";

/** The events of a run, once it has ended, however it did. */
async function eventsOf(run: Run<unknown>): Promise<OrchestrationEvent[]> {
  const events: OrchestrationEvent[] = [];
  for await (const event of run.events()) events.push(event);
  return events;
}

async function trace<TInput>(flow: Orchestration<TInput, unknown>, input: TInput, options: RunOptions = {}) {
  const run = flow.start(input, options);
  const events = await eventsOf(run);
  const [output, error] = await run.result.then(
    (value) => [value, undefined] as const,
    (thrown: Error) => [undefined, thrown] as const,
  );
  const of = <TType extends OrchestrationEvent["type"]>(type: TType) =>
    events.filter((event): event is Extract<OrchestrationEvent, { type: TType }> => event.type === type);
  return { events, of, output, error, started: of("state.started").map(({ state }) => state) };
}

it("S1 a machine of one state gives its result, and ends exactly once", async () => {
  const answer = runnable("answer", (question: string) => `${question}!`);
  const flow = orchestration("bare", (o) => o.start(answer).finish(answer));
  const { events, output } = await trace(flow, "hello");

  expect(output).toBe("hello!");
  expect(events.map(({ type }) => type)).toEqual([
    "run.started",
    "state.started",
    "state.completed",
    "run.completed",
  ]);
});

it("S5 an output of another type is converted; a condition may hold later; a conversion that throws names its edge", async () => {
  const count = runnable("count", (text: string) => text.length);
  const inspect = runnable("inspect", (n: number) => n + 1);
  const tell = runnable("tell", (text: string) => text);
  const words = (n: number): string => {
    if (n > 100) throw new RangeError(`${n} is too many`);
    return `${n} letters`;
  };
  const flow = orchestration("converting", (o) =>
    o
      .start(count)
      .advance(count, inspect)
      .advance(inspect, tell, { when: (n) => n >= 5, convert: words, label: "enough" })
      .advance(inspect, inspect)
      .finish(tell),
  );
  expect(await flow.run("a")).toBe("5 letters");
  const { error, of } = await trace(flow, "a".repeat(200));

  expect(error).toMatchObject({ code: "ORCH_CONVERSION", facts: { from: "inspect", to: "tell" } });
  expect(error?.message).toContain("201 is too many");
  expect(of("run.failed")).toHaveLength(1);

  const excuse = runnable("excuse", (code: string) => code);
  const outer = orchestration("outer", (o) =>
    o
      .start(flow)
      .catch(flow, excuse, { convert: ({ code }) => code })
      .finish(flow, excuse),
  );
  expect(await outer.run("a".repeat(200))).toBe("ORCH_CONVERSION");
});

it("S6 exactly one branch runs: the first that matches in the order of declaration, or the default", async () => {
  const analyse = runnable("analyse", (kind: string) => kind);
  const [data, text, image, other] = ["data", "text", "image", "other"].map((id) =>
    runnable(id, (_: string) => id),
  );
  const flow = orchestration("branching", (o) =>
    o
      .start(analyse)
      .advance(analyse, data!, { when: (kind) => kind.includes("data") })
      .advance(analyse, text!, { when: (kind) => kind.includes("text") })
      .advance(analyse, image!, { when: (kind) => kind.includes("image") })
      .advance(analyse, other!)
      .finish(data!, text!, image!, other!),
  );
  const ran = async (kind: string) => (await trace(flow, kind)).started;

  expect(await ran("image")).toEqual(["analyse", "image"]);
  expect(await ran("text and data")).toEqual(["analyse", "data"]);
  expect(await ran("sound")).toEqual(["analyse", "other"]);
  const { of } = await trace(flow, "text");
  expect(of("state.transition")[0]?.advancers.map(({ to, verdict }) => `${to} ${verdict}`)).toEqual([
    "data declined",
    "text taken",
    "image not-asked",
    "other not-asked",
  ]);
});

it("S7 a state made at run time with parameters stands in the trace and in the drawing of the run", async () => {
  const read = runnable("read", (text: string) => ({ language: text }));
  const workflow = choose("workflow", ({ language }: { language: string }) =>
    runnable(`write-${language}`, (_: { language: string }) => `${language} code`),
  );
  const flow = orchestration("dynamic", (o) => o.start(read).advance(read, workflow).finish(workflow));
  const { output, events, started } = await trace(flow, "rust");

  expect(output).toBe("rust code");
  expect(started).toEqual(["read", "workflow", "write-rust"]);
  expect(toText(flow.graph)).not.toContain("write-rust");
  expect(toText(flow.graph, { run: recordRun(events) })).toContain("write-rust");
  // Typed: the output of what is made is the output of the flow.
  const typed: string = await flow.run("c");
  expect(typed).toBe("c code");
});

it("S8 one input fans out, both branches are under way at once, and the sum is made once of both", async () => {
  let sums = 0;
  const parse = runnable("parse", (text: string) => Number(text));
  const plus3 = runnable("plus3", async (n: number) => n + 3);
  const plus4 = runnable("plus4", async (n: number) => n + 4);
  const both = all("both", { plus3, plus4 });
  const sum = runnable("sum", ({ plus3, plus4 }: { plus3: number; plus4: number }) => {
    sums += 1;
    return plus3 + plus4;
  });
  const print = runnable("print", (text: string) => text);
  const flow = orchestration("adding", (o) =>
    o
      .start(parse)
      .advance(parse, both)
      .advance(both, sum)
      .advance(sum, print, { convert: String })
      .finish(print),
  );
  const { output, events } = await trace(flow, "3");
  const at = (type: string, path: string) =>
    events.findIndex((event) => event.type === type && event.path.includes(path));

  expect(output).toBe("13");
  expect(sums).toBe(1);
  expect(at("state.started", "plus4")).toBeLessThan(at("state.completed", "plus3"));
});

it("S9 a guard, four contexts side by side joined once in their order, an agent, and a save that is awaited", async () => {
  const joined: unknown[] = [];
  const saved: string[] = [];
  const moderate = runnable("moderate", (text: string) => text);
  const part = (id: string, turns: number) =>
    runnable(id, async (text: string) => {
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      return `${id} of ${text}`;
    });
  const context = all("context", {
    memory: part("memory", 9),
    profile: part("profile", 1),
    news: part("news", 5),
    files: part("files", 3),
  });
  const agent = runnable("agent", (found: { readonly [key: string]: string }) => {
    joined.push(Object.keys(found));
    return `answer from ${Object.keys(found).length}`;
  });
  const save = runnable("save", async (text: string) => {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    saved.push(text);
  });
  const exit = runnable("exit", (text: string) => text);
  const end = all("end", { save, exit });
  const reply = runnable("reply", ({ exit }: { exit: string }) => exit);
  const flow = orchestration("chatbot", (o) =>
    o
      .start(moderate)
      .advance(moderate, context)
      .advance(context, agent, { convert: (found) => ({ ...found }) })
      .advance(agent, end)
      .advance(end, reply)
      .finish(reply),
  );

  expect(await flow.run("hi")).toBe("answer from 4");
  expect(joined).toEqual([["memory", "profile", "news", "files"]]);
  expect(saved).toEqual(["answer from 4"]);
});

it("S10 branches of one and of four states are joined once, when both are there", async () => {
  let joins = 0;
  const one = runnable("one", async (n: number) => n);
  const steps = ["a", "b", "c", "d"].map((id) => runnable(id, async (n: number) => n + 1));
  const [a, b, c, d] = steps as [(typeof steps)[0], (typeof steps)[0], (typeof steps)[0], (typeof steps)[0]];
  const four = orchestration("four", (o) => o.start(a).advance(a, b).advance(b, c).advance(c, d).finish(d));
  const uneven = all("uneven", { one, four });
  const join = runnable("join", ({ one, four }: { one: number; four: number }) => {
    joins += 1;
    return one + four;
  });
  const flow = orchestration("joining", (o) => o.start(uneven).advance(uneven, join).finish(join));

  expect(await flow.run(1)).toBe(1 + 5);
  expect(joins).toBe(1);
});

it("S11 two of three are enough, once; the third is stopped, and a limit ends a quorum that does not come", async () => {
  const clock = manualClock();
  const stopped: string[] = [];
  let quorums = 0;
  const voter = (id: string, ms: number) =>
    runnable(id, (_: string, ctx) => {
      const { promise, resolve } = Promise.withResolvers<string>();
      const cancel = clock.after(ms, () => resolve(id));
      ctx.signal.addEventListener("abort", () => {
        cancel();
        stopped.push(id);
        resolve(`${id} too late`);
      });
      return promise;
    });
  const quorum = race(
    "quorum",
    { a: voter("a", 10), b: voter("b", 20), c: voter("c", 30_000) },
    { first: 2 },
  );
  const count = runnable("count", (votes: readonly string[]) => {
    quorums += 1;
    return votes;
  });
  const flow = orchestration("voting", (o) => o.start(quorum).advance(quorum, count).finish(count));
  const run = flow.start("?", { clock });
  await clock.advance(20);

  expect(await run.result).toEqual(["a", "b"]);
  expect(quorums).toBe(1);
  expect(stopped).toEqual(["c"]);
  expect(clock.pending()).toBe(0);

  const slow = race("slow", { c: voter("c", 30_000), d: voter("d", 40_000) }, { first: 2 });
  const inTime = race("inTime", { slow, limit: sleep<string>("limit", 1_000) });
  const limited = orchestration("limited", (o) => o.start(inTime).finish(inTime)).start("nobody", { clock });
  await clock.advance(1_000);

  expect(await limited.result).toBe("nobody");
  expect(clock.pending()).toBe(0);
});

/** Writes code until it builds, `bugs` builds later. */
function coding(bugs: number) {
  const code = runnable({
    id: "code",
    maxVisits: 4,
    invoke: (task: string, ctx) => ({ text: `${task} v${ctx.visit}`, bugs: bugs - ctx.visit + 1 }),
  });
  const build = runnable("build", (made: { text: string; bugs: number }) => ({
    ...made,
    ok: made.bugs <= 0,
  }));
  const review = runnable("review", ({ text }: { text: string }) => `reviewed ${text}`);
  return orchestration("coding", (o) =>
    o
      .start(code)
      .advance(code, build)
      .advance(build, review, { when: ({ ok }) => ok, label: "success" })
      .advance(build, code, { label: "failure", convert: ({ text }) => text.split(" ")[0]! })
      .finish(review),
  );
}

it("S12 code goes round until it builds, and no more often than it may; every attempt is in the trace", async () => {
  const good = await trace(coding(2), "parser");
  expect(good.output).toBe("reviewed parser v3");
  expect(good.of("state.started").map(({ path }) => path.replace("coding/", ""))).toEqual([
    "code#1",
    "build#1",
    "code#2",
    "build#2",
    "code#3",
    "build#3",
    "review#1",
  ]);

  const bad = await trace(coding(9), "parser");
  expect(bad.error).toMatchObject({
    code: "ORCH_MAX_VISITS",
    facts: { runnable: "code", maxVisits: 4, from: "build" },
  });
  expect(bad.of("state.completed").filter(({ state }) => state === "build")).toHaveLength(4);
});

it("S13 a refinement without a way out ends by its limit of steps, and what it made can be read", async () => {
  const draft = runnable("draft", (n: number) => n + 1);
  const check = runnable("check", (n: number) => n);
  const done = runnable("done", (n: number) => n);
  const flow = orchestration(
    "refining",
    (o) =>
      o
        .start(draft)
        .advance(draft, check)
        .advance(check, done, { when: () => false })
        .advance(check, draft)
        .finish(done),
    { maxSteps: 10 },
  );
  const { error, of } = await trace(flow, 0);

  expect(error).toMatchObject({ code: "ORCH_MAX_STEPS", facts: { cycle: "check -> draft -> check" } });
  expect(of("state.completed").findLast(({ state }) => state === "draft")?.output).toBe(6);
  expect(of("run.failed")).toHaveLength(1);
});

it("S14 of overlapping conditions the first wins; in parallel all that hold run; what is nested has its parent's path", async () => {
  const plan = runnable("plan", (text: string) => ({
    text,
    web: text.includes("web"),
    file: text.includes("file"),
  }));
  type Plan = { readonly text: string; readonly web: boolean; readonly file: boolean };
  const search = runnable("search", (_: Plan) => "web");
  const web = orchestration("web", (o) => o.start(search).finish(search));
  const file = runnable("file", (_: Plan) => "file");
  const terminal = runnable("terminal", (_: Plan) => "terminal");
  const summary = runnable("summary", (found: string) => `summary of ${found}`);
  const first = orchestration("first", (o) =>
    o
      .start(plan)
      .advance(plan, web, { when: (p) => p.web })
      .advance(plan, file, { when: (p) => p.file })
      .advance(plan, terminal)
      .advance(web, summary)
      .advance(file, summary)
      .advance(terminal, summary)
      .finish(summary),
  );
  const one = await trace(first, "web and file");

  expect(one.output).toBe("summary of web");
  expect(one.started).toEqual(["plan", "web", "search", "summary"]);
  expect(one.of("state.started")[2]?.path).toBe("first/web#1/search#1");

  const some = all(
    "some",
    { web, file, terminal },
    {
      when: { web: (p: Plan) => p.web, file: (p: Plan) => p.file, terminal: (p: Plan) => !p.web && !p.file },
    },
  );
  const every = orchestration("every", (o) =>
    o
      .start(plan)
      .advance(plan, some)
      .advance(some, summary, { convert: (found) => Object.values(found).join(" and ") })
      .finish(summary),
  );
  const many = await trace(every, "web and file");

  expect(many.output).toBe("summary of web and file");
  expect(many.of("state.skipped").map(({ state }) => state)).toEqual(["terminal"]);
});

it("S15 the result is there whichever way was gone, and is the one of this run", async () => {
  const saved: string[] = [];
  const select = runnable("select", (text: string) => text.startsWith("plan"));
  const remember = runnable("remember", (text: string) => text.length);
  const pass = runnable("pass", (text: string) => text);
  const open = all("open", { select, remember, pass });
  const planner = runnable("planner", (text: string) => `${text}: 1, 2`);
  const worker = runnable("worker", (steps: string) => `did ${steps}`);
  const simple = runnable("simple", (text: string) => `said ${text}`);
  const saver = runnable("saver", (text: string) => {
    saved.push(text);
    return text;
  });
  const flow = orchestration("memory", (o) =>
    o
      .start(open)
      .advance(open, planner, { when: ({ select }) => select, convert: ({ pass }) => pass })
      .advance(open, simple, { convert: ({ pass }) => pass })
      .advance(planner, worker)
      .advance(worker, saver)
      .advance(simple, saver)
      .finish(saver),
  );

  expect(await flow.run("plan a trip")).toBe("did plan a trip: 1, 2");
  expect(await flow.run("hello")).toBe("said hello");
  expect(saved).toEqual(["did plan a trip: 1, 2", "said hello"]);
});

it("S16 a guard that throws fails the run with its name and cause, and nothing comes after it", async () => {
  let answered = 0;
  const moderate = runnable("moderate", (text: string): string => {
    throw new RangeError(`"${text}" is not allowed`);
  });
  const answer = runnable("answer", () => {
    answered += 1;
  });
  const flow = orchestration("guarded", (o) => o.start(moderate).advance(moderate, answer).finish(answer));
  const { error, of, started, events } = await trace(flow, "spam");

  expect(error).toMatchObject({ code: "ORCH_RUNNABLE_FAILED", facts: { runnable: "moderate" } });
  expect(error?.cause).toMatchObject({ name: "RangeError", message: '"spam" is not allowed' });
  expect(answered).toBe(0);
  expect(started).toEqual(["moderate"]);
  expect(of("state.failed")).toHaveLength(1);
  expect(of("run.failed")).toHaveLength(1);
  expect(events.at(-1)?.type).toBe("run.failed");
});

it("S17 what fails twice succeeds at the third attempt after its waits; what always fails takes its edge, or fails", async () => {
  const clock = manualClock();
  const times: number[] = [];
  const flaky = (failures: number) =>
    runnable({
      id: "flaky",
      retry: { attempts: 3, firstDelay: 100, factor: 2, jitter: false },
      invoke: (_: string, ctx) => {
        times.push(clock.now());
        if (ctx.attempt <= failures) throw new RangeError("busy");
        return `attempt ${ctx.attempt}`;
      },
    });
  const tryIt = (failures: number) => {
    const only = flaky(failures);
    return orchestration("retrying", (o) => o.start(only).finish(only));
  };
  const run = tryIt(2).start("x", { clock });
  await clock.runAll();
  expect(await run.result).toBe("attempt 3");
  expect(times.map((time) => time - times[0]!)).toEqual([0, 100, 300]);

  const failing = tryIt(9).start("x", { clock });
  await clock.runAll();
  await expect(failing.result).rejects.toMatchObject({ facts: { attempt: 3 }, cause: { message: "busy" } });
  const retries = (await eventsOf(failing)).flatMap((event) =>
    event.type === "state.retrying" ? [[event.attempt, event.delay]] : [],
  );
  expect(retries).toEqual([
    [1, 100],
    [2, 200],
  ]);

  const inner = flaky(9);
  const excuse = runnable("excuse", (text: string) => `sorry, ${text}`);
  const routed = orchestration("routed", (o) =>
    o
      .start(inner)
      .catch(inner, excuse, { convert: (_error, input) => input })
      .finish(inner, excuse),
  ).start("x", { clock });
  await clock.runAll();
  expect(await routed.result).toBe("sorry, x");
});

it("S18 one machine serves runs one after the other and at once, and none sees another's output", async () => {
  const first = runnable("first", async (n: number) => n);
  const last = runnable("last", async (n: number) => `result ${n}`);
  const flow = orchestration("reused", (o) =>
    o
      .start(first)
      .advance(first, last, { when: (n) => n > 0 })
      .finish(last),
  );

  expect(await flow.run(1)).toBe("result 1");
  await expect(flow.run(0)).rejects.toMatchObject({ code: "ORCH_NO_ADVANCE" });
  const many = Array.from({ length: 50 }, (_, index) => index + 1);
  expect(await Promise.all(many.map((n) => flow.run(n)))).toEqual(many.map((n) => `result ${n}`));
  const [one, two] = await Promise.all([trace(flow, 7), trace(flow, 8)]);
  expect([one.output, two.output]).toEqual(["result 7", "result 8"]);
  expect(new Set(one.events.map(({ runId }) => runId)).size).toBe(1);
});

it("S19 a cancelled run stops at once: in a call, between states, before the first; its signal is seen, and nothing is left", async () => {
  const clock = manualClock();
  const controller = new AbortController();
  const seen: string[] = [];
  const call = runnable("call", (_: string, ctx) => {
    const { promise, reject } = Promise.withResolvers<string>();
    ctx.signal.addEventListener("abort", () => {
      seen.push(ctx.path);
      reject(ctx.signal.reason as Error);
    });
    return promise;
  });
  const after = runnable("after", (text: string) => text);
  const flow = orchestration("calling", (o) => o.start(call).advance(call, after).finish(after));
  const run = flow.start("x", { clock, signal: controller.signal });
  await clock.advance(0);
  const before = processorTime();
  controller.abort(new Error("enough"));
  await expect(run.result).rejects.toMatchObject({ code: "ORCH_CANCELLED", facts: { reason: "enough" } });
  expect(processorTime() - before).toBeLessThan(100);
  expect(seen).toEqual(["calling/call#1"]);
  const ends = (events: readonly OrchestrationEvent[]) =>
    events.filter(({ type }) => type.startsWith("run.") && type !== "run.started").map(({ type }) => type);
  expect(ends(await eventsOf(run))).toEqual(["run.cancelled"]);
  expect(clock.pending()).toBe(0);

  let afterwards = 0;
  const step = runnable("step", async (text: string) => {
    if (text === "stop") void stopped.cancel("between");
    return text;
  });
  const next = runnable("next", () => {
    afterwards += 1;
  });
  const between = orchestration("between", (o) => o.start(step).advance(step, next).finish(next));
  const stopped = between.start("stop", { clock });
  await expect(stopped.result).rejects.toMatchObject({ code: "ORCH_CANCELLED" });

  const never = await trace(between, "x", { signal: AbortSignal.abort(new Error("never")), clock });
  expect(never.error).toMatchObject({ code: "ORCH_CANCELLED", facts: { reason: "never" } });
  expect(never.started).toEqual([]);
  expect(ends(never.events)).toEqual(["run.cancelled"]);
  expect(afterwards).toBe(0);
  expect(clock.pending()).toBe(0);
  // What was cancelled can be run again.
  await between.run("x", { clock });
  expect(afterwards).toBe(1);
});

it("S33 a drawing has every state once, also two of one class, with the start and the results marked", async () => {
  class SearchRunnable extends OrchestrationRunnable<string, string> {
    override invoke(query: string): string {
      return query;
    }
  }
  const [web, files] = [new SearchRunnable("web"), new SearchRunnable("files")];
  const judge = runnable("judge", (text: string) => text);
  const report = runnable("report", (text: string) => text);
  const flow = orchestration("drawn", (o) =>
    o
      .start(web)
      .advance(web, files)
      .advance(files, judge)
      .advance(judge, web, { when: () => false, label: "again" })
      .advance(judge, report)
      .finish(report),
  );
  const ids = ["web", "files", "judge", "report"];
  const viz = await instance();
  const { status, output } = viz.render(toDot(flow.graph), { format: "json" });
  const { objects } = JSON.parse(output!) as { readonly objects: readonly { readonly label?: string }[] };
  const mermaid = toMermaid(flow.graph).split("\n");

  expect(status).toBe("success");
  for (const id of ids) {
    expect(objects.filter(({ label }) => label === id)).toHaveLength(1);
    expect(mermaid.filter((line) => line.includes(`["${id}"]`))).toHaveLength(1);
  }
  expect(mermaid).toContain("  start --> s0");
  expect(mermaid).toContain("  s3 --> finish");
  expect(toText(flow.graph)).toMatch(/^▶ web$/m);
  expect(toText(flow.graph)).toMatch(/report ◎$/m);
});

it("S34 a run that is killed after its second state is resumed without running those again, to the same output", async () => {
  const work: string[] = [];
  const step = (id: string) =>
    runnable(id, async (text: string) => {
      work.push(id);
      return `${text}${id}`;
    });
  const [a, b, c, d] = [step("a"), step("b"), step("c"), step("d")];
  const flow = orchestration("kept", (o) => o.start(a).advance(a, b).advance(b, c).advance(c, d).finish(d));
  const whole = await flow.run("-");
  work.length = 0;
  const clock = manualClock();
  const store = memoryStore();
  // Writes: the run, a, b. The next one never happens, as when the process is gone.
  const dying = new DurableHost(faultyStore(store, { at: 4 }), { clock });
  await expect(flow.run("-", { host: dying, runId: "r" })).rejects.toMatchObject({
    code: "ORCH_NOT_WRITTEN",
  });
  expect(work).toEqual(["a", "b", "c"]);
  work.length = 0;
  await clock.advance(60_000);
  const run = await new DurableHost(store, { clock }).resume(flow, "r");

  expect(await run.result).toBe(whole);
  expect(work).toEqual(["c", "d"]);
});
