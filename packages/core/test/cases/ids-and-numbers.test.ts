/** What is refused where it comes in: a state without an id, and numbers out of their range. */
import { describe, expect, it } from "vitest";
import { BudgetError } from "../../src/errors/budget-error.ts";
import { memoryHost, openMachine, performOperation } from "../../src/host.ts";
import {
  all,
  choose,
  each,
  OrchestrationRunnable,
  orchestration,
  question,
  type Runnable,
  race,
  runnable,
  type Schema,
  type Spending,
  sleep,
} from "../../src/index.ts";

function alone<TInput, TOutput>(only: Runnable<TInput, TOutput>) {
  return orchestration("flow", (o) => o.start(only).finish(only));
}

describe("P21: the id of a class", () => {
  class t extends OrchestrationRunnable<string, string> {
    override invoke(text: string): string {
      return text;
    }
  }
  class Named extends t {
    override readonly id = "named";
  }

  it("is asked for when the orchestration is built, and never made of the class's name", () => {
    expect(() => alone(new t())).toThrow(/A runnable has no id.*override readonly id/);
    expect(() => alone(new t())).toThrow(expect.objectContaining({ code: "ORCH_INVALID_DEFINITION" }));
  });

  it("is asked for in branches of fan-outs and of a choice, and of two such classes at once", async () => {
    expect(() => alone(all("both", { a: new t(), b: new t() }))).toThrow("A runnable has no id");
    expect(() => alone(each("items", new t()))).toThrow("A runnable has no id");
    expect(() =>
      orchestration("two", (o) => o.start(new t()).advance(new t(), new t()).finish(new t())),
    ).toThrow("A runnable has no id");
    await expect(alone(choose("pick", () => new t())).run("x")).rejects.toThrow("A runnable has no id");
    expect(() => alone(runnable({ id: undefined as never, invoke: () => 1 }))).toThrow(
      "A runnable has no id",
    );
  });

  it("may be a property or an argument, and finds a kept run whatever the class is called", async () => {
    expect(await alone(new Named()).run("x")).toBe("x");
    const host = memoryHost();
    await alone(new t("given")).run("x", { host, runId: "r" });
    class Other extends OrchestrationRunnable<string, string> {
      override readonly id = "given";
      override invoke(): string {
        return "never called";
      }
    }

    expect(await (await host.resume(alone(new Other()), "r")).result).toBe("x");
  });
});

describe("E15: what is spent", () => {
  const spender = (spending: Spending) =>
    runnable("spend", (_: string, ctx) => {
      ctx.spend(spending);
      return "x";
    });

  it.each([
    ["inputTokens", Number.NaN],
    ["outputTokens", -1],
    ["cost", Number.POSITIVE_INFINITY],
    ["cost", "1" as unknown as number],
  ])(
    "E15: is refused by its name where it is no finite number of 0 or more: %s of %s",
    async (name, value) => {
      const flow = orchestration(
        "f",
        (o) => {
          const spend = spender({ [name]: value });
          return o.start(spend).finish(spend);
        },
        { budget: { maxTokens: 10 } },
      );
      for (const host of [undefined, memoryHost()]) {
        await expect(flow.run("x", host && { host })).rejects.toMatchObject({
          cause: { code: "ORCH_OPTION", facts: { option: name, allowed: "0 or more, and finite" } },
        });
      }
    },
  );

  it("E15, further: an outcome of another process is refused in the same way, and a budget of tokens names tokens", async () => {
    const spend = spender({ inputTokens: Number.NaN });
    const flow = alone(spend);
    const operation = { runId: "r", path: "flow/spend#1", visit: 1, attempt: 1, input: "x" };
    expect(await performOperation(flow, operation as never)).toMatchObject({
      kind: "failed",
      error: { code: "ORCH_OPTION" },
    });
    const over = new BudgetError({
      orchestration: "f",
      path: "f",
      maxTokens: 10,
      tokens: Number.NaN,
      cost: 0,
    });
    expect(over.message).not.toContain("undefined");
  });
});

describe("E16: a number option", () => {
  const invoke = (x: string): string => x;
  const item = runnable("item", invoke);
  const anything: Schema<string> = {
    "~standard": { version: 1, vendor: "test", validate: (value) => ({ value: value as string }) },
  };
  const odd = (options: object): Runnable<string, string> => runnable({ id: "odd", invoke, ...options });
  const composite = { item };

  /** Each option: its name in the message, its range, how a definition gets it, and values that it may not have. */
  const table: readonly [string, string, (value: number) => unknown, readonly number[]][] = [
    [
      "retry.attempts",
      "1 or more, and whole",
      (attempts) => alone(odd({ retry: { attempts } })),
      [Number.NaN, 0, 1.5],
    ],
    [
      "retry.firstDelay",
      "0 or more",
      (firstDelay) => alone(odd({ retry: { firstDelay } })),
      [-5, Number.NaN],
    ],
    ["retry.factor", "above 0", (factor) => alone(odd({ retry: { factor } })), [Number.NaN, -2, 0]],
    [
      "retry.longestDelay",
      "0 or more",
      (longestDelay) => alone(odd({ retry: { longestDelay } })),
      [-1, Number.NaN],
    ],
    [
      "concurrency",
      "1 or more, and whole",
      (concurrency) => alone(odd({ concurrency })),
      [1.5, 0, Number.NaN],
    ],
    [
      "timeout",
      "above 0",
      (timeout) => alone(odd({ timeout })),
      [0, -1, Number.NaN, Number.POSITIVE_INFINITY],
    ],
    ["maxVisits", "1 or more, and whole", (maxVisits) => alone(odd({ maxVisits })), [0, 2.5, Number.NaN]],
    [
      "rerun.attempts",
      "1 or more, and whole",
      (attempts) => alone(odd({ rerun: { attempts } })),
      [0, 2.5, Number.NaN],
    ],
    [
      "concurrency",
      "1 or more, and whole",
      (concurrency) => alone(each("odd", item, { concurrency })),
      [0, 1.5, Number.NaN],
    ],
    [
      "concurrency",
      "1 or more, and whole",
      (concurrency) => alone(all("odd", composite, { concurrency })),
      [0, 1.5],
    ],
    [
      "concurrency",
      "1 or more, and whole",
      (concurrency) => alone(race("odd", composite, { concurrency })),
      [0, 1.5],
    ],
    [
      "odd",
      "1 or more, whole",
      (first) => alone(race("odd", { item, other: item }, { first })),
      [0, 1.5, 3, Number.NaN],
    ],
    ["delay", "0 or more", (delay) => alone(sleep("odd", delay)), [-1, Number.NaN, Number.POSITIVE_INFINITY]],
    [
      "timeout",
      "above 0",
      (timeout) => alone(question("odd", { ask: "?", answer: anything, timeout })),
      [0, Number.NaN],
    ],
    ["maxSteps", "1 or more, and whole", (maxSteps) => limited({ maxSteps }), [0, 1.5, Number.NaN]],
    [
      "deadline",
      "above 0",
      (deadline) => limited({ deadline }),
      [0, -1, Number.NaN, Number.POSITIVE_INFINITY],
    ],
    ["maxTokens", "above 0", (maxTokens) => limited({ budget: { maxTokens } }), [0, -1, Number.NaN]],
    ["maxCost", "above 0", (maxCost) => limited({ budget: { maxCost } }), [0, -1, Number.NaN]],
  ];
  const limited = (limits: object) => orchestration("odd", (o) => o.start(item).finish(item), limits);

  it.each(table)(
    "E16: %s has to be %s, and is refused when the definition is built",
    (name, range, build, values) => {
      for (const value of values) {
        const says = new RegExp(
          `${name.replace(".", "\\.")}.* ${value}\\b.*has to be ${range}`.replace("NaN\\b", "NaN"),
        );
        expect(() => build(value), String(value)).toThrow(says);
      }
      expect(() => build("5" as unknown as number)).toThrow("has to be");
    },
  );

  it.each([
    ["lease", "above 0", (lease: number) => memoryHost({ lease })],
    ["grace", "0 or more", (grace: number) => alone(item).start("x", { grace })],
    ["grace", "0 or more", (grace: number) => openMachine(alone(item), "x", { runId: "r", grace })],
  ])(
    "E16, further: %s of a host or a run has to be %s, and is refused when it is given",
    (option, range, give) => {
      for (const value of [-1, Number.NaN, "5" as unknown as number]) {
        expect(() => give(value)).toThrow(
          expect.objectContaining({
            code: "ORCH_OPTION",
            facts: expect.objectContaining({ option, allowed: expect.stringContaining(range) }),
          }),
        );
      }
    },
  );
});
