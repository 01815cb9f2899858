import { readFileSync } from "node:fs";
import { orchestration, question, runnable } from "@orch/core";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { createServer, type Server } from "../server/create-server.ts";
import { eventFields } from "../view/event-fields.ts";
import { json } from "./json.ts";
import { jsonRoutes } from "./json-routes.ts";
import { publicSchemas } from "./public-schemas.ts";

const draft = runnable("draft", (topic: string) => ({ topic, length: topic.length }));
const approve = question("approve", {
  ask: (_: { topic: string; length: number }) => "Go on?",
  answer: z.boolean(),
});
const done = runnable("done", (yes: boolean) => (yes ? "yes" : "no"));
const flow = orchestration("flow", (o) =>
  o.start(draft).advance(draft, approve).advance(approve, done).finish(done),
);

/** What calls give, as far as later calls need it. */
interface Given {
  readonly run: string;
  readonly session: string;
  readonly turn: string;
  readonly questions: readonly { readonly question: string }[];
}

let server: Server;
function served(): (
  method: string,
  path: string,
  body?: unknown,
) => Promise<{ status: number; body: never }> {
  server = createServer({
    orchestrations: { article: { orchestration: flow, input: z.string(), description: "Writes." } },
    chats: {
      broken: {
        configuration: {
          name: "broken",
          invoke: async () => {
            throw new TypeError("nothing works in /home/ada/secret/notes.txt");
          },
        },
      },
      echo: {
        configuration: {
          name: "echo",
          invoke: async ({ text }) => ({
            message: {
              role: "assistant",
              content: [{ type: "text", text }],
              origin: { provider: "t", api: "t", model: "t" },
              finish: { reason: "stop" },
            },
          }),
        },
      },
    },
    doors: [json()],
  });
  return async (method, path, body) => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await server.fetch(new Request(`http://localhost/v1${path}`, init));
    const text = await response.text();
    return { status: response.status, body: (text === "" ? undefined : JSON.parse(text)) as never };
  };
}
afterEach(() => server.park());

/** Whether a value is what a JSON Schema of the document says; only the words that these schemas use. */
function problems(value: unknown, schema: { readonly [key: string]: unknown }, at = "$"): readonly string[] {
  const {
    $ref,
    type,
    properties = {},
    required = [],
    items,
    oneOf,
    const: only,
    additionalProperties,
  } = schema;
  const known = properties as { readonly [name: string]: { readonly [key: string]: unknown } };
  if (typeof $ref === "string") return problems(value, publicSchemas[$ref.split("/").at(-1)!]!, at);
  if (only !== undefined) return value === only ? [] : [`${at} is not ${only}`];
  if (oneOf !== undefined) {
    const fits = (oneOf as { readonly [key: string]: unknown }[]).filter(
      (one) => problems(value, one, at).length === 0,
    );
    return fits.length === 1 ? [] : [`${at} fits ${fits.length} of the schemas: ${JSON.stringify(value)}`];
  }
  if (type === undefined) return [];
  if (type === "array")
    return (value as unknown[]).flatMap((item, place) => problems(item, items as never, `${at}[${place}]`));
  if (type !== "object") return typeof value === type ? [] : [`${at} is no ${type}`];
  const names = Object.keys(value as object);
  return [
    ...(required as string[]).filter((name) => !names.includes(name)).map((name) => `${at} has no ${name}`),
    ...(additionalProperties === false
      ? names.filter((name) => !(name in known)).map((name) => `${at} has ${name}`)
      : []),
    ...names.flatMap((name) =>
      name in known ? problems((value as never)[name], known[name]!, `${at}.${name}`) : [],
    ),
  ];
}

test("every call gives what the document says", async () => {
  const call = served();
  const seen = new Set<string>();
  const checked = async (name: string, path: string, body?: unknown): Promise<Given> => {
    const route = jsonRoutes.find((one) => one.name === name)!;
    const given = await call(route.method, path, body);
    expect(given.status, JSON.stringify(given.body)).toBe(route.status);
    if (route.gives !== undefined) expect(problems(given.body, route.gives)).toEqual([]);
    seen.add(name);
    return given.body;
  };
  await checked("listOrchestrations", "/orchestrations");
  const { run } = await checked("startRun", "/runs", { orchestration: "article", input: "tides" });
  await server
    .runs()
    .follow(run)
    .then(async (events) => {
      for await (const { type } of events) if (type === "run.waiting") break;
    });
  const { questions } = await checked("describeRun", `/runs/${run}`);
  const { question: asked } = questions[0]!;
  await checked("answerRun", `/runs/${run}/answers`, { question: asked, answer: true });
  await server
    .runs()
    .follow(run)
    .then(async (events) => {
      for await (const _ of events);
    });
  await checked("runEvents", `/runs/${run}/events?limit=1000`);
  expect(await checked("describeRun", `/runs/${run}`)).toMatchObject({ status: "completed", output: "yes" });
  await checked("listRuns", "/runs?orchestration=article&status=completed&limit=5");
  const { run: other } = await checked("startRun", "/runs", {
    orchestration: "article",
    input: "x",
    id: "mine",
  });
  expect((await call("POST", `/runs/${other}/signals`, { signal: "none", value: 1 })).status).toBe(404);
  seen.add("signalRun");
  await checked("cancelRun", "/runs/mine/cancel", { reason: "enough" });
  expect(await checked("describeRun", "/runs/mine")).toMatchObject({ status: "cancelled", reason: "enough" });
  await checked("listChats", "/chats");
  const { session, turn } = await checked("sendMessage", "/chats/echo/messages", { text: "hello" });
  for await (const _ of await server.conversations().follow("echo", session, turn));
  await checked("turnEvents", `/chats/echo/sessions/${session}/turns/${turn}/events?limit=1000`);
  await checked("history", `/chats/echo/sessions/${session}`);
  await checked("listSessions", "/chats/echo/sessions?limit=5&skip=0");
  await checked("cancelTurn", `/chats/echo/sessions/${session}/cancel`, {});
  expect(
    (await call("POST", `/chats/echo/sessions/${session}/answers`, { question: "q", answer: 1 })).status,
  ).toBe(404);
  seen.add("answerTurn");
  expect([...seen].toSorted()).toEqual(jsonRoutes.map(({ name }) => name).toSorted());
});

test("a turn that failed says why in the history as its last event does, and tells no words that are not Orch's", async () => {
  const call = served();
  const { session, turn } = (await call("POST", "/chats/broken/messages", { text: "hello" })).body as Given;
  let last: unknown;
  for await (const event of await server.conversations().follow("broken", session, turn)) last = event;
  expect(last).toMatchObject({ error: { message: "The turn failed." } });
  const { body } = await call("GET", `/chats/broken/sessions/${session}`);
  expect(problems(body, publicSchemas["PublicHistory"]!)).toEqual([]);
  const { history } = body as { history: readonly object[] };
  const error = { code: "ORCH_TURN_FAILED", message: "The turn failed." };
  expect(history).toMatchObject([{ status: "failed", error }]);
  const events = (await call("GET", `/chats/broken/sessions/${session}/turns/${turn}/events`)).body;
  expect((events as { events: readonly object[] }).events.at(-1)).toMatchObject({
    type: "turn.failed",
    error,
  });
});

test("the document is OpenAPI 3.1: every reference leads somewhere, and no two calls have one name", async () => {
  const { status, body } = await served()("GET", "/openapi.json");
  expect(status).toBe(200);
  const { openapi, info, paths, components } = body as {
    openapi: string;
    info: object;
    paths: {
      [path: string]: {
        [method: string]: {
          operationId: string;
          parameters: { name: string; in: string }[];
          responses: object;
        };
      };
    };
    components: { schemas: { [name: string]: object } };
  };
  expect(openapi).toBe("3.1.0");
  expect(info).toEqual({ title: "Orch", version: "1" });
  const operations = Object.values(paths).flatMap((one) => Object.values(one));
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  for (const [path, methods] of Object.entries(paths)) {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    for (const { parameters, responses } of Object.values(methods)) {
      expect(parameters.filter((one) => one.in === "path").map(({ name }) => name)).toEqual(names);
      expect(Object.keys(responses)).toContain("default");
    }
  }
  for (const [, name] of JSON.stringify(body).matchAll(/"#\/components\/schemas\/([^"]+)"/g))
    expect(Object.keys(components.schemas)).toContain(name);
  expect(components.schemas["input.article"]).toMatchObject({ type: "string" });
});

test("the page about the server has every call and every event with its fields", () => {
  const page = readFileSync(new URL("../../../../docs/server.md", import.meta.url), "utf8");
  for (const { method, path } of jsonRoutes) expect(page).toContain(`| \`${method} /v1${path}\``);
  for (const [type, fields] of Object.entries(eventFields)) {
    const row = page.split("\n").find((line) => line.startsWith(`| \`${type}\` |`));
    const told = [...(row?.split("|")[2]?.matchAll(/`([^`]+)`/g) ?? [])].map(([, name]) => name);
    expect(told, type).toEqual(Object.keys(fields));
  }
});

test.each([
  ["PUT", "/runs", 405],
  ["GET", "/nothing", 404],
  ["GET", "/runs/%E0%A4%A", 404],
  ["GET", "/runs//events", 404],
  ["GET", "/runs?limit=x", 400],
  ["GET", "/runs?limit=1000", 400],
  ["GET", "/runs?status=odd", 400],
  ["GET", "/runs/none", 404],
  ["GET", "/runs/none/events?after=x", 404],
])("%s %s is refused with %i, as a problem", async (method, path, status) => {
  const given = await served()(method, path);
  expect(given.status).toBe(status);
  expect(given.body).toMatchObject({ code: expect.stringMatching(/^ORCH_/), title: expect.any(String) });
});

test.each([
  [{}, 400],
  [{ orchestration: 5 }, 400],
  [{ orchestration: "flow", input: "x" }, 404],
  [{ orchestration: "article", input: 5 }, 422],
  [{ orchestration: "article", input: "x", id: "../x" }, 400],
])("a start with %j is refused with %i", async (body, status) => {
  const given = await served()("POST", "/runs", body);
  expect(given.status).toBe(status);
  expect(await server.runs().list()).toEqual([]);
});
