/**
 * One program that uses the whole of core and nothing of where it runs, for tests that run it elsewhere: without
 * Node's globals, in a worker, in a browser, over frozen prototypes. It gives plain data, the same everywhere.
 */
import {
  all,
  choose,
  each,
  isOrchError,
  OrchError,
  OrchestrationAdvancer,
  OrchestrationRunnable,
  orchestration,
  parseJson,
  question,
  type RunContext,
  race,
  runnable,
  type Schema,
  sharedState,
  sleep,
  speech,
} from "@orch/core";
import { newId, systemClock } from "@orch/core/doors";
import { toDot, toMermaid, toText } from "@orch/core/draw";
import { DurableHost } from "@orch/core/host";
import { memoryStore } from "../src/durable/memory-store.ts";

const yesOrNo: Schema<boolean> = {
  "~standard": {
    version: 1,
    vendor: "test",
    validate: (value) =>
      typeof value === "boolean" ? { value } : { issues: [{ message: "not a boolean" }] },
  },
};

const inc = runnable("inc", async (n: number) => n + 1);
const twice = runnable("twice", (n: number) => n * 2);
const fails = runnable("fails", async (n: number): Promise<number> => {
  throw new RangeError(`not ${n}`);
});
const nap = sleep<number>("nap", 1);
const endless = runnable(
  "endless",
  (_: number, { signal }) =>
    new Promise<number>((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
);

/** What an error says to code: never its stack, which differs between places. */
async function codeOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    if (!isOrchError(error)) return String(error);
    return {
      code: error.code,
      name: error.name,
      isError: error instanceof Error && error instanceof OrchError,
    };
  }
}

class Halve extends OrchestrationRunnable<number, number> {
  override readonly id = "halve";
  invoke(n: number, _ctx: RunContext): number {
    return n / 2;
  }
}
const halve = new Halve();
class Down extends OrchestrationAdvancer<number, number> {
  readonly targets = [halve, inc];
  convertOutput(n: number): number {
    return n - 1;
  }
  override getNextRunnable(n: number): Halve | typeof inc {
    return n > 100 ? inc : halve;
  }
}

/** Every program by name. */
export const portableFlows: { readonly [name: string]: () => Promise<unknown> } = {
  steps: () => orchestration("f", (o) => o.start(inc).advance(inc, twice).finish(twice)).run(1),
  loop: () =>
    orchestration("f", (o) =>
      o
        .start(inc)
        .advance(inc, inc, { when: (n) => n < 50 })
        .finish(inc),
    ).run(0),
  classes: () =>
    orchestration("f", (o) => o.start(twice).advanceBy(twice, new Down()).finish(halve, inc)).run(5),
  nested: () => {
    const inner = orchestration("inner", (o) => o.start(inc).advance(inc, twice).finish(twice));
    return orchestration("outer", (o) => o.start(inner).advance(inner, inc).finish(inc)).run(3);
  },
  each: () => each("e", inc, { concurrency: 2 }).invoke([1, 2, 3], context()) as Promise<unknown>,
  eachInside: () => {
    const items = runnable("items", (n: number) => [n, n + 1, n + 2]);
    const fan = each("fan", inc, { settled: true });
    return orchestration("f", (o) => o.start(items).advance(items, fan).finish(fan)).run(1);
  },
  all: () => {
    const both = all("both", { inc, nap, twice }, { when: { twice: (n: number) => n > 5 } });
    return orchestration("f", (o) => o.start(both).finish(both)).run(1);
  },
  settled: () => {
    const both = all("both", { inc, fails }, { settled: true });
    return orchestration("f", (o) => o.start(both).finish(both)).run(1);
  },
  race: () => {
    const first = race("first", { nap, endless });
    return orchestration("f", (o) => o.start(first).finish(first)).run(7);
  },
  choose: () => {
    const chosen = choose<number, number>("chosen", (n) => (n > 3 ? inc : twice));
    return orchestration("f", (o) => o.start(chosen).finish(chosen)).run(4);
  },
  caught: () =>
    orchestration("f", (o) =>
      o
        .start(fails)
        .catch(fails, inc, { convert: (error, n) => n + String(error.message).length * 0 })
        .finish(fails, inc),
    ).run(8),
  retried: () => {
    const flaky = runnable({
      id: "flaky",
      retry: { attempts: 3, firstDelay: 1 },
      invoke: async (n: number, { attempt }) => {
        if (attempt < 3) throw new TypeError("not yet");
        return n + attempt;
      },
    });
    return orchestration("f", (o) => o.start(flaky).finish(flaky)).run(1);
  },
  failed: () => codeOf(() => orchestration("f", (o) => o.start(fails).finish(fails)).run(1)),
  timeout: () =>
    codeOf(() => {
      const slow = runnable({ id: "slow", timeout: 1, invoke: endless.invoke });
      return orchestration("f", (o) => o.start(slow).finish(slow)).run(1);
    }),
  deadline: () =>
    codeOf(() => orchestration("f", (o) => o.start(endless).finish(endless), { deadline: 1 }).run(1)),
  invalid: () => codeOf(async () => orchestration("f", (o) => o.start(inc).finish(twice))),
  cancelled: async () => {
    const run = orchestration("f", (o) => o.start(endless).finish(endless)).start(1);
    const types: string[] = [];
    for await (const event of run.events()) {
      types.push(event.type);
      if (event.type === "state.started") await run.cancel("enough");
    }
    return [types, await codeOf(() => run.result)];
  },
  events: async () => {
    const speaks = runnable("speaks", async (n: number, ctx) => {
      ctx.emit(speech, "one");
      ctx.spend({ inputTokens: 2 });
      return await ctx.once("kept", () => n);
    });
    const flow = orchestration("f", (o) => o.start(speaks).advance(speaks, inc).finish(inc));
    const heard: string[] = [];
    const stop = flow.on("*", ({ type, path }) => void heard.push(`${type} ${path}`));
    await flow.run(1);
    stop();
    return heard;
  },
  state: () => {
    const memory = sharedState("memory", {
      sum: { start: 0, reduce: (one: number, other: number) => one + other },
    });
    const adds = runnable("adds", (n: number, ctx) => {
      ctx.state(memory).add("sum", n);
      return n;
    });
    const reads = runnable("reads", (_: readonly number[], ctx) => ctx.state(memory).get("sum"));
    const items = runnable("items", (n: number) => [n, n + 1, n + 2]);
    const fan = each("fan", adds);
    return orchestration("f", (o) =>
      o.start(items).advance(items, fan).advance(fan, reads).finish(reads),
    ).run(1);
  },
  durable: async () => {
    const store = memoryStore();
    const approve = question("approve", { ask: (n: number) => `${n}?`, answer: yesOrNo });
    const tell = runnable("tell", (yes: boolean) => (yes ? "bought" : "left"));
    const flow = orchestration("f", (o) =>
      o.start(inc).advance(inc, nap).advance(nap, approve).advance(approve, tell).finish(tell),
    );
    const first = new DurableHost(store);
    const run = flow.start(1, { host: first, runId: "r" });
    for await (const event of run.events()) if (event.type === "run.waiting") break;
    await run.suspend();
    const second = new DurableHost(store);
    const open = await second.questions(flow, "r");
    const wrong = await codeOf(() => second.answer(flow, "r", open[0]!.id, "perhaps"));
    await second.answer(flow, "r", open[0]!.id, true);
    const value = await (await second.resume(flow, "r")).result;
    const types = (await second.events(flow, "r")).map(({ type }) => type);
    await first.close();
    await second.close();
    return [open.map(({ prompt }) => prompt), wrong, value, types];
  },
  drawings: async () => {
    const { graph } = orchestration("f", (o) => o.start(inc).advance(inc, twice).finish(twice));
    return [toMermaid(graph), toDot(graph), toText(graph)].map((text) => text.includes("twice"));
  },
  json: async () => [
    parseJson('{"a":[1]}'),
    await codeOf(async () => parseJson('{"__proto__":1}')),
    newId("x", 0, () => 0),
  ],
};

/** A context as a test would write it, for a composite that is called by hand. */
function context(): RunContext {
  return { signal: new AbortController().signal, clock: systemClock } as unknown as RunContext;
}

/** Runs all of them, one after the other. */
export async function runPortableFlows(): Promise<{ readonly [name: string]: unknown }> {
  const results: { [name: string]: unknown } = {};
  for (const [name, flow] of Object.entries(portableFlows)) results[name] = await flow();
  return results;
}
