/** Random orchestrations that fail in several lives: a retry runs what failed or is open, and nothing else. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { budget, figure } from "../../../../scripts/lanes.ts";
import { memoryHost } from "../../src/host.ts";
import {
  all,
  each,
  FatalError,
  type Orchestration,
  type OrchestrationEvent,
  orchestration,
  type RunContext,
  type Runnable,
  runnable,
  sharedState,
} from "../../src/index.ts";

const LEAF = /\/leaf\d+#\d+$/;

/** How a leaf fails, in the first branch that it is called in. */
type Fault = "throws" | "throws for good" | "finds no edge";

interface Leaf {
  readonly kind: "leaf";
  /** How many lives it fails in. */
  readonly fails: number;
  readonly fault: Fault;
  /** How many turns of the event loop it takes. */
  readonly turns: number;
  /** Whether it ignores its signal. */
  readonly deaf: boolean;
  readonly asks: boolean;
}

type Graph =
  | Leaf
  | { readonly kind: "each"; readonly of: Graph; readonly settled: boolean; readonly concurrency: number }
  | { readonly kind: "all"; readonly of: readonly Graph[]; readonly settled: boolean };

const leaf: fc.Arbitrary<Leaf> = fc.record({
  kind: fc.constant("leaf"),
  fails: fc.constantFrom(0, 0, 0, 1, 2),
  fault: fc.constantFrom<Fault[]>("throws", "throws for good", "finds no edge"),
  turns: fc.nat(9),
  deaf: fc.boolean(),
  asks: fc.constantFrom(false, false, true),
});

const { graph } = fc.letrec<{ graph: Graph }>((tie) => ({
  graph: fc.oneof(
    { depthSize: "small", maxDepth: 3 },
    leaf,
    fc.record({
      kind: fc.constant("each"),
      of: tie("graph"),
      settled: fc.boolean(),
      concurrency: fc.integer({ min: 1, max: 3 }),
    }),
    fc.record({
      kind: fc.constant("all"),
      of: fc.array(tie("graph"), { minLength: 2, maxLength: 3 }),
      settled: fc.boolean(),
    }),
  ),
}));

const counter = sharedState("counter", {
  done: { start: 0, reduce: (sum: number, more: number) => sum + more },
});
const anything = {
  "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) },
} as const;

/** One random orchestration, and what its runnables did. */
class Subject {
  readonly flow: Orchestration<unknown, unknown>;
  life = 0;
  /** The states whose end counts. */
  readonly ended = new Set<string>();
  readonly problems: string[] = [];
  readonly #made = new Map<string, number>();
  #ids = 0;
  total = 0;

  constructor(graphs: readonly Graph[]) {
    const both = this.#all(graphs, false);
    const last = runnable("last", (_: unknown, ctx) => {
      this.total = ctx.state(counter).get("done");
    });
    this.flow = orchestration("f", (o) =>
      o
        .start(both)
        .advance(both, last, { convert: () => 0 })
        .finish(last),
    );
  }

  #make(one: Graph): Runnable<unknown, unknown> {
    if (one.kind === "leaf") return this.#leaf(one);
    if (one.kind === "all") return this.#all(one.of, one.settled);
    const { settled, concurrency } = one;
    const id = `each${this.#ids++}`;
    const items = runnable(`items${id}`, () => [0, 1, 2]);
    const fan = each(id, this.#make(one.of), { settled, concurrency } as { settled: true });
    return orchestration(`of${id}`, (o) =>
      o
        .start(items)
        .advance(items, fan as Runnable<unknown, unknown>)
        .finish(fan),
    ) as Runnable<unknown, unknown>;
  }

  #all(graphs: readonly Graph[], settled: boolean): Runnable<unknown, unknown> {
    const branches = Object.fromEntries(graphs.map((one, index) => [`b${index}`, this.#make(one)]));
    return all(`all${this.#ids++}`, branches, { settled } as { settled: true }) as Runnable<unknown, unknown>;
  }

  /** A machine of its own, so that a leaf may complete and find no edge. */
  #leaf(one: Leaf): Runnable<unknown, unknown> {
    const id = `leaf${this.#ids++}`;
    const fails = (): boolean => this.life < one.fails;
    const work = runnable(id, async (_: unknown, ctx) => this.#work(one, fails(), ctx));
    const end = runnable(`end${id}`, (_: unknown) => 0);
    return orchestration(`of${id}`, (o) =>
      o
        .start(work)
        .advance(work, end, { when: (fault) => fault !== "finds no edge" })
        .finish(end),
    ) as Runnable<unknown, unknown>;
  }

  async #work({ fault, turns, deaf, asks }: Leaf, fails: boolean, ctx: RunContext): Promise<string> {
    const { path, signal } = ctx;
    if (this.ended.has(path)) this.problems.push(`${path} ran again in life ${this.life}`);
    await ctx.once("made", () => {
      const made = (this.#made.get(path) ?? 0) + 1;
      this.#made.set(path, made);
      if (made > 1) this.problems.push(`${path} made its value again in life ${this.life}`);
    });
    if (asks) await ctx.ask({ prompt: path, answer: anything });
    for (let turn = 0; turn < turns; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
      if (!deaf && signal.aborted) throw signal.reason;
    }
    if (fails && fault === "throws") throw new TypeError("it fails in this life");
    if (fails && fault === "throws for good") throw new FatalError("it fails in this life");
    if (!signal.aborted) ctx.state(counter).add("done", 1);
    return fails ? fault : "done";
  }
}

/**
 * Each leaf writes once when it completes, and its last call counts. Where a leaf had found no edge, a retry takes its
 * write back to run it again, and the leaf may never come to it: its fan-out may fail before it has a place.
 */
function writesThatCount(events: readonly OrchestrationEvent[]): { least: number; most: number } {
  const counts = new Map<string, "surely" | "maybe">();
  const decided = new Set<string>();
  for (const { type, path } of events) {
    if (type === "run.retried")
      for (const leaf of counts.keys()) counts.set(leaf, decided.has(leaf) ? "surely" : "maybe");
    if (!LEAF.test(path)) continue;
    if (type === "state.transition") decided.add(path);
    if (type === "state.completed") counts.set(path, "surely");
    if (type === "state.started") counts.delete(path);
  }
  return { least: [...counts.values()].filter((one) => one === "surely").length, most: counts.size };
}

it("P1: a retry runs nothing again that completed, was made once or was answered, whichever branches fail", async () => {
  const counts = { lives: 0, states: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(graph, { minLength: 2, maxLength: 3 }), async (graphs) => {
      const subject = new Subject(graphs);
      const { flow } = subject;
      const host = memoryHost();
      const answered = new Set<string>();
      let written: ReturnType<typeof writesThatCount> | undefined;
      let run = flow.start(0, { host, runId: "r", grace: 60_000, onUnheard: false });
      for (; subject.life < 40; subject.life++) {
        counts.lives += 1;
        let told = new Set<string>();
        let retries = 0;
        for await (const event of run.events()) {
          if (event.type === "run.retried") {
            retries += 1;
            told = new Set();
          }
          if (event.type === "run.waiting" && retries === subject.life) {
            const untold = event.questions.find((question) => !told.has(question));
            if (untold !== undefined) throw new Error(`${untold} is open, and this life did not tell it`);
          }
          if (event.type !== "question.asked") continue;
          told.add(event.question);
          const { question } = event;
          if (!run.questions.some(({ id }) => id === question)) continue;
          const isTaken = await run.answer(question, "yes").then(
            () => true,
            () => false,
          );
          if (isTaken && answered.has(question)) subject.problems.push(`${question} was answered before`);
          if (isTaken) answered.add(question);
        }
        const events = await host.events(flow, "r");
        expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
        written = writesThatCount(events);
        // A state that found no edge has no transition, and runs again.
        for (const event of events)
          if (event.type === "state.transition" && LEAF.test(event.path)) subject.ended.add(event.path);
        if (run.status === "completed") break;
        run = await host.retry(flow, "r", { grace: 60_000, onUnheard: false });
      }
      expect(run.status).toBe("completed");
      expect(subject.problems).toEqual([]);
      // What a state wrote counts once, also where it ran again.
      expect(subject.total).toBeGreaterThanOrEqual(written!.least);
      expect(subject.total).toBeLessThanOrEqual(written!.most);
      counts.states += subject.total;
    }),
    { numRuns: budget("retriedGraphs") },
  );
  figure(
    `${budget("retriedGraphs")} random graphs in ${counts.lives} lives: of ${counts.states} states none ran again that had completed`,
  );
});
