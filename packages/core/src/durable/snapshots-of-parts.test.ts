/** Snapshots of runs with large parts: a conversation of long messages, and a document that is handed on. */
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../testing/src/sweep/seeded-random.ts";
import { watchedStore } from "../../test/watched-store.ts";
import { orchestration, question, type Run, runnable, type Schema } from "../index.ts";
import { DurableHost } from "./durable-host.ts";
import { memoryStore } from "./memory-store.ts";

const anything: Schema<unknown> = {
  "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) },
};

interface Talk {
  readonly document: string;
  readonly messages: readonly { readonly from: string; readonly text: string }[];
}

const BEGUN = 40;
const DOCUMENT = "d".repeat(9_000);
const told = (from: string, text: string) => ({ from, text });

/** A chat: it asks, answers, and ends when it is told so. */
const flow = (() => {
  const begin = runnable(
    "begin",
    (document: string): Talk => ({
      document,
      messages: Array.from({ length: BEGUN }, (_, at) => told("before", `message ${at}`)),
    }),
  );
  const ask = question("ask", {
    ask: ({ messages }: Talk) => messages.length,
    answer: anything as Schema<string>,
  });
  const think = runnable("think", ({ document, messages }: Talk): Talk => {
    const { text } = messages.at(-1)!;
    return { document, messages: [...messages, told("agent", `${text.length} ${text}`)] };
  });
  const sum = runnable(
    "sum",
    ({ document, messages }: Talk) => `${document.length} ${JSON.stringify(messages)}`,
  );
  return orchestration<string, string>(
    "chat",
    (o) =>
      o
        .start(begin)
        .advance(begin, ask)
        .advance(ask, think, {
          convert: (text, { document, messages }) => ({
            document,
            messages: [...messages, told("person", text)],
          }),
        })
        .advance(think, sum, { when: ({ messages }) => messages.at(-2)!.text === "end" })
        .advance(think, ask)
        .finish(sum),
    { maxSteps: 10_000 },
  );
})();

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function waiting(run: Run<unknown>): Promise<void> {
  while (run.status !== "waiting") {
    if (run.status !== "running") await run.result;
    await turn();
  }
}

/** Goes on in a process of its own with each answer, and tells what came of it and what the journal holds. */
async function talk(answers: readonly string[], snapshotAfter: number, lives: (place: number) => boolean) {
  const store = memoryStore();
  const reads: number[] = [];
  const lost: number[] = [];
  let run = flow.start(DOCUMENT, { host: new DurableHost(store, { snapshotAfter }), runId: "r" });
  for (const [place, answer] of [...answers, "end"].entries()) {
    await waiting(run);
    if (lives(place)) {
      await run.suspend();
      const again = watchedStore(store);
      if ((await store.snapshot!("r")) === undefined) lost.push(place);
      run = await new DurableHost(again.store, { snapshotAfter }).resume(flow, "r");
      reads.push(again.read());
      await waiting(run);
    }
    await run.answer(run.questions[0]!.id, answer);
  }
  const output = await run.result;
  const records = (await store.load("r"))!;
  const size = records.reduce((sum, { value = "", more = "" }) => sum + value.length + more.length, 0);
  const events = (await new DurableHost(store).events(flow, "r")).map(({ time: _, ...event }) => ({
    ...event,
    duration: 0,
  }));
  return { output, events, size, reads, lost };
}

const long = (place: number): string => `${place} `.repeat(place % 3 === 0 ? 2_000 : 3);

describe("a run with large parts", () => {
  it("is taken up by its snapshot again and again, goes on as from its beginning, and keeps each part once", async () => {
    const answers = Array.from({ length: 20 }, (_, place) => long(place));
    const whole = await talk(answers, Infinity, () => true);
    const short = await talk(answers, 1, () => true);

    expect([short.output, short.events, short.size]).toEqual([whole.output, whole.events, whole.size]);
    expect(short.lost).toEqual([]);
    expect(Math.max(...short.reads)).toBeLessThan(8);
    expect(Math.max(...whole.reads)).toBeGreaterThan(70);
  });

  it("goes on from a snapshot of long before, whose parts the records after it name", async () => {
    const random = seededRandom(17);
    for (let time = 0; time < 3; time++) {
      const answers = Array.from({ length: 20 }, () => long(Math.floor(random() * 100)));
      const places = answers.map(() => random() < 0.3);
      const lives = (place: number): boolean => places[place] === true;
      const whole = await talk(answers, Infinity, lives);
      const short = await talk(answers, 3, lives);
      expect([short.output, short.events, short.size]).toEqual([whole.output, whole.events, whole.size]);
      expect(short.reads.at(-1)).toBeLessThan(whole.reads.at(-1)! / 2);
    }
  });
});
