/** Answers and signals that are kept for a run which nobody drives: each is judged as the run would judge it if it were driven. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { DurableHost } from "../../src/durable/durable-host.ts";
import type { JournalStore } from "../../src/durable/journal-store.ts";
import { memoryStore } from "../../src/durable/memory-store.ts";
import {
  all,
  exit,
  type Orchestration,
  orchestration,
  question,
  type Runnable,
  race,
  signal,
  until,
} from "../../src/index.ts";

type Flow = Orchestration<undefined, unknown>;

const paid = signal("paid", z.string());
const a = question<undefined, string>("a", { ask: "?", answer: z.string() });
const b = question<undefined, string>("b", { ask: "?", answer: z.string() });
const c = question<unknown, string>("c", { ask: "?", answer: z.string() });
const waits = until<undefined, string>("waits", { signal: paid });
const later = until<unknown, string>("later", { signal: paid });

/** An answer to a question by its path, or a signal. */
type Sent = readonly [question: string, answer: string] | string;

interface Case {
  readonly flow: Flow;
  readonly sent: readonly Sent[];
  /** What each was told. */
  readonly told: readonly string[];
}

/** Starts a run, and gives it when it waits. */
async function waiting(flow: Flow, store: JournalStore) {
  const host = new DurableHost(store);
  const run = flow.start(undefined, { host, runId: "r" });
  run.result.catch(() => {});
  for await (const { type } of run.events()) if (type === "run.waiting") break;
  return { host, run };
}

async function send(host: DurableHost, flow: Flow, sent: readonly Sent[]): Promise<unknown[]> {
  const told: unknown[] = [];
  for (const one of sent) {
    const sending =
      typeof one === "string"
        ? host.signal(flow, "r", paid, one)
        : host.answer(flow, "r", `f/${one[0]}`, one[1]);
    told.push(
      await sending.then(
        () => "accepted",
        ({ code, facts }) => ({ code, facts }),
      ),
    );
  }
  return told;
}

async function whileDriven({ flow, sent }: Case) {
  const { host, run } = await waiting(flow, memoryStore());
  const told = await send(host, flow, sent);
  return { told, result: await run.result };
}

async function whileNobodyDrives({ flow, sent }: Case, hosts: "one" | "each its own") {
  const store = memoryStore();
  const { host, run } = await waiting(flow, store);
  await run.suspend();
  const told: unknown[] = [];
  for (const one of sent)
    told.push(...(await send(hosts === "one" ? host : new DurableHost(store), flow, [one])));
  const result = await (await new DurableHost(store).resume(flow, "r")).result;
  return { told, result };
}

function between(branches: { readonly [name: string]: Runnable<undefined, unknown> }): Flow {
  const pick = race("pick", branches);
  return orchestration<undefined, unknown>("f", (o) => o.start(pick).finish(pick));
}

/** Two questions one after the other, where the answer to the first says whether the second comes. */
const asksTwice = orchestration<undefined, string>("twice", (o) =>
  o
    .start(a)
    .advance(a, c, { when: (text) => text === "more" })
    .finish(a, c),
);

const alarm = exit("alarm", a, { when: (text) => text === "stop" });
const guarded = all("guarded", { alarm, b, waits });
const races = between({ a, b });
const mixed = between({ a, waits });

const cases: { readonly [what: string]: Case } = {
  "two answers to the questions of a race": {
    flow: races,
    sent: [
      ["pick#1[a]/a#1", "first"],
      ["pick#1[b]/b#1", "second"],
    ],
    told: ["accepted", "ORCH_QUESTION_CLOSED"],
  },
  "two answers to one question": {
    flow: races,
    sent: [
      ["pick#1[a]/a#1", "first"],
      ["pick#1[a]/a#1", "second"],
    ],
    told: ["accepted", "ORCH_ALREADY_ANSWERED"],
  },
  "an answer that decides nothing yet, and one beside it": {
    flow: between({ asksTwice, b }),
    sent: [
      ["pick#1[asksTwice]/twice#1/a#1", "more"],
      ["pick#1[b]/b#1", "second"],
    ],
    told: ["accepted", "accepted"],
  },
  "an answer that decides by its condition, and one beside it": {
    flow: between({ asksTwice, b }),
    sent: [
      ["pick#1[asksTwice]/twice#1/a#1", "no more"],
      ["pick#1[b]/b#1", "second"],
    ],
    told: ["accepted", "ORCH_QUESTION_CLOSED"],
  },
  "a signal that wins a race, an answer, and a signal": {
    flow: mixed,
    sent: ["one", ["pick#1[a]/a#1", "late"], "two"],
    told: ["accepted", "ORCH_QUESTION_CLOSED", "ORCH_RUN_ENDED"],
  },
  "an answer that ends the run, and a signal": {
    flow: mixed,
    sent: [["pick#1[a]/a#1", "first"], "late"],
    told: ["accepted", "ORCH_RUN_ENDED"],
  },
  "an answer that moves on to a state which waits for a signal, and two signals": {
    flow: orchestration<undefined, unknown>("f", (o) => o.start(a).advance(a, later).finish(later)),
    sent: [["a#1", "first"], "one", "two"],
    told: ["accepted", "accepted", "ORCH_RUN_ENDED"],
  },
  "a signal, and an answer that ends the whole": {
    flow: orchestration<undefined, unknown>("f", (o) => o.start(guarded).finish(guarded, alarm)),
    sent: ["one", ["guarded#1[alarm]/alarm#1/a#1", "stop"], ["guarded#1[b]/b#1", "late"]],
    told: ["accepted", "accepted", "ORCH_QUESTION_CLOSED"],
  },
};

describe("P14: what is sent to a run that nobody drives is told what a run that is driven tells", () => {
  it.each(Object.entries(cases))("%s", async (_, one) => {
    const driven = await whileDriven(one);
    const codes = driven.told.map((it) => (typeof it === "string" ? it : (it as { code: string }).code));

    expect(codes).toEqual(one.told);
    expect(await whileNobodyDrives(one, "one")).toEqual(driven);
    expect(await whileNobodyDrives(one, "each its own")).toEqual(driven);
  });
});
