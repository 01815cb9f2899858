/** The calls of the plain door, one row each. */
import { ServerRequestError } from "../errors/server-request-error.ts";
import type { PublicRunStatus } from "../words/public-run.ts";
import { filesIn, type JsonRoute, optionalCount, optionalText, textIn } from "./json-route.ts";

const TEXT = { type: "string" } as const;
const ANY = {} as const;
const listOf = (name: string) =>
  ({ type: "array", items: { $ref: `#/components/schemas/${name}` } }) as const;
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` }) as const;

const STATUSES: readonly string[] = ["running", "waiting", "completed", "failed", "cancelled"];

function statusIn(status: string | undefined): PublicRunStatus | undefined {
  if (status === undefined || STATUSES.includes(status)) return status as PublicRunStatus | undefined;
  throw new ServerRequestError({ problem: `"status" of its query is none of ${STATUSES.join(", ")}` });
}

const runRoutes: readonly JsonRoute[] = [
  {
    name: "listOrchestrations",
    method: "GET",
    path: "/orchestrations",
    summary: "What can be started, with the schemas of inputs and outputs.",
    status: 200,
    gives: {
      type: "object",
      properties: { orchestrations: listOf("PublicOrchestration") },
      required: ["orchestrations"],
    },
    answer: async ({ runs }) => ({ orchestrations: runs.orchestrations }),
  },
  {
    name: "startRun",
    method: "POST",
    path: "/runs",
    summary: "Starts a run. With an `id` of your own the call can be sent again: it starts one run.",
    body: { properties: { orchestration: TEXT, input: ANY, id: TEXT }, required: ["orchestration"] },
    status: 201,
    gives: { type: "object", properties: { run: TEXT }, required: ["run"] },
    answer: async ({ runs }, { body }) => {
      const id = optionalText(body, "id");
      const run = await runs.start(
        textIn(body, "orchestration"),
        body["input"],
        id === undefined ? {} : { id },
      );
      return { run };
    },
  },
  {
    name: "listRuns",
    method: "GET",
    path: "/runs",
    summary: "Your runs, newest first. The last run of a page, as `after`, leads to the next.",
    query: {
      orchestration: "Only of this one.",
      status: "Only in this status.",
      limit: "At most 200; default 50.",
      after: "A run.",
    },
    status: 200,
    gives: { type: "object", properties: { runs: listOf("PublicRunSummary") }, required: ["runs"] },
    answer: async ({ runs }, { query }) => {
      const status = statusIn(query["status"]);
      const limit = optionalCount(query, "limit");
      const { orchestration, after } = query;
      return {
        runs: await runs.list({
          ...(orchestration !== undefined && { orchestration }),
          ...(status !== undefined && { status }),
          ...(limit !== undefined && { limit }),
          ...(after !== undefined && { after }),
        }),
      };
    },
  },
  {
    name: "describeRun",
    method: "GET",
    path: "/runs/{run}",
    summary:
      "Where a run is: its open states and questions, what it spent, and of one that has ended what it gave or why it failed.",
    status: 200,
    gives: ref("PublicRunPicture"),
    answer: ({ runs }, { names }) => runs.describe(names["run"]!),
  },
  {
    name: "runEvents",
    method: "GET",
    path: "/runs/{run}/events",
    summary:
      "What happened until now, or from the event `after` on. It waits for nothing; the door of events follows a run.",
    query: { after: "The `id` of an event.", limit: "At most 1,000; default 200." },
    status: 200,
    gives: { type: "object", properties: { events: listOf("PublicEvent") }, required: ["events"] },
    answer: async ({ runs }, { names, query }) => {
      const limit = Math.min(1000, optionalCount(query, "limit") ?? 200);
      const { after } = query;
      return { events: await runs.happened(names["run"]!, { limit, ...(after !== undefined && { after }) }) };
    },
  },
  {
    name: "answerRun",
    method: "POST",
    path: "/runs/{run}/answers",
    summary: "Answers a question of a run.",
    body: { properties: { question: TEXT, answer: ANY }, required: ["question", "answer"] },
    status: 204,
    answer: async ({ runs }, { names, body }) => {
      await runs.answer(names["run"]!, textIn(body, "question"), body["answer"]);
      return undefined;
    },
  },
  {
    name: "signalRun",
    method: "POST",
    path: "/runs/{run}/signals",
    summary: "Sends a signal to a run. With a `key` the call can be sent again.",
    body: { properties: { signal: TEXT, value: ANY, key: TEXT }, required: ["signal"] },
    status: 204,
    answer: async ({ runs }, { names, body }) => {
      const key = optionalText(body, "key");
      await runs.signal(
        names["run"]!,
        textIn(body, "signal"),
        body["value"],
        key === undefined ? {} : { key },
      );
      return undefined;
    },
  },
  {
    name: "cancelRun",
    method: "POST",
    path: "/runs/{run}/cancel",
    summary: "Stops a run. Leaving a stream does not.",
    body: { properties: { reason: TEXT }, required: [] },
    status: 204,
    answer: async ({ runs }, { names, body }) => {
      await runs.cancel(names["run"]!, optionalText(body, "reason"));
      return undefined;
    },
  },
];

const chatRoutes: readonly JsonRoute[] = [
  {
    name: "listChats",
    method: "GET",
    path: "/chats",
    summary: "The chats that can be talked to.",
    status: 200,
    gives: { type: "object", properties: { chats: listOf("PublicChat") }, required: ["chats"] },
    answer: async ({ conversations }) => ({ chats: conversations.chats }),
  },
  {
    name: "listSessions",
    method: "GET",
    path: "/chats/{chat}/sessions",
    summary: "Your conversations, the newest first.",
    query: { limit: "At most 200; default 50.", skip: "Leaves out so many." },
    status: 200,
    gives: { type: "object", properties: { sessions: listOf("PublicSession") }, required: ["sessions"] },
    answer: async ({ conversations }, { names, query }) => {
      const [limit, skip] = [optionalCount(query, "limit"), optionalCount(query, "skip")];
      const page = { ...(limit !== undefined && { limit }), ...(skip !== undefined && { skip }) };
      return { sessions: await conversations.list(names["chat"]!, page) };
    },
  },
  {
    name: "sendMessage",
    method: "POST",
    path: "/chats/{chat}/messages",
    summary:
      "Sends a message, to a session or to a new one. The turn goes on whether or not anybody follows it.",
    body: { properties: { text: TEXT, session: TEXT, files: listOf("PublicFile") }, required: ["text"] },
    status: 202,
    gives: ref("SentMessage"),
    answer: ({ conversations }, { names, body }) => {
      const session = optionalText(body, "session");
      const place = session === undefined ? {} : { session };
      const message = { text: textIn(body, "text"), files: filesIn(body) };
      return conversations.send(names["chat"]!, message, place);
    },
  },
  {
    name: "history",
    method: "GET",
    path: "/chats/{chat}/sessions/{session}",
    summary: "A conversation with its turns, and the questions that are open.",
    status: 200,
    gives: ref("PublicHistory"),
    answer: ({ conversations }, { names }) => conversations.history(names["chat"]!, names["session"]!),
  },
  {
    name: "turnEvents",
    method: "GET",
    path: "/chats/{chat}/sessions/{session}/turns/{turn}/events",
    summary:
      "What happened in a turn until now, or from the event `after` on. It waits for nothing; the door of events follows a turn.",
    query: { after: "The `id` of an event.", limit: "At most 1,000; default 200." },
    status: 200,
    gives: { type: "object", properties: { events: listOf("PublicEvent") }, required: ["events"] },
    answer: async ({ conversations }, { names, query }) => {
      const limit = Math.min(1000, optionalCount(query, "limit") ?? 200);
      const { after } = query;
      const from = { limit, ...(after !== undefined && { after }) };
      const { chat, session, turn } = names;
      return { events: await conversations.happened(chat!, session!, turn!, from) };
    },
  },
  {
    name: "answerTurn",
    method: "POST",
    path: "/chats/{chat}/sessions/{session}/answers",
    summary: "Answers a question of the turn that goes on.",
    body: { properties: { question: TEXT, answer: ANY }, required: ["question", "answer"] },
    status: 204,
    answer: async ({ conversations }, { names, body }) => {
      const question = textIn(body, "question");
      await conversations.answer(names["chat"]!, names["session"]!, question, body["answer"]);
      return undefined;
    },
  },
  {
    name: "cancelTurn",
    method: "POST",
    path: "/chats/{chat}/sessions/{session}/cancel",
    summary: "Stops the turn that goes on.",
    body: { properties: { reason: TEXT }, required: [] },
    status: 204,
    answer: async ({ conversations }, { names, body }) => {
      await conversations.cancel(names["chat"]!, names["session"]!, optionalText(body, "reason"));
      return undefined;
    },
  },
];

/** Every call, in the order of the document. */
export const jsonRoutes: readonly JsonRoute[] = [...runRoutes, ...chatRoutes];
