import {
  choose,
  FatalError,
  type Orchestration,
  orchestration,
  question,
  type Runnable,
  runnable,
} from "@orch/core";
import { recordRun, toDot, toMermaid, toText } from "@orch/core/draw";
import { DurableHost, memoryHost, memoryStore } from "@orch/core/host";
import { edgeCoverage } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";

interface Task {
  readonly kind: "coding" | "writing" | "asking";
  readonly about: string;
}

const review = runnable("review", (text: string) => `reviewed ${text}`);

/** A workflow that is made for the subject of its task. */
const codingAbout = (about: string): Runnable<Task, string> => {
  const write = runnable("write", (_: Task) => `code about ${about}`);
  return orchestration("coder", (o) => o.start(write).advance(write, review).finish(review));
};
const essay = runnable("essay", (subject: string) => ({ essay: subject }));
const ask = question("ask", { ask: (task: Task) => `Do ${task.about}?`, answer: z.boolean() });

const picked: string[] = [];
const work = choose(
  "work",
  {
    coding: ({ about }) => codingAbout(about),
    writing: { to: essay, convert: ({ about }) => about.toUpperCase() },
    asking: ask,
  },
  (task: Task) => {
    picked.push(task.kind);
    return task.kind;
  },
);
const flow = orchestration("flow", (o) => o.start(work).finish(work));
const kept = flow as Orchestration<never, unknown>;

async function pathsOf(task: Task): Promise<string[]> {
  const run = flow.start(task);
  const paths: string[] = [];
  for await (const { type, path } of run.events()) if (type === "state.started") paths.push(path);
  await run.result;
  return paths;
}

describe("E23, E24: a choice of named candidates", () => {
  it("E23: infers the union of what its factory may give, also where it names none", async () => {
    const pick = choose("c", (text: string) =>
      text.length > 2 ? runnable("n", (t: string) => t.length) : runnable("t", (t: string) => ({ t })),
    );
    const united: Orchestration<string, number | { t: string }> = orchestration("f", (o) =>
      o.start(pick).finish(pick),
    );

    expect([await united.run("abc"), await united.run("a")]).toEqual([3, { t: "a" }]);
  });

  it("E24: enters the candidate that was picked, under its name, with what its conversion gives", async () => {
    expect(await flow.run({ kind: "coding", about: "tides" })).toBe("reviewed code about tides");
    expect(await flow.run({ kind: "writing", about: "tides" })).toEqual({ essay: "TIDES" });
    expect(await pathsOf({ kind: "coding", about: "x" })).toEqual([
      "flow/work#1",
      "flow/work#1/coding#1",
      "flow/work#1/coding#1/write#1",
      "flow/work#1/coding#1/review#1",
    ]);
    expect(await pathsOf({ kind: "writing", about: "x" })).toEqual(["flow/work#1", "flow/work#1/writing#1"]);
  });

  it("E24: is drawn with every candidate, and with what was made on the way", async () => {
    expect(toText(flow.graph)).toMatchInlineSnapshot(`
      "flow
      ▶ work [choose] ◎
        │ coding ? [made on the way]
        │ writing ? [converts]
        │ asking ? [question]
      "
    `);
    const run = flow.start({ kind: "coding", about: "x" });
    const events = [];
    for await (const event of run.events()) events.push({ ...event, time: 0, duration: 0 } as typeof event);
    expect(toText(flow.graph, { run: recordRun(events) })).toMatchInlineSnapshot(`
      "flow: completed                                                   0ms
      ▶ ● work [choose] ◎                                        ×1     0ms
        │ ● coding ? [orchestration, made on the way]            ×1     0ms
        │ │ ▶ ● write                                            ×1     0ms
        │ │   └→ review                                          ×1
        │ │   ● review                                           ×1     0ms
        │ ○ writing ? [converts]
        │ ○ asking ? [question]
      "
    `);
    expect(toMermaid(flow.graph)).toContain('-.->|"coding ?"|');
    expect(toDot(flow.graph)).toContain('label="writing ?"');
    expect(JSON.stringify(flow.graph)).not.toContain("essay");
  });

  it("E24: counts candidates in edge coverage", async () => {
    const coverage = edgeCoverage(flow);
    const off = flow.on("*", coverage.hear);
    await flow.run({ kind: "coding", about: "tides" });
    off();

    expect(coverage.text()).toBe(
      [
        '1 of 3 advancers of "flow" were taken',
        "  never: flow: work -> writing (choose)",
        "  never: flow: work -> asking (choose)",
      ].join("\n"),
    );
  });

  it("E24: keeps the name and the converted input: another life neither picks nor converts again", async () => {
    const store = memoryStore();
    let converted = 0;
    const waits = question("waits", { ask: (text: string) => text, answer: z.boolean() });
    const pick = choose(
      "pick",
      { waits: { to: waits, convert: (n) => `asks ${n + converted++}` } },
      (_: number) => "waits",
    );
    const asks = orchestration("asks", (o) => o.start(pick).finish(pick));
    const first = new DurableHost(store);
    const run = asks.start(1, { host: first, runId: "r" });
    for await (const { type } of run.events()) if (type === "question.asked") break;
    await first.close();
    const second = new DurableHost(store);
    await second.answer(asks, "r", "asks/pick#1/waits#1", true);
    const again = await second.resume(asks, "r");

    expect(await again.result).toBe(true);
    expect(converted).toBe(1);
    const inputs = (await second.events(asks, "r")).flatMap((event) =>
      event.type === "state.started" ? [event.input] : [],
    );
    expect(inputs).toEqual([1, "asks 1"]);
  });

  it("E24: keeps a converted input that is nothing", async () => {
    const nothing = runnable("nothing", (given: undefined) => given === undefined);
    const pick = choose(
      "pick",
      { nothing: { to: nothing, convert: () => undefined } },
      (_: number) => "nothing",
    );
    const then = question("then", { ask: "go on?", answer: z.boolean() });
    const asks = orchestration("asks", (o) => o.start(pick).advance(pick, then).finish(then));
    const store = memoryStore();
    const first = new DurableHost(store);
    const run = asks.start(1, { host: first, runId: "r" });
    for await (const { type } of run.events()) if (type === "question.asked") break;
    await first.close();
    const second = new DurableHost(store);
    await second.answer(asks, "r", "asks/then#1", true);

    expect(await (await second.resume(asks, "r")).result).toBe(true);
  });

  it("E24: forks before and after a candidate, and tries one again that failed", async () => {
    const host = memoryHost();
    const run = flow.start({ kind: "writing", about: "tides" }, { host, runId: "r" });
    await run.result;
    const forked = async (options: Parameters<typeof host.fork>[2]) =>
      (await host.fork(kept, "r", options)).result;
    expect(await forked({ before: "flow/work#1/writing#1", input: "moon" })).toEqual({ essay: "moon" });
    expect(await forked({ before: "flow/work#1", input: { kind: "coding", about: "moon" } })).toBe(
      "reviewed code about moon",
    );
    expect(await forked({ after: "flow/work#1/writing#1", output: "given" })).toBe("given");

    let works = false;
    const fragile = runnable("fragile", (n: number) => {
      if (works) return n;
      throw new FatalError("not yet");
    });
    const pick = choose(
      "pick",
      { fragile: { to: fragile, convert: (n) => n + 1 } },
      (_: number) => "fragile",
    );
    const once = orchestration("once", (o) => o.start(pick).finish(pick));
    await once.start(1, { host, runId: "s" }).result.catch(() => {});
    works = true;
    expect(await (await host.retry(once, "s")).result).toBe(2);
  });

  it("E24: is read without its code, with candidates that were made", async () => {
    const host = memoryHost();
    await flow.start({ kind: "coding", about: "x" }, { host, runId: "r" }).result;
    await flow.start({ kind: "writing", about: "x" }, { host, runId: "s" }).result;
    const paths: string[] = [];
    for (const id of ["r", "s"]) {
      for await (const { type, path } of host.run(id).events())
        if (type === "state.completed") paths.push(path);
    }

    expect(paths).toEqual([
      "flow/work#1/coding#1/write#1",
      "flow/work#1/coding#1/review#1",
      "flow/work#1/coding#1",
      "flow/work#1",
      "flow/work#1/writing#1",
      "flow/work#1",
    ]);
  });

  it("E24: refuses a name that no candidate has, and says which there are", async () => {
    const pick = choose("pick", { essay }, (_: string) => "novel" as "essay");
    const late = choose("late", { essay }, (_: string) => Promise.resolve("essay") as unknown as "essay");
    const run = (one: Runnable<string, unknown>) =>
      orchestration("f", (o) => o.start(one).finish(one)).run("x");

    await expect(run(pick)).rejects.toMatchObject({
      code: "ORCH_RUNNABLE_FAILED",
      cause: { message: expect.stringContaining('"pick" chose "novel", and has only essay.') },
    });
    await expect(run(late)).rejects.toThrow(/a promise/);
    const third = choose("third", { essay }, (_: string) => 3 as unknown as "essay");
    await expect(run(third)).rejects.toThrow('"third" chose number, and has only essay.');
  });

  it("E24: refuses candidates that cannot be candidates, when the orchestration is made", () => {
    const define = (candidates: object | undefined, pick: unknown = () => "a") =>
      (choose as unknown as (...given: unknown[]) => Runnable<unknown, unknown>)("pick", candidates, pick);
    const problems = (one: Runnable<unknown, unknown>) => {
      try {
        orchestration("f", (o) => o.start(one).finish(one));
      } catch (error) {
        return (error as Error).message;
      }
      return "none";
    };

    expect(problems(define({}))).toContain('The choice "pick" has no candidates');
    expect(problems(define(undefined))).toContain('The choice "pick" has no candidates');
    expect(problems(define({ "a/b": essay }))).toContain('"a/b" cannot be the name of a candidate');
    expect(problems(define({ a: { to: 3, convert: () => 1 } }))).toContain(
      'The candidate "a" of "pick" is number',
    );
    expect(problems(define({ a: essay }, null))).toContain("no function that picks a candidate");
    expect(problems(define({ a: runnable({ id: "x", retry: { attempts: 0 }, invoke: () => 1 }) }))).toContain(
      "retry.attempts",
    );
  });
});
