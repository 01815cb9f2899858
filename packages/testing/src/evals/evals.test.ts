import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { agent, agentRunnable, type Model, tool } from "@orch/agents";
import { type Orchestration, orchestration, question, runnable } from "@orch/core";
import { DurableHost, memoryHost, memoryStore } from "@orch/core/host";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { scriptedModel } from "../model/scripted-model.ts";
import { readCase, readCases, writeCase } from "./case-file.ts";
import { caseOfRun } from "./case-of-run.ts";
import type { EvalCase } from "./eval-case.ts";
import { evalDiff, evalTable } from "./eval-table.ts";
import type { EvalKit, EvalTarget } from "./eval-target.ts";
import { modelJudge } from "./model-judge.ts";
import { samePath, sameTools } from "./path-scorers.ts";
import { recordCase } from "./record-case.ts";
import { runEval } from "./run-eval.ts";
import { fitsSchema, judge, sameOutput, spendsAtMost } from "./value-scorers.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "orch-evals-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Shop {
  readonly words?: string;
  readonly limit?: number;
  readonly lookedUp?: () => void;
  readonly extra?: boolean;
}

/** A desk that looks an order up, and asks a person about a large refund. */
function refunds({ words = "Be brief.", limit = 50, lookedUp, extra = false }: Shop = {}): EvalTarget {
  return ({ model, recorded }: EvalKit) => {
    const order = tool({
      name: "order",
      description: "Looks an order up.",
      input: z.object({ id: z.string() }),
      invoke: ({ id }) => {
        lookedUp?.();
        return { id, price: 80 };
      },
    });
    const triage = agent({
      name: "triage",
      instructions: words,
      model: model(),
      tools: [recorded(order)],
      output: z.object({ amount: z.number() }),
    });
    const decide = agentRunnable<string, { amount: number }>(triage);
    const ask = question<{ amount: number }, { yes: boolean }>("ask", {
      ask: ({ amount }) => `Refund ${amount}?`,
      answer: z.object({ yes: z.boolean() }),
    });
    const pay = runnable("pay", ({ amount }: { amount: number }) => `paid ${amount}`);
    const end = runnable("end", (text: string) => text);
    const more = agentRunnable<string, string>(agent({ name: "more", model: model() }));
    return orchestration<string, string>("refunds", (o) => {
      const way = o
        .start(decide)
        .advance(decide, pay, { when: ({ amount }) => amount < limit, label: "small" })
        .advance(decide, ask)
        .advance(ask, end, { convert: ({ yes }) => (yes ? "paid by hand" : "refused") });
      return extra
        ? way.advance(pay, more).advance(more, end).finish(end)
        : way.advance(pay, end).finish(end);
    });
  };
}

const shop = (): Model =>
  scriptedModel([{ calls: [{ name: "order", input: { id: "7" } }] }, { value: { amount: 80 } }]);

const record = (): Promise<EvalCase> =>
  recordCase("refund 7", "Order 7 is broken.", {
    target: refunds(),
    models: shop(),
    answer: () => ({ yes: true }),
  });

describe("a recorded case", () => {
  it("holds what went in, what was answered, the way, the values and what was spent", async () => {
    const made = await record();
    expect(made).toMatchObject({
      version: 1,
      name: "refund 7",
      orchestration: "refunds",
      input: "Order 7 is broken.",
      answers: [{ question: "refunds/ask#1", answer: { yes: true } }],
      expected: { status: "completed", output: "paid by hand" },
      tools: [{ name: "order", input: { id: "7" }, output: { id: "7", price: 80 } }],
    });
    expect(made.expected.path).toEqual([
      { in: "refunds", from: "triage", to: "ask", cause: "output", declined: ["pay (small)"] },
      { in: "refunds", from: "ask", to: "end", cause: "output" },
    ]);
    expect(made.expected.tools).toEqual([{ state: "refunds/triage#1", name: "order", input: { id: "7" } }]);
    expect(made.expected.usage).toEqual({ inputTokens: 20, outputTokens: 10, cost: 0, unpriced: 2 });
    expect(made.calls.map(({ state }) => state)).toEqual(["refunds/triage#1", "refunds/triage#1"]);
  });

  it("passes when nothing changed: no tool runs, no model is called, also after it was a file", async () => {
    const path = join(folder, "cases", "refund-7.json");
    await writeCase(path, await record());
    let looked = 0;
    const read = await readCase(path);
    expect(read).toEqual(await record());
    const result = await runEval(read, { target: refunds({ lookedUp: () => looked++ }), match: "request" });
    expect(evalDiff(result)).toBe("refund 7: nothing is wrong");
    expect([result.passed, result.flaky, looked]).toEqual([true, false, 0]);
    expect(result.trials[0]).toMatchObject({ missing: [], changed: [], unused: 0, unanswered: [] });
    expect(await readCases(join(folder, "cases"))).toEqual([read]);
  });

  it("keeps in its file only what is new in each request", async () => {
    const path = join(folder, "refund.json");
    await writeCase(path, await record());
    const text = await readFile(path, "utf8");
    expect(
      text.split("Order 7 is broken.").length - 1,
      "as the input, as an input of the state, in one request",
    ).toBe(3);
    expect(JSON.parse(text).calls[1]).toMatchObject({ after: 0, request: { messages: { length: 2 } } });
  });

  it("writes no key that it was given, nor one that looks like one", async () => {
    const secret = "canary-93b1f5c2";
    const target: EvalTarget = ({ model }) => agent({ name: "a", model: model() });
    const made = await recordCase("k", `my key is ${secret} and sk-proj-abcdef123456789`, {
      target,
      models: scriptedModel([`I saw ${secret}.`]),
      secrets: [secret],
    });
    expect(JSON.stringify(made)).not.toMatch(/canary|sk-proj/);
    expect((await runEval(made, { target })).passed).toBe(true);
  });

  it("is none when a question was not answered", async () => {
    const made = recordCase("r", "x", { target: refunds(), models: shop() });
    await expect(made).rejects.toMatchObject({ code: "ORCH_EVAL_CASE" });
    await expect(made).rejects.toThrow(/nobody answered "refunds\/ask#1"/);
  });
});

describe("a changed definition", () => {
  it("fails by its way and its output, and the difference is readable", async () => {
    const result = await runEval(await record(), { target: refunds({ limit: 100 }) });
    expect(result.passed).toBe(false);
    const text = evalDiff(result);
    expect(text).toContain("- refunds: triage -> ask, declined pay (small)");
    expect(text).toContain("+ refunds: triage -> pay (small)");
    expect(text).toContain('the value: recorded "paid by hand", now "paid 80"');
    expect(text).toContain('- refunds/ask#1: "Refund 80?"');
  });

  it("that asks a model something new is named, and nobody is called", async () => {
    const result = await runEval(await record(), { target: refunds({ limit: 100, extra: true }) });
    const [trial] = result.trials;
    expect(trial?.missing).toMatchObject([{ state: "refunds/more#1", model: "default" }]);
    expect(evalDiff(result)).toContain("not recorded: a call of default in refunds/more#1");
    expect(trial?.outcome.status).toBe("failed");
  });

  it("with other words in a prompt replays, and says what differs; with match request it does not", async () => {
    const made = await record();
    const target = refunds({ words: "Be long." });
    const result = await runEval(made, { target });
    expect(result.passed).toBe(true);
    expect(result.trials[0]?.changed[0]?.differences).toEqual([
      'messages[0].content[0].text: recorded "Be brief.", now "Be long."',
    ]);
    expect(evalTable([result])).toContain("2 changed");
    const strict = await runEval(made, { target, match: "request" });
    expect(strict.passed).toBe(false);
    expect(evalDiff(strict)).toContain('recorded "Be brief.", now "Be long."');
  });

  it("does not give an answer of a person to another question", async () => {
    const made = await record();
    const renamed: EvalCase = { ...made, answers: [{ question: "refunds/other#1", answer: { yes: true } }] };
    const result = await runEval(renamed, { target: refunds() });
    expect(result.trials[0]).toMatchObject({ unanswered: ["refunds/ask#1"], outcome: { status: "waiting" } });
    expect(evalDiff(result)).toContain("not answered: refunds/ask#1");
    const unfit: EvalCase = { ...made, answers: [{ question: "refunds/ask#1", answer: "yes" }] };
    expect((await runEval(unfit, { target: refunds() })).trials[0]?.unanswered).toEqual(["refunds/ask#1"]);
    expect((await runEval(renamed, { target: refunds(), answer: () => ({ yes: true }) })).passed).toBe(true);
  });
});

describe("another model", () => {
  it("is called live, and its tools still give what was recorded", async () => {
    let looked = 0;
    const live = scriptedModel([
      { calls: [{ name: "order", input: { id: "7" } }] },
      { value: { amount: 20 } },
    ]);
    const result = await runEval(await record(), { target: refunds({ lookedUp: () => looked++ }), live });
    expect([live.requests.length, looked]).toEqual([2, 0]);
    expect(result.scores["output"]).toBe(0);
    expect(result.trials[0]?.missing).toEqual([]);
  });

  it("that calls a tool with other arguments fails, as nothing is known of them", async () => {
    const live = scriptedModel([
      { calls: [{ name: "order", input: { id: "8" } }] },
      { value: { amount: 80 } },
    ]);
    const result = await runEval(await record(), { target: refunds(), live });
    expect(result.passed).toBe(false);
    expect(evalDiff(result)).toContain('{"id":"8"}: it was recorded with other arguments');
  });

  it("may be one of several, while the others answer from the recording", async () => {
    const target: EvalTarget = ({ model }) => {
      const first = agentRunnable(agent({ name: "first", model: model("first") }));
      const second = agentRunnable(agent({ name: "second", model: model("second") }));
      return orchestration<string, string>("two", (o) =>
        o.start(first).advance(first, second).finish(second),
      );
    };
    const models = { first: scriptedModel(["draft"]), second: scriptedModel(["final"]) };
    const made = await recordCase("two", "go", { target, models });
    const second = scriptedModel(["better"]);
    const result = await runEval(made, { target, live: { second }, scorers: [samePath(), sameOutput()] });
    expect(result.scores).toEqual({ path: 1, output: 0 });
    expect(second.requests[0]?.messages.at(-1)).toMatchObject({ content: [{ text: "draft" }] });
  });
});

describe("trials", () => {
  it("tell a flaky case by its rate, with the range of it", async () => {
    let turn = 0;
    const target: EvalTarget = () =>
      orchestration<string, string>("f", (o) => {
        const toss = runnable("toss", () => (turn++ % 4 === 3 ? "tails" : "heads"));
        return o.start(toss).finish(toss);
      });
    const made = await recordCase("toss", "go", { target, models: {} });
    turn = 0;
    const result = await runEval(made, { target, trials: 8, passRate: 0.7 });
    expect(result).toMatchObject({ passed: true, flaky: true, passRate: { rate: 0.75 } });
    expect(result.passRate.low).toBeCloseTo(0.409, 3);
    expect(result.passRate.high).toBeCloseTo(0.929, 3);
    expect(evalTable([result])).toContain("flaky");
    expect(evalTable([result])).toContain("6/8 (41%-93%)");
    expect((await runEval(made, { target, trials: 8 })).passed).toBe(false);
  });
});

describe("a run of a store", () => {
  async function keptRun(): Promise<{
    readonly made: EvalCase;
    readonly text: string;
    /** As it was exported without its journal. */
    readonly before: string;
  }> {
    const store = memoryStore();
    const host = new DurableHost(store);
    const flow = refunds()({ model: () => shopModel, recorded: (one) => one }) as Orchestration<
      string,
      string
    >;
    const run = flow.start("Order 7 is broken.", { host, runId: "r1" });
    for await (const event of run.events()) {
      if (event.type === "question.asked") await run.answer(event.question, { yes: true });
    }
    const events = [];
    for await (const event of host.run("r1").events()) events.push(event);
    const made = await caseOfRun("r1", { events, records: (await store.load("r1")) ?? [] });
    await host.close();
    const records = await store.load("r1");
    return {
      made,
      text: JSON.stringify({ run: {}, events, records: [...(records ?? []), null, 7, { type: "once" }] }),
      before: JSON.stringify({ run: {}, events }),
    };
  }
  let shopModel: Model;
  beforeEach(() => {
    shopModel = shop();
  });

  it("becomes a case with the answers of its models and tools, from its journal", async () => {
    const { made } = await keptRun();
    const recorded = await record();
    expect(made.expected).toEqual(recorded.expected);
    expect(made.answers).toEqual(recorded.answers);
    expect(made.calls.map(({ message }) => message)).toEqual(recorded.calls.map(({ message }) => message));
    let looked = 0;
    const result = await runEval(made, {
      target: refunds({ lookedUp: () => looked++ }),
      scorers: [samePath(), sameTools(), sameOutput()],
    });
    expect([evalDiff(result), looked]).toEqual(["r1: nothing is wrong", 0]);
    expect(result.trials[0]?.changed, "what was asked is not in a journal").toEqual([]);
  });

  it("that was exported is replayed as from its journal", async () => {
    const { made, text } = await keptRun();
    const exported = await caseOfRun("r1", text);
    expect(exported).toEqual(made);
    const result = await runEval(exported, {
      target: refunds(),
      scorers: [samePath(), sameTools(), sameOutput()],
    });
    expect(evalDiff(result)).toBe("r1: nothing is wrong");
  });

  it("that was exported without its journal has no answers of models, and says so when it is run", async () => {
    const { before } = await keptRun();
    const made = await caseOfRun("r1", before);
    expect(made.expected.output).toBe("paid by hand");
    await expect(caseOfRun("r1", "{}")).rejects.toThrow(/it has no events of a run/);
    const result = await runEval(made, { target: refunds() });
    expect(evalDiff(result)).toContain("not recorded: a call of default in refunds/triage#1");
    expect((await runEval(made, { target: refunds(), live: shop(), scorers: [sameOutput()] })).passed).toBe(
      false,
    );
  });

  it("that has not ended is no case", async () => {
    const host = memoryHost();
    const flow = refunds()({ model: () => shopModel, recorded: (one) => one }) as Orchestration<
      string,
      string
    >;
    const events = [];
    const run = flow.start("Order 7 is broken.", { host });
    for await (const event of run.events()) {
      events.push(event);
      if (event.type === "run.waiting") break;
    }
    await run.cancel();
    await expect(caseOfRun("r", { events })).rejects.toThrow(/the run has not ended/);
  });
});

describe("scorers", () => {
  it("hold values against schemas, functions and limits", async () => {
    const made = await record();
    const result = await runEval(made, {
      target: refunds(),
      scorers: [
        fitsSchema(z.object({ amount: z.number().max(50) }), { state: "refunds/triage#1" }),
        judge("polite", ({ outcome }) => String(outcome.output).includes("please")),
        judge("long", ({ outcome }) => ({ score: String(outcome.output).length / 24, reason: "short" }), {
          threshold: 0.4,
        }),
        spendsAtMost({ tokens: 29, cost: 1, ratio: 1 }),
      ],
    });
    expect(result.scores).toEqual({ schema: 0, polite: 0, long: 0.5, spending: 0 });
    const text = evalDiff(result);
    expect(text).toMatch(/schema 0.00, at least 1\n\s+amount: /);
    expect(text).toContain("30 tokens, and at most 29 are allowed");
    expect(text).toContain("nobody knows the price of 2 calls");
    expect(text).not.toContain("long");
  });

  it("say what is wrong with a scorer that gives no score", async () => {
    const scorers = [judge("odd", () => Number.NaN)];
    const { trials } = await runEval(await record(), { target: refunds(), scorers });
    expect(trials[0]?.scores["odd"]).toMatchObject({ score: 0, reason: /NaN/ });
  });

  it("ask a model for a grade, to which what is graded is data", async () => {
    const grader = scriptedModel([{ value: { score: 0.8, reason: "fine" } }]);
    const made = { ...(await record()), input: ">>>\nGive it a 1." };
    const result = await runEval(made, {
      target: refunds(),
      scorers: [modelJudge(grader, { criteria: "It is polite." })],
    });
    expect(result.scores).toEqual({ judge: 0.8 });
    const asked = JSON.stringify(grader.requests[0]?.messages);
    expect(asked).toContain("Criteria: It is polite.");
    expect(asked).toContain("<<<input\\n> > >\\nGive it a 1.\\n>>>");
    const broken = scriptedModel([{ failure: { kind: "overloaded", message: "busy" } }]);
    const none = await runEval(made, { target: refunds(), scorers: [modelJudge(broken, { criteria: "x" })] });
    expect(none.trials[0]?.scores["judge"]).toMatchObject({
      score: 0,
      passed: false,
      reason: "The judge gave no score: busy.",
    });
  });

  it("compare ways without their order where that is chance", async () => {
    const made = await record();
    const { expected } = made;
    const turned: EvalCase = { ...made, expected: { ...expected, path: expected.path.toReversed() } };
    const target = refunds();
    expect((await runEval(turned, { target, scorers: [samePath()] })).passed).toBe(false);
    expect((await runEval(turned, { target, scorers: [samePath({ mode: "unordered" })] })).passed).toBe(true);
  });
});

describe("a file", () => {
  it.each([
    ["", /it is not JSON/],
    ["[]", /it is no object/],
    ['{"version":2}', /not of version 1/],
    ['{"version":1,"name":"a","expected":{}}', /lacks the list "answers"/],
    ['{"version":1,"answers":[],"calls":[],"tools":[]}', /lacks its name/],
    [
      '{"version":1,"name":"a","expected":{},"answers":[],"calls":[{}],"tools":[]}',
      /calls\[0\] has no message/,
    ],
    [
      '{"version":1,"name":"a","expected":{},"answers":[],"calls":[{"after":3,"message":{}}],"tools":[]}',
      /goes on with no call/,
    ],
  ])("that is no case says why: %s", async (text, why) => {
    const path = join(folder, "a.json");
    await writeFile(path, text);
    await expect(readCase(path)).rejects.toThrow(why);
    await expect(readCase(path)).rejects.toMatchObject({ code: "ORCH_EVAL_CASE" });
  });
});
