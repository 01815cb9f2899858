/** Conversations through a server: a turn outlives its readers and its process, and belongs to its principal. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { userMessage } from "@orch/agents";
import { orchestrationRuntime, type TurnReply } from "@orch/chat-runtime";
import { sqliteHost } from "@orch/sqlite";
import { sqliteSessions } from "@orch/sqlite/sessions";
import { afterEach, expect, test } from "vitest";
import { createServer, type Server } from "../src/server/create-server.ts";
import type { Principal } from "../src/words/principal.ts";
import type { Conversations } from "../src/words/public-conversation.ts";
import type { PublicEvent } from "../src/words/public-event.ts";
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
function served(folder?: string, limits = {}, configured?: () => Promise<never>): Served {
  const gates = new Gates();
  const flow = articleWith(gates.gate);
  const host = folder === undefined ? undefined : sqliteHost(join(folder, "runs.db"));
  const sessions = folder === undefined ? undefined : sqliteSessions({ file: join(folder, "sessions.db") });
  const server = createServer({
    ...(host && { host }),
    ...(sessions && { sessions }),
    limits,
    orchestrations: { article: { orchestration: flow } },
    chats: {
      articles: {
        configuration:
          configured ??
          orchestrationRuntime(flow, {
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

async function shownUntil(events: AsyncIterable<PublicEvent>, text: string): Promise<void> {
  const shown = new ShownTexts();
  for await (const event of events) {
    shown.take(event);
    if (shown.texts.join("") === text) return;
  }
  expect.unreachable();
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
  const answered = events.filter((event) => event.type === "text.delta" && event.answer);
  expect(answered.map((event) => event.type === "text.delta" && event.text).join("")).toBe(PUBLISHED);
  expect(events.map(({ id }) => id)).toEqual([...new Set(events.map(({ id }) => id))]);
  expect(await mine.history("articles", session)).toMatchObject({
    history: [{ status: "completed", answer: PUBLISHED }],
    questions: [],
  });
  const seen = await mine.follow("articles", session, turn, { after: events.at(-1)!.id });
  expect(seen.isOver).toBe(true);
  expect(await allOf(seen)).toEqual([]);
});

const LIMIT = { limit: 1000 };

test("what happened until now is told at once: up to the question while it waits, and with its states when it is over", async () => {
  const folder = await mkdtemp(join(tmpdir(), "orch-turns-"));
  ends.push(() => rm(folder, { recursive: true, force: true }));
  const first = served(folder);
  first.gates.open();
  const { session, turn } = await first.of(ada!).send("articles", "tides");
  const question = await questionOf(first.of(ada!), session, turn);
  const told = await first.of(ada!).happened("articles", session, turn, LIMIT);
  expect(told.at(-1)).toMatchObject({ type: "run.waiting", questions: [question] });
  await first.die();
  const second = served(folder);
  // It is told anew from its journal, and its reader does not come too early.
  await second.server.resume();
  const again = await second.of(ada!).happened("articles", session, turn, LIMIT);
  expect(again.at(-1)).toMatchObject({ type: "run.waiting", questions: [question] });
  expect((await second.of(ada!).history("articles", session)).questions).toMatchObject([{ question }]);
  await second.of(ada!).answer("articles", session, question, true);
  await allOf(await second.of(ada!).follow("articles", session, turn));
  await second.die();
  const third = served(folder).of(ada!);
  const whole = await third.happened("articles", session, turn, LIMIT);
  expect(whole[0]).toMatchObject({ type: "turn.started", text: "tides" });
  expect(whole.flatMap((event) => (event.type === "state.completed" ? [event.path] : []))).toEqual([
    "article/draft#1",
    "article/approve#1",
    "article/publish#1",
  ]);
  expect(whole.at(-1)).toMatchObject({ type: "turn.completed", text: PUBLISHED });
  const { id: after } = whole.at(-2)!;
  expect(await third.happened("articles", session, turn, { ...LIMIT, after })).toEqual([whole.at(-1)]);
  expect(await third.happened("articles", session, turn, { limit: 2 })).toEqual(whole.slice(0, 2));
});

test("a question is answered as soon as the turn was taken up", async () => {
  const folder = await mkdtemp(join(tmpdir(), "orch-turns-"));
  ends.push(() => rm(folder, { recursive: true, force: true }));
  const first = served(folder);
  first.gates.open();
  const { session, turn } = await first.of(ada!).send("articles", "tides");
  const question = await questionOf(first.of(ada!), session, turn);
  await first.die();
  const second = served(folder);
  await second.server.resume();
  await second.of(ada!).answer("articles", session, question, true);
  const events = await allOf(await second.of(ada!).follow("articles", session, turn));
  expect(events.at(-1)).toMatchObject({ type: "turn.completed" });
});

test("a server that stops while it takes up turns leaves them where they are", async () => {
  const folder = await mkdtemp(join(tmpdir(), "orch-turns-"));
  ends.push(() => rm(folder, { recursive: true, force: true }));
  const first = served(folder);
  first.gates.open();
  const { session, turn } = await first.of(ada!).send("articles", "tides");
  const question = await questionOf(first.of(ada!), session, turn);
  await first.die();
  for (let life = 0; life < 3; life++) {
    const next = served(folder);
    await next.server.resume();
    await next.die();
  }
  const last = served(folder);
  expect(await last.server.resume()).toEqual({ runs: 0, turns: 1, problems: [] });
  expect((await last.of(ada!).history("articles", session)).questions).toMatchObject([{ question }]);
});

test("a turn that works tells what there is, and one of code has no run to wait for", async () => {
  const { of } = served();
  const { session, turn } = await of(ada!).send("articles", "tides");
  await shownUntil(await of(ada!).follow("articles", session, turn), "Once upon ");
  const told = await of(ada!).happened("articles", session, turn, LIMIT);
  expect(told.at(-1)).toMatchObject({ type: "text.delta", text: "upon " });
  const gate = Promise.withResolvers<void>();
  const invoke = async (): Promise<TurnReply> => {
    await gate.promise;
    const origin = { provider: "none", api: "none", model: "code" };
    const content = [{ type: "text", text: "Done." }] as const;
    return { message: { role: "assistant", content, origin, finish: { reason: "stop" } } };
  };
  const code = createServer({ chats: { code: { configuration: { name: "code", invoke } } }, doors: [] });
  const sent = await code.conversations().send("code", "go");
  expect(await code.conversations().happened("code", sent.session, sent.turn, LIMIT)).toMatchObject([
    { type: "turn.started" },
  ]);
  gate.resolve();
  const events = await allOf(await code.conversations().follow("code", sent.session, sent.turn));
  expect(events.at(-1)).toMatchObject({ type: "turn.completed", text: "Done." });
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

test("a server that starts goes on with the turns that were left, each in its chat and for its principal", async () => {
  const folder = await mkdtemp(join(tmpdir(), "orch-turns-"));
  ends.push(() => rm(folder, { recursive: true, force: true }));
  const first = served(folder);
  const mine = await first.of(ada!).send("articles", "tides");
  const hers = await first.of(eve!).send("articles", "waves");
  await shownUntil(await first.of(ada!).follow("articles", mine.session, mine.turn), "Once upon ");
  await first.die();
  const second = served(folder);
  second.gates.open();
  expect(await second.server.resume()).toEqual({ runs: 0, turns: 2, problems: [] });
  expect(await second.server.resume()).toEqual({ runs: 0, turns: 0, problems: [] });
  for (const [principal, { session, turn }] of [[ada!, mine] as const, [eve!, hers] as const]) {
    expect(await second.of(principal).history("articles", session)).toMatchObject({ answering: turn });
    const question = await questionOf(second.of(principal), session, turn);
    await second.of(principal).answer("articles", session, question, true);
    await allOf(await second.of(principal).follow("articles", session, turn));
  }
  await second.die();
  expect(await served(folder).server.resume()).toEqual({ runs: 0, turns: 0, problems: [] });
});

test("a message whose run had not begun when its process ended is answered by the next one", async () => {
  const folder = await mkdtemp(join(tmpdir(), "orch-turns-"));
  ends.push(() => rm(folder, { recursive: true, force: true }));
  const sessions = sqliteSessions({ file: join(folder, "sessions.db") });
  await sessions.open("p-YWRh.s1", 1);
  const begun = { configuration: "article", message: userMessage("tides"), startedAt: 1 };
  await sessions.begin("p-YWRh.s1", { ...begun, id: "turn_1", labels: { servedChat: "articles" } });
  await sessions.open("terminal", 1);
  await sessions.begin("terminal", { ...begun, id: "turn_2" });
  await sessions.open("elsewhere", 1);
  await sessions.begin("elsewhere", { ...begun, id: "turn_3", labels: { servedChat: "gone" } });
  await sessions.close();
  const next = served(folder);
  next.gates.open();
  expect(await next.server.resume()).toEqual({ runs: 0, turns: 1, problems: [] });
  expect(await questionOf(next.of(ada!), "s1", "turn_1")).toBe("article/approve#1");
});

test("a run is taken up as a run whatever its id is, and a turn that cannot go on is told", async () => {
  const folder = await mkdtemp(join(tmpdir(), "orch-turns-"));
  ends.push(() => rm(folder, { recursive: true, force: true }));
  const first = served(folder);
  await first.server.runs(ada).start("article", { topic: "tides" }, { id: "turn_1" });
  await first.of(ada!).send("articles", "waves");
  await first.die();
  const second = served(folder, {}, () => Promise.reject(new TypeError("no such user")));
  expect(await second.server.resume()).toMatchObject({
    runs: 1,
    turns: 0,
    problems: [{ message: "no such user" }],
  });
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
  ["happened", (all, session, turn) => all.happened("articles", session, turn, LIMIT)],
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
