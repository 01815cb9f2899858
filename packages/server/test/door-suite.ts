/** The tests that every door passes, over real sockets. A door brings a client of its protocol; see `door-under-test.ts`. */
import { afterEach, describe, expect, test } from "vitest";
import { budget, figure, thorough } from "../../../scripts/lanes.ts";
import { DRAFT, type Gate, PUBLISHED } from "./article.ts";
import { bodyTests } from "./door-bodies.ts";
import { killedAnswerTest, killTest } from "./door-kill.ts";
import type { DoorClient, DoorReading, DoorTest, DoorUnderTest } from "./door-under-test.ts";
import { Gates } from "./gates.ts";
import { LET_IN, type ServedArticle, type ServedOptions, serveArticle } from "./served-article.ts";

/** What a test of the suite is given. */
export interface SuiteTools {
  readonly under: DoorUnderTest;
  readonly gates: () => Gates;
  /** Serves the article behind the suite's gates; it is stopped after the test. */
  readonly serve: (options?: Partial<ServedOptions>) => Promise<ServedArticle>;
  /** A client that may call, as a principal. */
  readonly client: (url: string, principal?: string) => DoorClient;
  /** Defines a test, or prints that the protocol has no such thing. */
  readonly define: (name: DoorTest, title: string, run: () => Promise<void>) => void;
}

/** Tries a door. */
export function doorSuite(under: DoorUnderTest): void {
  const { as = "orchestration" } = under;
  describe(`the door ${under.name}${as === "chat" ? ", of a chat" : ""}`, () => {
    let gates = new Gates();
    const ends: (() => Promise<unknown> | undefined)[] = [];
    afterEach(async () => {
      gates.open();
      for (const end of ends.splice(0).reverse()) await end();
      gates = new Gates();
    });
    const tools: SuiteTools = {
      under,
      gates: () => gates,
      serve: async (options = {}) => {
        const gate: Gate = (runId, signal, at) => gates.gate(runId, signal, at);
        const served = await serveArticle({ doors: under.doors(), gate, as, ...options });
        ends.push(() => served.stop());
        return served;
      },
      client: (url, principal = "ada") => {
        const client = under.client({ url, headers: { ...LET_IN, "x-principal": principal } });
        ends.push(() => client.close?.());
        return client;
      },
      define: (name, title, run) => {
        const reason = under.without?.[name];
        if (reason === undefined) test(title, run);
        else test.skip(`${title} (${reason})`, run);
      },
    };
    readingTests(tools);
    steeringTests(tools);
    // Bodies and guards are the same for both, and the host behind all doors: one server is killed in lane `test`.
    if (as !== "chat") bodyTests(tools);
    if (as === "chat" && thorough) killedAnswerTest(tools);
    if (as !== "chat" && (thorough || under.name === "plain")) killTest(tools);
  });
}

/** The texts that a client shows of a run that was approved. */
export function shownAtEnd({ shows }: DoorUnderTest): readonly string[] {
  return shows === "all" ? [DRAFT, PUBLISHED] : [PUBLISHED];
}

/** Answers the open question with yes, and reads to the end. */
export async function approveToEnd(client: DoorClient, reading: DoorReading): Promise<DoorReading> {
  const question = await reading.asked();
  expect(question.prompt).toContain(DRAFT);
  const last = (await client.answer(reading.bookmark(), question, true)) ?? reading;
  expect(await last.ended()).toBe("completed");
  return last;
}

function readingTests({ under, define, serve, client, gates }: SuiteTools): void {
  define("stream", "streams text while it is written, and shows each text once", async () => {
    const { url } = await serve();
    const one = client(url);
    const reading = await one.begin("tides");
    if (under.shows === "all") {
      await reading.begun();
      expect(DRAFT.startsWith(reading.texts().join(""))).toBe(true);
    }
    gates().open();
    const last = await approveToEnd(one, reading);
    expect(last.texts()).toEqual(shownAtEnd(under));
  });

  define("refusal", "takes a no for an answer", async () => {
    gates().open();
    const { url } = await serve();
    const one = client(url);
    const reading = await one.begin("tides");
    const question = await reading.asked();
    const last = (await one.answer(reading.bookmark(), question, false)) ?? reading;
    expect(await last.ended()).toBe("completed");
    expect(last.texts().at(-1)).toBe("Kept back.");
  });

  define("failure", "tells of a failure in a sentence, without the words of what was thrown", async () => {
    gates().open();
    const { url } = await serve();
    const reading = await client(url).begin("fail");
    expect(await reading.ended()).toBe("failed");
    expect(reading.received()).not.toMatch(/passwd|sk-0123456789abcdef|\.ts:\d+|TypeError/);
  });

  define(
    "attach",
    "stops nothing when the client goes, and shows each text once to who comes back",
    async () => {
      const { url } = await serve();
      const one = client(url);
      const reading = await one.begin("tides");
      if (under.shows === "all") await reading.begun();
      const bookmark = reading.bookmark();
      await reading.leave();
      gates().open();
      const again = await client(url).attach(bookmark);
      const last = await approveToEnd(one, again);
      expect(last.texts()).toEqual(shownAtEnd(under));
      // In a protocol in which an answer begins another reading, that is the one which ended.
      const late = await client(url).attach(last === again ? bookmark : last.bookmark());
      expect(await late.ended()).toBe("completed");
      expect(late.texts()).toEqual(shownAtEnd(under));
    },
  );

  define("parallel", "reads many runs side by side, each its own", async () => {
    const count = budget("parallelRuns");
    gates().open();
    const { url } = await serve();
    const topics = Array.from({ length: count }, (_, at) => `topic ${at}`);
    const ended = await Promise.all(
      topics.map(async (topic) => {
        const one = client(url);
        return (await approveToEnd(one, await one.begin(topic))).texts();
      }),
    );
    for (const texts of ended) expect(texts).toEqual(shownAtEnd(under));
    figure(`door ${under.name}: ${count} runs side by side`);
  });
}

function steeringTests({ under, define, serve, client, gates }: SuiteTools): void {
  define("question", "asks, and takes the answer of another client of the same principal", async () => {
    gates().open();
    const { url } = await serve();
    const reading = await client(url).begin("tides");
    const question = await reading.asked();
    const bookmark = reading.bookmark();
    const other = client(url);
    const last = (await other.answer(bookmark, question, true)) ?? (await other.attach(bookmark));
    expect(await last.ended()).toBe("completed");
    expect(last.texts().at(-1)).toBe(PUBLISHED);
  });

  define("cancel", "stops a run when it is told to", async () => {
    const { url, standing } = await serve();
    const one = client(url);
    const reading = await one.begin("tides");
    if (under.shows === "all") await reading.begun();
    await one.cancel(reading.bookmark());
    expect(await reading.ended().catch(() => "cancelled")).toBe("cancelled");
    expect(await standing("ada")).toBe("cancelled");
  });

  define("tenant", "knows no run of another principal", async () => {
    const { url, standing } = await serve();
    const reading = await client(url, "ada").begin("tides");
    if (under.shows === "all") await reading.begun();
    gates().open();
    const question = await reading.asked();
    const bookmark = reading.bookmark();
    const eve = client(url, "eve");
    const attached = eve.attach(bookmark).then((stolen) => stolen.ended());
    await expect(attached).rejects.toMatchObject({ kind: "unknown" });
    await expect(eve.answer(bookmark, question, true)).rejects.toMatchObject({ kind: "unknown" });
    await expect(eve.cancel(bookmark)).rejects.toMatchObject({ kind: "unknown" });
    expect(await standing("ada")).toBe("waiting");
    expect(await standing("eve")).toBeUndefined();
  });
}
