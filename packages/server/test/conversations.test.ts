/** Conversations through a server: a turn outlives its readers and its process, and belongs to its principal. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { orchestrationRuntime } from "@orch/chat-runtime";
import { sqliteHost } from "@orch/sqlite";
import { sqliteSessions } from "@orch/sqlite/sessions";
import { afterEach, expect, test } from "vitest";
import { createServer, type Server } from "../src/server/create-server.ts";
import type { Principal } from "../src/words/principal.ts";
import type { Conversations } from "../src/words/public-conversation.ts";
import { allOf } from "./all-of.ts";
import { articleWith, DRAFT, PUBLISHED } from "./article.ts";
import { Gates } from "./gates.ts";
import { ShownTexts } from "./shown-texts.ts";

const [ada, eve]: readonly Principal[] = [{ id: "ada" }, { id: "eve" }];
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface Served {
  readonly server: Server;
  readonly gates: Gates;
  readonly of: (principal: Principal) => Conversations;
  readonly die: () => Promise<void>;
}

/** A server of one chat that writes articles, on files or in memory. */
function served(folder?: string, limits = {}): Served {
  const gates = new Gates();
  const flow = articleWith(gates.gate);
  const host = folder === undefined ? undefined : sqliteHost(join(folder, "runs.db"));
  const sessions = folder === undefined ? undefined : sqliteSessions({ file: join(folder, "sessions.db") });
  const server = createServer({
    ...(host && { host }),
    ...(sessions && { sessions }),
    limits,
    chats: {
      articles: {
        configuration: orchestrationRuntime(flow, {
          toInput: ({ text }) => ({ topic: text }),
          toMessage: (text) => text,
        }),
        description: "Writes articles.",
      },
    },
    doors: [],
  });
  const die = async (): Promise<void> => {
    await server.park();
    await host?.close();
    await sessions?.close();
  };
  ends.push(die);
  return { server, gates, of: (principal) => server.conversations(principal), die };
}

async function questionOf(conversations: Conversations, session: string, turn: string): Promise<string> {
  for await (const event of await conversations.follow("articles", session, turn))
    if (event.type === "question.asked") return event.question;
  return expect.unreachable();
}

test("a message is answered, asked about, and told once", async () => {
  const { of, gates } = served();
  gates.open();
  const mine = of(ada!);
  expect(mine.chats).toEqual([{ name: "articles", description: "Writes articles." }]);
  const { session, turn } = await mine.send("articles", "tides");
  const question = await questionOf(mine, session, turn);
  expect(await mine.history("articles", session)).toMatchObject({
    answering: turn,
    questions: [{ question, prompt: `Publish "${DRAFT}"?` }],
    history: [{ turn, status: "answering", message: "tides" }],
  });
  await mine.answer("articles", session, question, true);
  const events = await allOf(await mine.follow("articles", session, turn));
  expect(events[0]).toMatchObject({ type: "turn.started", text: "tides" });
  expect(events.at(-1)).toMatchObject({ type: "turn.completed", said: true });
  expect(events.filter((event) => event.type === "text.delta" && event.answer)).toMatchObject([
    { text: PUBLISHED },
  ]);
  expect(events.map(({ id }) => id)).toEqual([...new Set(events.map(({ id }) => id))]);
  expect(await mine.history("articles", session)).toMatchObject({
    history: [{ status: "completed", answer: PUBLISHED }],
    questions: [],
  });
  const seen = await mine.follow("articles", session, turn, { after: events.at(-1)!.id });
  expect(seen.isOver).toBe(true);
  expect(await allOf(seen)).toEqual([]);
});

test("a second message waits for the first, and a stop ends it", async () => {
  const { of } = served();
  const mine = of(ada!);
  const { session, turn } = await mine.send("articles", "tides");
  await expect(mine.send("articles", "waves", { session })).rejects.toMatchObject({ code: "ORCH_TURN_BUSY" });
  await mine.cancel("articles", session, "enough");
  const events = await allOf(await mine.follow("articles", session, turn));
  expect(events.at(-1)).toMatchObject({ type: "turn.cancelled", reason: "enough" });
  await mine.send("articles", "waves", { session });
});

test("a turn goes on in the next process, where its reader left off", async () => {
  const folder = await mkdtemp(join(tmpdir(), "orch-turns-"));
  ends.push(() => rm(folder, { recursive: true, force: true }));
  const first = served(folder);
  const { session, turn } = await first.of(ada!).send("articles", "tides");
  const shown = new ShownTexts();
  let after = "";
  for await (const event of await first.of(ada!).follow("articles", session, turn)) {
    shown.take(event);
    after = event.id;
    if (shown.texts.join("") === "Once upon ") break;
  }
  await first.die();
  const second = served(folder);
  second.gates.open();
  const mine = second.of(ada!);
  expect(await mine.history("articles", session)).toMatchObject({
    history: [{ turn, status: "unfinished" }],
  });
  for await (const event of await mine.follow("articles", session, turn, { after })) {
    shown.take(event);
    after = event.id;
    if (event.type === "question.asked") break;
  }
  expect(shown.texts).toEqual([DRAFT]);
  const { question } = shown.questions[0]!;
  await second.die();
  const third = served(folder);
  third.gates.open();
  await third.of(ada!).answer("articles", session, question, true);
  for await (const event of await third.of(ada!).follow("articles", session, turn, { after }))
    shown.take(event);
  expect(shown.texts).toEqual([DRAFT, PUBLISHED]);
  expect((await third.of(ada!).history("articles", session)).history).toMatchObject([{ answer: PUBLISHED }]);
});

test("an answer to a question that was never asked is refused, also when the process is another one", async () => {
  const folder = await mkdtemp(join(tmpdir(), "orch-turns-"));
  ends.push(() => rm(folder, { recursive: true, force: true }));
  const first = served(folder);
  first.gates.open();
  const { session, turn } = await first.of(ada!).send("articles", "tides");
  const question = await questionOf(first.of(ada!), session, turn);
  await first.die();
  const second = served(folder);
  const mine = second.of(ada!);
  await expect(mine.answer("articles", session, "article/other#1:question", true)).rejects.toMatchObject({
    code: "ORCH_UNKNOWN_QUESTION",
  });
  await mine.answer("articles", session, question, true);
  const events = await allOf(await mine.follow("articles", session, turn));
  expect(events.at(-1)).toMatchObject({ type: "turn.completed" });
});

const calls: readonly (readonly [
  string,
  (all: Conversations, session: string, turn: string) => Promise<unknown>,
])[] = [
  ["follow", (all, session, turn) => all.follow("articles", session, turn)],
  ["answer", (all, session) => all.answer("articles", session, "article/approve#1:question", true)],
  ["cancel", (all, session) => all.cancel("articles", session)],
  ["history", (all, session) => all.history("articles", session)],
];

test.each(calls)("%s knows no session of another principal", async (_, call) => {
  const { of } = served();
  const { session, turn } = await of(ada!).send("articles", "tides");
  await expect(call(of(eve!), session, turn)).rejects.toMatchObject({ code: "ORCH_SERVER_UNKNOWN" });
  await expect(call(of(ada!), "other", turn)).rejects.toMatchObject({ code: "ORCH_SERVER_UNKNOWN" });
  expect((await of(ada!).history("articles", session)).answering).toBe(turn);
});

test("a session of the same name is another one for another principal, and lists are apart", async () => {
  const { of, gates } = served();
  gates.open();
  await of(ada!).send("articles", "tides", { session: "s1" });
  await of(eve!).send("articles", "secrets", { session: "s1" });
  expect(await of(ada!).list("articles")).toMatchObject([{ session: "s1", title: "tides" }]);
  expect(await of(eve!).list("articles")).toMatchObject([{ session: "s1", title: "secrets" }]);
  await expect(of(eve!).send("articles", "x", { session: "p-YWRh.s1" })).rejects.toMatchObject({
    code: "ORCH_SERVER_REQUEST",
  });
});

test("one principal may have so many turns at once", async () => {
  const { of } = served(undefined, { running: 1 });
  await of(ada!).send("articles", "tides");
  await expect(of(ada!).send("articles", "waves")).rejects.toMatchObject({ code: "ORCH_SERVER_LIMIT" });
  await of(eve!).send("articles", "waves");
});
