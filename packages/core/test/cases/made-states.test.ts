import {
  blueprint,
  each,
  FatalError,
  type Orchestration,
  OrchestrationAdvancer,
  OrchestrationRunnable,
  orchestration,
  question,
  type RunContext,
  type Runnable,
  runnable,
} from "@orch/core";
import { recordRun, toText } from "@orch/core/draw";
import {
  DurableHost,
  memoryHost,
  memoryStore,
  type Operation,
  openMachine,
  performOperation,
} from "@orch/core/host";
import { edgeCoverage } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";

interface Config {
  readonly workflow: "coding" | "analysis" | "anything";
  readonly language: string;
}

class CodingState extends OrchestrationRunnable<string, string> {
  static readonly id: string = "coding";
  readonly language: string;
  readonly framework: string | undefined;
  override readonly output = z.string();
  constructor({ language, framework }: { readonly language: string; readonly framework?: string }) {
    super();
    this.language = language;
    this.framework = framework;
  }
  override invoke(task: string): string {
    return `${task} in ${this.language}${this.framework ?? ""}`;
  }
}
class AnalysisState extends OrchestrationRunnable<string, string> {
  static readonly id: string = "analysis";
  readonly sources: readonly string[];
  constructor({ sources }: { readonly sources: readonly string[] }) {
    super();
    this.sources = sources;
  }
  override invoke(task: string): string {
    return `${task} of ${this.sources.join(" and ")}`;
  }
}
const usual = runnable("usual", (task: string) => `the usual ${task}`);
const read = runnable("read", (config: Config) => config);
const review = runnable("review", (text: string) => `reviewed ${text}`);

class DynamicAdvancer extends OrchestrationAdvancer<Config, string> {
  override readonly targets = [CodingState, AnalysisState, usual];
  override convertOutput({ workflow }: Config): string {
    return `${workflow} task`;
  }
  override getNextRunnable({ workflow, language }: Config): Runnable<string, string> {
    switch (workflow) {
      case "coding":
        return new CodingState({ language });
      case "analysis":
        return new AnalysisState({ sources: [language, "tides"] });
      default:
        return usual;
    }
  }
}

const dynamic = orchestration("dynamic", (o) =>
  o
    .start(read)
    .advanceBy(read, new DynamicAdvancer())
    .advance(CodingState, review)
    .finish(review, AnalysisState, usual),
);
const kept = dynamic as Orchestration<never, unknown>;
const coding: Config = { workflow: "coding", language: "Rust" };

describe("E25: states that an advancer makes on the way", () => {
  it("E25: runs the state that getNextRunnable made, which has ways on of its own", async () => {
    const run = dynamic.start(coding);
    const paths: string[] = [];
    for await (const { type, path } of run.events()) if (type === "state.started") paths.push(path);

    expect(await run.result).toBe("reviewed coding task in Rust");
    expect(paths).toEqual(["dynamic/read#1", "dynamic/coding#1", "dynamic/review#1"]);
    expect(await dynamic.run({ workflow: "analysis", language: "moon" })).toBe(
      "analysis task of moon and tides",
    );
    expect(await dynamic.run({ workflow: "anything", language: "" })).toBe("the usual anything task");
  });

  it("E25: is drawn and covered before anything was made", async () => {
    expect(toText(dynamic.graph)).toMatchInlineSnapshot(`
      "dynamic
      ▶ read
        ├→ coding  DynamicAdvancer ? · converts
        ├→ analysis  DynamicAdvancer ? · converts
        └→ usual  DynamicAdvancer ? · converts
        coding [made on the way]
        └→ review
        review ◎
        analysis [made on the way] ◎
        usual ◎
      "
    `);
    const coverage = edgeCoverage(dynamic);
    const off = dynamic.on("*", coverage.hear);
    await dynamic.run(coding);
    off();

    expect(coverage.text()).toBe(
      [
        '2 of 4 advancers of "dynamic" were taken',
        "  never: dynamic: read -> analysis (DynamicAdvancer)",
        "  never: dynamic: read -> usual (DynamicAdvancer)",
      ].join("\n"),
    );
  });

  it("E25: keeps the state's own data, and makes the state again from it in another life", async () => {
    let made = 0;
    class Asking extends OrchestrationRunnable<string, string> {
      static readonly id = "asking";
      readonly words: readonly string[];
      constructor({ words }: { readonly words: readonly string[] }) {
        super();
        made += 1;
        this.words = words;
      }
      override async invoke(input: string, ctx: RunContext): Promise<string> {
        const yes = await ctx.ask({ prompt: this.words.join(" "), answer: z.boolean() });
        return `${input} ${this.words.join(" ")} ${yes}`;
      }
    }
    class ToAsking extends OrchestrationAdvancer<string, string> {
      override readonly targets = [Asking];
      override convertOutput(text: string): string {
        return text.toUpperCase();
      }
      override getNextRunnable(text: string): Asking {
        return new Asking({ words: text.split("") });
      }
    }
    const first = runnable("first", (text: string) => text);
    const asks = orchestration("asks", (o) => o.start(first).advanceBy(first, new ToAsking()).finish(Asking));
    const store = memoryStore();
    const one = new DurableHost(store);
    const run = asks.start("ab", { host: one, runId: "r" });
    for await (const { type } of run.events()) if (type === "question.asked") break;
    await one.close();
    made = 0;
    const two = new DurableHost(store);
    await two.answer(asks, "r", "asks/asking#1/question", true);

    expect(await (await two.resume(asks, "r")).result).toBe("AB a b true");
    expect(made).toBeGreaterThan(0);
    const told = [];
    for await (const { type, path } of two.run("r").events()) if (type === "state.completed") told.push(path);
    expect(told).toEqual(["asks/first#1", "asks/asking#1"]);
  });

  it("E25: is the same in memory and where it is kept, in forks, and when it is tried again", async () => {
    const host = memoryHost();
    expect(await dynamic.start(coding, { host, runId: "r" }).result).toBe("reviewed coding task in Rust");
    const forked = async (options: Parameters<typeof host.fork>[2]) =>
      (await host.fork(kept, "r", options)).result;
    expect(await forked({ before: "dynamic/coding#1" })).toBe("reviewed coding task in Rust");
    expect(await forked({ before: "dynamic/coding#1", input: "other" })).toBe("reviewed other in Rust");
    expect(await forked({ after: "dynamic/coding#1", output: "given" })).toBe("reviewed given");
    expect(await forked({ after: "dynamic/read#1", output: { workflow: "analysis", language: "x" } })).toBe(
      "analysis task of x and tides",
    );

    let works = false;
    class Fragile extends OrchestrationRunnable<number, string> {
      static readonly id = "fragile";
      readonly by: number;
      constructor({ by }: { readonly by: number }) {
        super();
        this.by = by;
      }
      override invoke(n: number): string {
        if (!works) throw new FatalError("not yet");
        return `${n} by ${this.by}`;
      }
    }
    class ToFragile extends OrchestrationAdvancer<number, number> {
      override readonly targets = [Fragile];
      override convertOutput(n: number): number {
        return n;
      }
      override getNextRunnable(n: number): Fragile {
        return new Fragile({ by: n + 1 });
      }
    }
    const start = runnable("start", (n: number) => n);
    const fragile = orchestration("f", (o) =>
      o.start(start).advanceBy(start, new ToFragile()).finish(Fragile),
    );
    await fragile.start(1, { host, runId: "s" }).result.catch(() => {});
    works = true;
    expect(await (await host.retry(fragile, "s")).result).toBe("1 by 2");
  });

  it("E25: makes states by a named factory too, also whole orchestrations", async () => {
    const writing = blueprint("writing", ({ steps }: { readonly steps: number }) => {
      const states = Array.from({ length: steps }, (_, n) =>
        runnable(`s${n}`, (text: string) => `${text}${n}`),
      );
      const ask = question("ask", { ask: (text: string) => text, answer: z.string() });
      return orchestration("inner", (o) => {
        let draft = o.start(states[0]!);
        for (let n = 1; n < steps; n++) draft = draft.advance(states[n - 1]!, states[n]!);
        return draft.advance(states[steps - 1]!, ask).finish(ask);
      });
    });
    class ToWriting extends OrchestrationAdvancer<string, string> {
      override readonly targets = [writing];
      override convertOutput(text: string): string {
        return text;
      }
      override getNextRunnable(text: string): Runnable<string, string> {
        return writing({ steps: text.length });
      }
    }
    const first = runnable("first", (text: string) => text);
    const flow = orchestration("f", (o) =>
      o.start(first).advanceBy(first, new ToWriting()).advance(writing, review).finish(review),
    );
    const store = memoryStore();
    const one = new DurableHost(store);
    const run = flow.start("ab", { host: one, runId: "r" });
    for await (const { type } of run.events()) if (type === "question.asked") break;
    await one.close();
    const two = new DurableHost(store);
    const [open] = await two.run("r").questions();
    expect(open).toMatchObject({ id: "f/writing#1/ask#1", prompt: "ab01" });
    await two.answer(flow, "r", open!.id, "yes");

    expect(await (await two.resume(flow, "r")).result).toBe("reviewed yes");
    const events = [];
    for (const event of await two.events(flow, "r"))
      events.push({ ...event, time: 0, duration: 0 } as typeof event);
    expect(toText(flow.graph, { run: recordRun(events) })).toMatchInlineSnapshot(`
      "f: completed                                                      0ms
      ▶ ● first                                                  ×1     0ms
        └→ writing  ToWriting · converts                         ×1
        ● writing [orchestration, made on the way]               ×1     0ms
        │ ▶ ● s0                                                 ×1     0ms
        │   └→ s1                                                ×1
        │   ● s1                                                 ×1     0ms
        │   └→ ask                                               ×1
        │   ● ask [question]                                     ×1     0ms
        └→ review                                                ×1
        ● review ◎                                               ×1     0ms
      "
    `);
  });

  it("E25: a factory that was given nothing is given nothing again in another life, with and without a snapshot", async () => {
    const given: unknown[] = [];
    const asking = question<string, string>("asking", { ask: "?", answer: z.string() });
    const made = blueprint("made", (data: undefined) => {
      given.push(data);
      return asking;
    });
    class Making extends OrchestrationAdvancer<string, string> {
      override readonly targets = [made];
      override convertOutput(text: string): string {
        return text;
      }
      override getNextRunnable(): Runnable<string, string> {
        return made(undefined);
      }
    }
    const begin = runnable("begin", (text: string) => text);
    const flow = orchestration("flow", (o) => o.start(begin).advanceBy(begin, new Making()).finish(made));
    for (const snapshotAfter of [1, 1_000]) {
      const store = memoryStore();
      const run = flow.start("text", { host: new DurableHost(store, { snapshotAfter }), runId: "r" });
      for await (const { type } of run.events()) if (type === "run.waiting") break;
      await run.suspend();
      const host = new DurableHost(store, { snapshotAfter });
      const [question] = await host.questions(flow, "r");
      await host.answer(flow, "r", question!.id, "yes");
      expect(await (await host.resume(flow, "r")).result).toBe("yes");
    }
    expect(new Set(given)).toEqual(new Set([undefined]));
  });

  it("E25: is performed by a process that has only the definition and the operation", async () => {
    const machine = openMachine(kept as never, { ...coding }, { runId: "r", grace: 50 });
    const operationIn = ({ effects }: { readonly effects: readonly object[] }) =>
      JSON.parse(JSON.stringify((effects[0] as { readonly operation: Operation }).operation)) as Operation;
    const first = operationIn(machine.take({ kind: "begin", at: 1 }));
    const outcome = await performOperation(kept as never, first);
    const second = operationIn(machine.take({ kind: "ran", id: first.id, at: 2, outcome }));

    expect(second).toMatchObject({ path: "dynamic/coding#1", chosen: [{ language: "Rust" }] });
    expect(await performOperation(kept as never, second)).toEqual({
      kind: "completed",
      value: "coding task in Rust",
    });
  });

  it("E25: holds all states of a class to one limit of concurrency", async () => {
    let [working, most] = [0, 0];
    class Narrow extends OrchestrationRunnable<number, number> {
      static readonly id = "narrow";
      override readonly concurrency = 2;
      override async invoke(n: number): Promise<number> {
        working += 1;
        most = Math.max(most, working);
        await new Promise((resolve) => setImmediate(resolve));
        working -= 1;
        return n;
      }
    }
    class ToNarrow extends OrchestrationAdvancer<number, number> {
      override readonly targets = [Narrow];
      override convertOutput(n: number): number {
        return n;
      }
      override getNextRunnable(): Narrow {
        return new Narrow();
      }
    }
    const start = runnable("start", (n: number) => n);
    const one = orchestration("one", (o) => o.start(start).advanceBy(start, new ToNarrow()).finish(Narrow));
    const many = each("many", one);
    const flow = orchestration("f", (o) => o.start(many).finish(many));

    expect(await flow.run([1, 2, 3, 4, 5, 6])).toEqual([1, 2, 3, 4, 5, 6]);
    expect(most).toBe(2);
  });

  it("E25: says which data cannot be kept, and when a state cannot be made again from it", async () => {
    class Holds extends OrchestrationRunnable<string, string> {
      static readonly id: string = "holds";
      readonly held: unknown;
      constructor({ held }: { readonly held: unknown }) {
        super();
        this.held = held;
      }
      override invoke(text: string): string {
        return text;
      }
    }
    class Wraps extends Holds {
      static override readonly id: string = "wraps";
      readonly config: { readonly held: unknown };
      constructor(config: { readonly held: unknown }) {
        super(config);
        this.config = config;
      }
    }
    const first = runnable("first", (text: string) => text);
    const leading = (make: () => Holds) => {
      class To extends OrchestrationAdvancer<string, string> {
        override readonly targets = [Holds, Wraps];
        override convertOutput(text: string): string {
          return text;
        }
        override getNextRunnable(): Holds {
          return make();
        }
      }
      const flow = orchestration("f", (o) => o.start(first).advanceBy(first, new To()).finish(Holds, Wraps));
      return flow.run("x", { host: memoryHost() });
    };

    await expect(leading(() => new Holds({ held: [1, { a: "b" }] }))).resolves.toBe("x");
    await expect(leading(() => new Holds({ held: () => 1 }))).rejects.toThrow(
      /the data from which "holds" was made/,
    );
    await expect(leading(() => new Wraps({ held: 1 }))).rejects.toThrow(
      /"wraps" cannot be made again from its data/,
    );
  });

  it("E25: says that an advancer gave another object of a declared name", async () => {
    class B extends OrchestrationRunnable<string, string> {
      override readonly id = "b";
      override invoke(text: string): string {
        return text;
      }
    }
    const b = new B();
    class Dynamic extends OrchestrationAdvancer<string, string> {
      override readonly targets = [b];
      override convertOutput(text: string): string {
        return text;
      }
      override getNextRunnable(): B {
        return new B();
      }
    }
    const a = runnable("a", (text: string) => text);
    const flow = orchestration("f", (o) => o.start(a).advanceBy(a, new Dynamic()).finish(b));

    await expect(flow.run("x")).rejects.toThrow(
      /gave another object of the id "b" than the one in its targets[\s\S]*put its class there/,
    );
  });

  it("E25: refuses targets that are missing, classes without an id, and blueprints that nothing makes", () => {
    const a = runnable("a", (text: string) => text);
    const problems = (define: (o: Loose) => unknown): string => {
      try {
        orchestration("f", define as never);
      } catch (error) {
        return (error as Error).message;
      }
      return "none";
    };
    interface Loose {
      readonly start: (...given: unknown[]) => Loose;
      readonly advance: (...given: unknown[]) => Loose;
      readonly advanceBy: (...given: unknown[]) => Loose;
      readonly finish: (...given: unknown[]) => Loose;
    }
    class Bare {
      convertOutput(text: string): string {
        return text;
      }
      getNextRunnable(): unknown {
        return usual;
      }
    }
    class NoId extends OrchestrationRunnable<string, string> {
      override invoke(text: string): string {
        return text;
      }
    }
    class ToNoId extends DynamicAdvancer {
      override readonly targets = [NoId] as never;
    }
    class MakesNone extends OrchestrationAdvancer<string, string> {
      override readonly targets = [CodingState];
      override convertOutput(text: string): string {
        return text;
      }
    }

    expect(problems((o) => o.start(a).advanceBy(a, new Bare()).finish(usual))).toContain(
      'An advancer class from "a" declares no targets: list every runnable that getNextRunnable may give',
    );
    expect(problems((o) => o.start(a).advanceBy(a, new ToNoId()).finish(NoId))).toContain(
      '"static readonly id" in a class among targets',
    );
    expect(problems((o) => o.start(a).advanceBy(a, new MakesNone()).finish(CodingState))).toContain(
      '"coding" is made on the way, and nothing makes it here',
    );
    expect(problems((o) => o.start(CodingState).finish(CodingState))).toContain(
      '"coding" is made on the way',
    );
    expect(problems((o) => o.start(a).advance(a, CodingState).finish(CodingState))).toContain(
      '"coding" is made on the way',
    );
  });
});
