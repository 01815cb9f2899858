/** Vectors and orders over a real socket, by the official SDK. */
import type { ServerResponse } from "node:http";
import type { Clock } from "@orch/core";
import { systemClock } from "@orch/core/doors";
import { afterEach, expect, it } from "vitest";
import { type HostileServer, hostileServer, type SeenRequest } from "../../../test/hostile-server.ts";
import { EmbeddingError } from "../../errors/embedding-error.ts";
import { compatibleRerank } from "./compatible-rerank.ts";
import { embed, similarity } from "./embed.ts";
import type { EmbeddingModel } from "./embedding-model.ts";
import { type OpenAIEmbeddingOptions, openaiEmbedding } from "./openai-embedding.ts";
import { rerank } from "./rerank.ts";
import { resolveEmbedding, resolveRerank } from "./resolve-embedding.ts";

const KEY = "sk-secret-key-of-a-test";
let server: HostileServer | undefined;
afterEach(() => server?.close());

/** Waits before another attempt pass at once; the time limit of a call passes only where `late` is set. */
function clock(late = false): Clock {
  const after: Clock["after"] = (ms, fire) =>
    ms < 60_000 || late ? systemClock.after(0, fire) : () => undefined;
  return { now: systemClock.now, after };
}

function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/** A vector that tells the length of its text. */
function vectorsOf({ body }: SeenRequest): { readonly index: number; readonly embedding: number[] }[] {
  return (body["input"] as string[]).map((text, index) => ({ index, embedding: [text.length, 1] }));
}

type Answer = (response: ServerResponse, request: SeenRequest) => void;

async function lab(answer: Answer, options: Partial<OpenAIEmbeddingOptions> = {}): Promise<EmbeddingModel> {
  server = await hostileServer(answer);
  const baseURL = `${server.url}/v1`;
  return openaiEmbedding({
    provider: "lab",
    model: "small",
    apiKey: KEY,
    baseURL,
    clock: clock(),
    random: () => 0,
    ...options,
  });
}

async function failureOf(work: Promise<unknown>): Promise<EmbeddingError["facts"]> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(EmbeddingError);
  expect((error as Error).message).not.toContain(KEY);
  return (error as EmbeddingError).facts;
}

it("gives the vectors in the order of the texts, in as many calls as they need, with usage and cost", async () => {
  const model = await lab(
    (response, request) =>
      json(response, { data: vectorsOf(request).reverse(), usage: { prompt_tokens: 4, total_tokens: 4 } }),
    { batch: 2, dimensions: 2, price: { input: 1, output: 0 } },
  );
  const found = await embed(model, ["a", "bb", "ccc", "dddd", "eeeee"]);
  expect(found.vectors.map(([length]) => length)).toEqual([1, 2, 3, 4, 5]);
  expect(found.usage).toEqual({ input: 12, output: 0 });
  expect(found.cost).toBeCloseTo(12e-6);
  expect(server?.seen.map(({ path }) => path)).toEqual(Array(3).fill("/v1/embeddings"));
  expect(server?.seen[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
  expect(server?.seen.map(({ body }) => [body["dimensions"], body["encoding_format"]])).toEqual(
    Array(3).fill([2, "float"]),
  );
});

it("calls nobody for no text, and refuses an empty one before the call", async () => {
  const model = await lab((response) => json(response, {}));
  expect(await embed(model, [])).toEqual({ vectors: [], usage: { input: 0, output: 0 }, cost: 0 });
  const { failure } = await failureOf(embed(model, ["a", ""]));
  expect(failure).toMatchObject({ kind: "bad-request", message: "The text at index 1 is empty." });
  expect(server?.seen).toEqual([]);
});

it("estimates the tokens that a server does not tell, and marks them", async () => {
  const model = await lab((response, request) =>
    json(response, { data: vectorsOf(request), usage: { prompt_tokens: 0 } }),
  );
  expect((await embed(model, ["x".repeat(400)])).usage).toEqual({ input: 100, output: 0, estimated: true });
});

it("sends whole characters only", async () => {
  const model = await lab((response, request) => json(response, { data: vectorsOf(request) }));
  await embed(model, ["half \ud83d"]);
  expect(server?.seen[0]?.body["input"]).toEqual(["half \ufffd"]);
});

it.each<[string, unknown]>([
  ["too few vectors", { data: [{ index: 0, embedding: [1] }] }],
  ["one vector twice", { data: [0, 0].map((index) => ({ index, embedding: [1] })) }],
  ["an index out of range", { data: [0, 7].map((index) => ({ index, embedding: [1] })) }],
  ["no number", { data: [0, 1].map((index) => ({ index, embedding: ["1"] })) }],
  [
    "vectors of two lengths",
    { data: [0, 1].map((index) => ({ index, embedding: Array(index + 1).fill(1) })) },
  ],
  ["empty vectors", { data: [0, 1].map((index) => ({ index, embedding: [] })) }],
  ["no list", { data: "gone" }],
  ["nothing", null],
])("takes %s for no answer", async (_what, body) => {
  const model = await lab((response) => json(response, body));
  expect((await failureOf(embed(model, ["a", "b"]))).failure).toMatchObject({
    kind: "protocol",
    retryable: false,
  });
});

it("tries again what may pass, and says what does not", async () => {
  let calls = 0;
  const model = await lab((response, request) => {
    calls += 1;
    if (calls === 1) return json(response, { error: { message: "slow down" } }, 429);
    if (calls === 2) return json(response, { data: vectorsOf(request) });
    json(response, { error: { message: `wrong key ${KEY}`, code: "invalid_api_key" } }, 401);
  });
  expect((await embed(model, ["a"])).vectors).toEqual([[1, 1]]);
  const facts = await failureOf(embed(model, ["a"]));
  expect(facts).toMatchObject({ model: "lab/small", task: "embed", failure: { kind: "auth", status: 401 } });
  expect(calls).toBe(3);
});

it("ends a call that is not answered in its time, and one that is cancelled", async () => {
  const silent = await lab(() => undefined, { clock: clock(true), attempts: 1 });
  expect((await failureOf(embed(silent, ["a"]))).failure.kind).toBe("timeout");
  await server?.close();
  const abort = new AbortController();
  const cancelled = await lab(() => abort.abort());
  expect((await failureOf(embed(cancelled, ["a"], { signal: abort.signal }))).failure.kind).toBe("aborted");
});

it("cancels the other calls when one failed for good", async () => {
  const model = await lab(
    (response, { body }) => {
      if ((body["input"] as string[])[0] === "bad") json(response, { error: { message: "no" } }, 400);
    },
    { batch: 1 },
  );
  expect((await failureOf(embed(model, ["hangs", "bad", "never", "sent"]))).failure.kind).toBe("bad-request");
  expect(server?.seen.length).toBe(2);
});

it("compares vectors by their angle", () => {
  expect(similarity([1, 0], [2, 0])).toBeCloseTo(1);
  expect(similarity([1, 0], [0, 3])).toBe(0);
  expect(similarity([1, 0], [-1, 0])).toBeCloseTo(-1);
  expect(similarity([0, 0], [1, 0])).toBe(0);
});

it.each<[string, (items: { index: number; relevance_score: number }[]) => unknown, object]>([
  ["Cohere", (results) => ({ results, meta: { tokens: { input_tokens: 9 } } }), { input: 9, output: 0 }],
  ["Jina and vLLM", (results) => ({ results, usage: { total_tokens: 8 } }), { input: 8, output: 0 }],
  ["Voyage", (data) => ({ data, usage: { total_tokens: 7 } }), { input: 7, output: 0 }],
  ["a server without usage", (results) => ({ results }), { input: 3, output: 0, estimated: true }],
])("puts texts in order by %s", async (_server, answer, usage) => {
  server = await hostileServer((response) =>
    json(
      response,
      answer([
        { index: 0, relevance_score: 0.1 },
        { index: 2, relevance_score: 0.9 },
        { index: 1, relevance_score: 0.5 },
      ]),
    ),
  );
  const model = compatibleRerank({ provider: "lab", model: "bge", baseURL: `${server.url}/v1` });
  const found = await rerank(model, "boat", ["car", "ship", "yacht"], { top: 2 });
  expect(found.ranking.map(({ text, index, score }) => [text, index, score])).toEqual([
    ["yacht", 2, 0.9],
    ["ship", 1, 0.5],
  ]);
  expect(found.usage).toMatchObject({ ...usage, input: expect.any(Number) });
  expect(found.usage.estimated).toBe("estimated" in usage ? true : undefined);
  expect(server.seen[0]).toMatchObject({ path: "/v1/rerank", body: { query: "boat", top_n: 2 } });
});

it("takes an order with a text missing, twice or unknown for no answer", async () => {
  const orders = [[0], [0, 0], [0, 5]];
  server = await hostileServer((response) =>
    json(response, { results: orders.shift()?.map((index) => ({ index, relevance_score: 1 })) }),
  );
  const model = compatibleRerank({ provider: "lab", model: "bge", baseURL: `${server.url}/v1` });
  for (let left = 3; left > 0; left--) {
    const facts = await failureOf(rerank(model, "q", ["a", "b"]));
    expect(facts).toMatchObject({ task: "rerank", failure: { kind: "protocol" } });
  }
  expect(await rerank(model, "q", [])).toEqual({ ranking: [], usage: { input: 0, output: 0 }, cost: 0 });
});

it("finds its model by a name and a configuration, and says what cannot be", async () => {
  server = await hostileServer((response, request) => json(response, { data: vectorsOf(request) }));
  const baseURL = `${server.url}/v1`;
  const config = {
    providers: { lab: { kind: "openai-compatible", baseURL, models: { e: "real-name" } } },
  } as const;
  const doors = { env: { LAB_API_KEY: KEY } };
  expect((await embed(resolveEmbedding("lab/e", config, doors), ["a"])).vectors).toEqual([[1, 1]]);
  expect(server.seen[0]?.body["model"]).toBe("real-name");
  expect(resolveRerank("lab/e", config, doors).id).toEqual({
    provider: "lab",
    api: "rerank",
    model: "real-name",
  });
  const code = (work: () => unknown): unknown => {
    try {
      return work();
    } catch (error) {
      return (error as { readonly code: string }).code;
    }
  };
  expect(code(() => resolveEmbedding("anthropic/claude", {}, doors))).toBe("ORCH_PROVIDER_CONFIG");
  expect(code(() => resolveRerank("openai/x", {}, { env: { OPENAI_API_KEY: KEY } }))).toBe(
    "ORCH_PROVIDER_CONFIG",
  );
  expect(code(() => resolveEmbedding("openai/x", {}, { env: {}, keyNow: true }))).toBe("ORCH_MISSING_KEY");
  const keyless = resolveEmbedding("openai/x", {}, { env: {} });
  await expect(embed(keyless, ["a"])).rejects.toMatchObject({ code: "ORCH_MISSING_KEY" });
  expect(code(() => resolveEmbedding("x", {}, doors))).toBe("ORCH_MODEL_NAME");
});
