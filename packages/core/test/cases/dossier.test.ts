import {
  all,
  dossier,
  each,
  FatalError,
  type Orchestration,
  OrchestrationAdvancer,
  orchestration,
  question,
  race,
  runnable,
} from "@orch/core";
import { toText } from "@orch/core/draw";
import {
  DurableHost,
  memoryHost,
  memoryStore,
  type Operation,
  openMachine,
  performOperation,
} from "@orch/core/host";
import { describe, expect, it } from "vitest";
import { z } from "zod";

interface Ticket {
  readonly customer: string;
  readonly sum: number;
}
const ada: Ticket = { customer: "Ada", sum: 120 };

const desk = dossier<{ ticket: Ticket; kind: string; notes: readonly string[] }>("desk", {
  notes: (before, added) => [...before, ...added],
});

const classify = runnable("classify", ({ sum }: Ticket) => (sum > 100 ? "large" : "small"));
const risk = runnable("risk", (kind: string, ctx) => `${kind} of ${desk.of(ctx).get("ticket").customer}`);
const words = runnable("words", (kind: string) => kind.length);
const checks = all("checks", { risk, words });
const approve = question("approve", { ask: (text: string) => text, answer: z.boolean() });
const refund = runnable("refund", (text: string) => text);
const refunds = orchestration("refunds", (o) =>
  o
    .start(classify)
    .advance(classify, checks, { add: desk.add((kind, ticket) => ({ kind, ticket })) })
    .advance(checks, approve, { convert: ({ risk: said }) => said })
    .advance(approve, refund, {
      when: (yes, _asked, place) => yes && desk.of(place).get("ticket").sum < 1_000,
      convert: (_yes, asked, place) => `${asked}: ${desk.of(place).get("ticket").sum}`,
    })
    .finish(refund, approve),
);

/** Runs a flow to its first question, answers it in another process, and gives what comes of it. */
async function overRestart<TInput, TOutput>(
  flow: Orchestration<TInput, TOutput>,
  input: TInput,
): Promise<TOutput> {
  const store = memoryStore();
  const first = new DurableHost(store);
  const run = flow.start(input, { host: first, runId: "r" });
  let id = "";
  for await (const event of run.events()) {
    if (event.type !== "question.asked") continue;
    id = event.question;
    break;
  }
  await first.close();
  const second = new DurableHost(store);
  await second.answer(flow, "r", id, true);
  return (await second.resume(flow, "r")).result;
}

describe("E22: a dossier travels with the run", () => {
  it("E22: is read in conditions, conversions and runnables, past a fan-out and a question", async () => {
    const run = refunds.start(ada);
    for await (const event of run.events()) {
      if (event.type === "question.asked") await run.answer(event.question, true);
    }

    expect(await run.result).toBe("large of Ada: 120");
    expect(toText(refunds.graph)).toContain("└→ checks  adds to desk");
  });

  it("E22: is there in another process", async () => {
    expect(await overRestart(refunds, ada)).toBe("large of Ada: 120");
    expect(await overRestart(refunds, { ...ada, sum: 2_000 })).toBe(true);
  });

  it("E22: is there in forks and when a run is tried again, as it was added then", async () => {
    const host = memoryHost();
    let works = false;
    const fragile = runnable("fragile", (text: string, ctx) => {
      if (!works) throw new FatalError("not yet");
      return `${text} ${desk.of(ctx).get("kind")}`;
    });
    const flow = orchestration("f", (o) =>
      o
        .start(classify)
        .advance(classify, fragile, { add: desk.add((kind) => ({ kind })) })
        .finish(fragile),
    );
    const kept = flow as Orchestration<never, unknown>;
    await flow.start(ada, { host, runId: "r" }).result.catch(() => {});
    works = true;

    expect(await (await host.retry(flow, "r")).result).toBe("large large");
    expect(await (await host.fork(kept, "r", { before: "f/fragile#1", input: "x" })).result).toBe("x large");
    expect(await (await host.fork(kept, "r", { after: "f/classify#1", output: "odd" })).result).toBe(
      "odd odd",
    );
    expect(
      await (await host.fork(kept, "r", { before: "f/classify#1", input: { ...ada, sum: 1 } })).result,
    ).toBe("small small");
  });

  it("E22: goes into nested orchestrations, and comes out of them", async () => {
    const say = runnable("say", (kind: string) => kind);
    const last = runnable("last", (text: string, ctx) => {
      const here = desk.of(ctx);
      return [text, here.get("kind"), here.get("ticket").customer];
    });
    const inner = orchestration("inner", (o) =>
      o
        .start(say)
        .advance(say, refund, {
          add: desk.add((kind) => ({ kind: kind.toUpperCase() })),
          convert: (_kind, _same, place) => desk.of(place).get("ticket").customer,
        })
        .finish(refund),
    );
    const outer = orchestration("outer", (o) =>
      o
        .start(classify)
        .advance(classify, inner, { add: desk.add((kind, ticket) => ({ ticket, kind })) })
        .advance(inner, last)
        .finish(last),
    );

    expect(await outer.run(ada)).toEqual(["Ada", "LARGE", "Ada"]);
    expect(await outer.run(ada, { host: memoryHost() })).toEqual(["Ada", "LARGE", "Ada"]);
  });

  it("E22: of branches is their own until all are done, and is taken over in their order", async () => {
    const note = runnable("note", (text: string) => text);
    const seen = runnable("seen", async (text: string, ctx) => {
      await Promise.resolve();
      return `${text} sees ${desk.of(ctx).get("kind")} and ${desk.of(ctx).get("notes").join()}`;
    });
    const branch = orchestration("branch", (o) =>
      o
        .start(note)
        .advance(note, seen, { add: desk.add((text) => ({ kind: text, notes: [text] })) })
        .finish(seen),
    );
    const split = runnable("split", (text: string) => text.split(""));
    const many = each("many", branch);
    const ask = question("ask", { ask: (texts: readonly string[]) => texts, answer: z.boolean() });
    const end = runnable("end", (texts: readonly string[], ctx) => [
      ...texts,
      desk.of(ctx).get("kind"),
      desk.of(ctx).get("notes").join(),
    ]);
    const flow = orchestration("f", (o) =>
      o
        .start(split)
        .advance(split, many, { add: desk.add(() => ({ notes: ["first"], kind: "none" })) })
        .advance(many, ask)
        .advance(ask, end, { convert: (_yes, texts) => texts })
        .finish(end),
    );
    const expected = ["a sees a and first,a", "b sees b and first,b", "b", "first,a,b"];
    const run = flow.start("ab");
    for await (const event of run.events()) {
      if (event.type === "question.asked") await run.answer(event.question, true);
    }

    expect(await run.result).toEqual(expected);
    expect(await overRestart(flow, "ab")).toEqual(expected);
  });

  it("E22: of a branch that lost or failed is not taken over", async () => {
    const say = (id: string) => runnable(id, (text: string) => text);
    const made = (id: string, ends: (text: string) => Promise<string> | string) => {
      const [a, b] = [say(`${id}A`), runnable(`${id}B`, ends)];
      return orchestration(id, (o) =>
        o
          .start(a)
          .advance(a, b, { add: desk.add(() => ({ notes: [id] })) })
          .finish(b),
      );
    };
    const quick = made("quick", (text) => text);
    const slow = made(
      "slow",
      (text) => new Promise((resolve) => setImmediate(() => setImmediate(() => resolve(text)))),
    );
    const bad = made("bad", () => {
      throw new RangeError("no");
    });
    const first = race("first", { slow, quick });
    const settled = all("settled", { bad, quick }, { settled: true });
    const end = runnable("end", (_: unknown, ctx) => desk.of(ctx).get("notes").join());
    const start = say("start");
    const raced = orchestration("raced", (o) =>
      o.start(start).advance(start, first).advance(first, end).finish(end),
    );
    const tried = orchestration("tried", (o) =>
      o.start(start).advance(start, settled).advance(settled, end).finish(end),
    );

    expect(await raced.run("x")).toBe("quick");
    expect(await tried.run("x")).toBe("quick");
  });

  it("E22: of branches counts once, also when the fan-out is tried again", async () => {
    let works = false;
    const say = runnable("say", (text: string) => text);
    const quiet = runnable("quiet", (text: string) => text);
    const adds = orchestration("adds", (o) =>
      o
        .start(say)
        .advance(say, quiet, { add: desk.add((text) => ({ notes: [text] })) })
        .finish(quiet),
    );
    const dies = runnable("dies", async (text: string) => {
      await new Promise((resolve) => setImmediate(resolve));
      if (!works) throw new FatalError("not yet");
      return text;
    });
    const pair = all("pair", { adds, dies });
    const end = runnable("end", (_: unknown, ctx) => desk.of(ctx).get("notes").join());
    const inner = orchestration("inner", (o) => o.start(pair).finish(pair));
    const both = all("both", { first: inner, second: adds });
    const flow = orchestration("f", (o) => o.start(both).advance(both, end).finish(end));
    const store = memoryStore();
    const first = new DurableHost(store);
    works = false;
    await flow.start("x", { host: first, runId: "r" }).result.catch(() => {});
    await first.close();
    works = true;
    const second = new DurableHost(store);

    expect(await (await second.retry(flow, "r")).result).toBe("x,x");
    expect(await flow.run("x")).toBe("x,x");
  });

  it("E22: is added to by edges for failures and by advancer classes", async () => {
    const broken = runnable("broken", (_: Ticket): string => {
      throw new FatalError("no luck");
    });
    const end = runnable("end", (text: string, ctx) => `${text} ${desk.of(ctx).get("kind")}`);
    const caught = orchestration("caught", (o) =>
      o
        .start(broken)
        .catch(broken, end, {
          add: desk.add((error) => ({ kind: error.code })),
          convert: (_error, { customer }) => customer,
        })
        .finish(broken, end),
    );
    class Adds extends OrchestrationAdvancer<string, string, Ticket> {
      override readonly targets = [end];
      override readonly add = desk.add((kind: string, { customer }: Ticket) => ({
        kind: `${kind} ${customer}`,
      }));
      override convertOutput(kind: string): string {
        return kind;
      }
    }
    const byClass = orchestration("byClass", (o) =>
      o.start(classify).advanceBy(classify, new Adds()).finish(end),
    );

    expect(await caught.run(ada)).toBe("Ada ORCH_RUNNABLE_FAILED");
    expect(await byClass.run(ada)).toBe("large large Ada");
  });

  it("E22: is nobody's to change, and says what is missing", async () => {
    const spoil = runnable("spoil", (text: string, ctx) => {
      const { notes } = { notes: desk.of(ctx).get("notes") as string[] };
      notes.push("spoilt");
      return text;
    });
    const end = runnable("end", (_: string, ctx) => [desk.of(ctx).get("notes"), desk.of(ctx).find("ticket")]);
    const flow = orchestration("f", (o) =>
      o
        .start(classify)
        .advance(classify, spoil, { add: desk.add(() => ({ notes: ["one"] })) })
        .advance(spoil, end)
        .finish(end),
    );
    const missing = orchestration("missing", (o) =>
      o
        .start(classify)
        .advance(classify, refund, {
          convert: (_kind, _ticket, place) => desk.of(place).get("ticket").customer,
        })
        .finish(refund),
    );

    expect(await flow.run(ada)).toEqual([["one"], undefined]);
    await expect(missing.run(ada)).rejects.toThrow(
      /The dossier "desk" has no "ticket" at "missing\/classify#1"/,
    );
  });

  it("E22: refuses what cannot be kept, as a failure of the state that the edge leaves", async () => {
    const odd = dossier<{ call: () => number }>("odd");
    const flow = orchestration("f", (o) =>
      o
        .start(classify)
        .advance(classify, refund, { add: odd.add(() => ({ call: () => 1 })) })
        .finish(refund),
    );

    await expect(flow.run(ada, { host: memoryHost() })).rejects.toThrow(
      /what the edge from "classify" to "refund" adds to a dossier/,
    );
  });

  it("E22: is told with the move that adds to it, live and from the journal of a run that was resumed", async () => {
    const store = memoryStore();
    const first = new DurableHost(store);
    const run = refunds.start(ada, { host: first, runId: "r" });
    const live = [];
    for await (const event of run.events()) {
      live.push(event);
      if (event.type === "question.asked") break;
    }
    await run.suspend();
    const host = new DurableHost(store);
    const again = await host.resume(refunds, "r");
    await again.answer(again.questions[0]!.id, true);
    await again.result;

    const told = (await host.events(refunds, "r")).flatMap((event) =>
      event.type === "state.transition" ? [[event.to, event.added]] : [],
    );
    expect(told).toEqual([
      ["checks", { dossier: "desk", fields: { kind: "large", ticket: ada } }],
      ["approve", undefined],
      ["refund", undefined],
    ]);
    const [moved] = live.filter((event) => event.type === "state.transition");
    expect(moved).toEqual((await host.events(refunds, "r")).find(({ type }) => type === "state.transition"));
  });

  it("E22: is read by a process that has only the definition and the operation", async () => {
    const machine = openMachine(refunds as never, { ...ada }, { runId: "r", grace: 50 });
    const operationsIn = ({ effects }: { readonly effects: readonly object[] }) =>
      effects.map(
        (one) =>
          JSON.parse(JSON.stringify((one as { readonly operation: Operation }).operation)) as Operation,
      );
    const [first] = operationsIn(machine.take({ kind: "begin", at: 1 }));
    const outcome = await performOperation(refunds as never, first!);
    const [second] = operationsIn(machine.take({ kind: "ran", id: first!.id, at: 2, outcome }));

    expect(second!.dossiers).toEqual({ desk: { kind: "large", ticket: ada } });
    expect(await performOperation(refunds as never, second!)).toEqual({
      kind: "completed",
      value: "large of Ada",
    });
  });
});
