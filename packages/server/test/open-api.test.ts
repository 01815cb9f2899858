/** The OpenAPI document of the plain door: a validator of others takes it, and a client that knows nothing else calls all that is in it. */
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterEach, expect, it } from "vitest";
import { z } from "zod";
import { createServer, type PublicEvent, type ServerOptions } from "../src/index.ts";
import { json } from "../src/json.ts";
import { type ListeningServer, listen } from "../src/node.ts";
import { articleInput, articleWith, DRAFT, PUBLISHED } from "./article.ts";
import { articleChat } from "./served-article.ts";

let listening: ListeningServer | undefined;
afterEach(async () => {
  await listening?.stop();
  listening = undefined;
});

const open = (): Promise<void> => Promise.resolve();

async function serve(more: Partial<ServerOptions> = {}): Promise<string> {
  const server = createServer({
    orchestrations: { article: { orchestration: articleWith(open), input: articleInput } },
    chats: { articles: articleChat(open) },
    doors: [json()],
    ...more,
  });
  listening = await listen(server, { port: 0 });
  return listening.url;
}

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: "path" | "query" }[];
  readonly requestBody?: object;
  readonly responses: { readonly [status: string]: { readonly content?: object } };
}

interface Document {
  readonly paths: { readonly [path: string]: { readonly [method: string]: Operation } };
}

const pointer = (...parts: readonly string[]): string =>
  parts.map((part) => `/${part.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

/** A client that is made of nothing but the document: it finds calls by their names, and holds all that goes and comes against the schemas. */
class DocumentClient {
  readonly called = new Set<string>();
  readonly #url: string;
  readonly #document: Document;
  readonly #schemas: Ajv2020;

  constructor(url: string, document: Document) {
    this.#url = url;
    this.#document = document;
    this.#schemas = new Ajv2020({ strict: false, allErrors: true });
    this.#schemas.addSchema(document, "document");
  }

  get operations(): readonly string[] {
    return this.#all().map(({ operation }) => operation.operationId);
  }

  async call(name: string, given: { readonly [name: string]: unknown } = {}): Promise<never> {
    const { path, method, operation } = this.#all().find((one) => one.operation.operationId === name)!;
    const query = new URLSearchParams();
    let address = path;
    const body = { ...given };
    for (const parameter of operation.parameters) {
      const value = body[parameter.name];
      delete body[parameter.name];
      if (value === undefined) continue;
      if (parameter.in === "query") query.set(parameter.name, String(value));
      else address = address.replace(`{${parameter.name}}`, encodeURIComponent(String(value)));
    }
    const at = pointer("paths", path, method);
    const sent = operation.requestBody === undefined ? undefined : body;
    if (sent !== undefined)
      this.#check(sent, `${at}${pointer("requestBody", "content", "application/json", "schema")}`);
    const response = await fetch(`${this.#url}${address}?${query}`, {
      method: method.toUpperCase(),
      ...(sent && { body: JSON.stringify(sent), headers: { "content-type": "application/json" } }),
    });
    const text = await response.text();
    const told = operation.responses[response.status];
    expect(told, `${name} gives ${response.status} ${text}`).toBeDefined();
    this.called.add(name);
    if (told!.content === undefined) return undefined as never;
    const value: unknown = JSON.parse(text);
    this.#check(
      value,
      `${at}${pointer("responses", String(response.status), "content", "application/json", "schema")}`,
    );
    return value as never;
  }

  #check(value: unknown, at: string): void {
    const check = this.#schemas.compile({ $ref: `document#${at}` });
    check(value);
    expect(check.errors ?? [], `${at}: ${JSON.stringify(value)}`).toEqual([]);
  }

  #all(): readonly { readonly path: string; readonly method: string; readonly operation: Operation }[] {
    return Object.entries(this.#document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );
  }
}

async function documentOf(url: string): Promise<Document> {
  return (await (await fetch(`${url}/v1/openapi.json`)).json()) as Document;
}

it("is valid, also with a schema that refers to itself", async () => {
  const tree = z.object({
    name: z.string(),
    get parts() {
      return z.array(tree);
    },
  });
  const orchestrations = {
    article: { orchestration: articleWith(open), input: z.object({ tree, other: tree }) },
  };
  const document = await documentOf(await serve({ orchestrations }));
  const validator = new Validator();
  expect(await validator.validate({ ...document })).toEqual({ valid: true });
  expect(validator.version).toBe("3.1");
  const schemas = new Ajv2020({ strict: false }).addSchema(document, "document");
  const input = schemas.compile({ $ref: "document#/components/schemas/input.article" });
  const leaf = { name: "a", parts: [] };
  expect(input({ tree: { name: "b", parts: [leaf] }, other: leaf })).toBe(true);
  expect(input({ tree: { name: "b", parts: [{ name: 1 }] }, other: leaf })).toBe(false);
});

it("is no valid document any more when a call of it is bent", async () => {
  const { paths, ...rest } = await documentOf(await serve());
  const bent = { ...rest, paths: { ...paths, "/v1/runs": { get: { responses: 5 } } } };
  expect((await new Validator().validate(bent)).valid).toBe(false);
});

it("leads a client that knows nothing else through a run and a conversation, by every call", async () => {
  const url = await serve();
  const client = new DocumentClient(url, await documentOf(url));
  await client.call("listOrchestrations");
  const { run }: { run: string } = await client.call("startRun", {
    ...{ orchestration: "article", input: { topic: "tides" }, id: "mine" },
  });
  const asked = await until(async () => {
    const { events }: { events: PublicEvent[] } = await client.call("runEvents", { run, limit: 100 });
    return events.find((event) => event.type === "question.asked");
  });
  expect(asked.prompt).toBe(`Publish "${DRAFT}"?`);
  await client.call("describeRun", { run });
  await client.call("answerRun", { run, question: asked.question, answer: true });
  await until(async () => {
    const { runs }: { runs: object[] } = await client.call("listRuns", { status: "completed", limit: 5 });
    return runs[0];
  });
  const { run: other }: { run: string } = await client.call("startRun", {
    ...{ orchestration: "article", input: { topic: "x" } },
  });
  await client.call("cancelRun", { run: other, reason: "enough" });

  await client.call("listChats");
  const sent: { session: string; turn: string } = await client.call("sendMessage", {
    chat: "articles",
    text: "tides",
  });
  const chat = "articles";
  const place = { chat, session: sent.session };
  const { question } = await until(async () => {
    const { events }: { events: PublicEvent[] } = await client.call("turnEvents", {
      ...place,
      turn: sent.turn,
    });
    return events.find((event) => event.type === "question.asked");
  });
  await client.call("answerTurn", { ...place, question, answer: true });
  const turn = await until(async () => {
    const { history }: { history: { answer?: string; status: string }[] } = await client.call(
      "history",
      place,
    );
    return history.find(({ status }) => status === "completed");
  });
  expect(turn.answer).toBe(PUBLISHED);
  await client.call("listSessions", { chat, limit: 5, skip: 0 });
  await client.call("cancelTurn", place);
  // The article takes no signal: the document has the refusal too.
  expect([...client.called, "signalRun"].toSorted()).toEqual(client.operations.toSorted());
});

/** Asks until there is something. */
async function until<TValue>(ask: () => Promise<TValue | undefined>): Promise<TValue> {
  for (;;) {
    const value = await ask();
    if (value !== undefined) return value;
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
