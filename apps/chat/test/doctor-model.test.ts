import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { Diagnosis } from "../src/doctor/diagnosis.ts";
import { ended, type Workplace, workplace } from "./headless-orch.ts";
import { TerminalApp } from "./support/terminal-app.ts";

let place: Workplace;
beforeEach(async () => {
  place = await workplace();
});
afterEach(() => place.remove());

// biome-ignore lint/suspicious/noExplicitAny: bodies of requests are read by tests that know them.
type Body = any;
type Answer = (response: ServerResponse, body: Body, key: string | undefined) => void;

/** A server of Chat Completions that answers as the test says. */
async function server(answer: Answer): Promise<{ baseURL: string; bodies: Body[] }> {
  const bodies: Body[] = [];
  const made = createServer((request, response) => {
    let raw = "";
    request.on("data", (piece) => (raw += piece));
    request.on("end", () => {
      const body = JSON.parse(raw) as Body;
      bodies.push(body);
      answer(response, body, request.headers.authorization);
    });
  });
  await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    made.closeAllConnections();
    made.close();
  });
  return { baseURL: `http://127.0.0.1:${(made.address() as AddressInfo).port}/v1`, bodies };
}

function say(
  response: ServerResponse,
  deltas: readonly object[],
  more: { usage?: boolean; end?: string | null } = {},
): void {
  const { usage = true, end = "stop" } = more;
  response.writeHead(200, { "content-type": "text/event-stream" });
  const chunk = (choices: readonly object[], rest: object = {}): void => {
    response.write(
      `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "m", choices, ...rest })}\n\n`,
    );
  };
  for (const delta of deltas) chunk([{ index: 0, delta, finish_reason: null }]);
  if (end !== null) chunk([{ index: 0, delta: {}, finish_reason: end }]);
  if (usage) chunk([], { usage: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 } });
  response.end("data: [DONE]\n\n");
}

function fail(response: ServerResponse, status: number, message: string): void {
  response
    .writeHead(status, { "content-type": "application/json" })
    .end(JSON.stringify({ error: { message } }));
}

const call = (index: number, city: string): object => ({
  tool_calls: [
    {
      index,
      id: `call_${index}`,
      type: "function",
      function: { name: "weather", arguments: JSON.stringify({ city }) },
    },
  ],
});

/** Does all that it is asked for. */
const good: Answer = (response, body) => {
  const text = JSON.stringify(body.messages);
  if (body.model !== "m") return fail(response, 404, "The model does not exist.");
  if (body.response_format !== undefined) return say(response, [{ content: '{"number":42}' }]);
  if (text.includes("image_url")) return say(response, [{ content: "Red." }]);
  if (text.includes("tool_call_id")) return say(response, [{ content: "21 degrees." }]);
  if (body.tools !== undefined)
    return say(response, text.includes("Rome") ? [call(0, "Oslo"), call(1, "Rome")] : [call(0, "Oslo")], {
      end: "tool_calls",
    });
  if (text.includes("17 times"))
    return say(response, [{ reasoning_content: "17 times 23." }, { content: "391" }]);
  if (text.includes("Count"))
    return say(
      response,
      "1 2 3 4 5 6".split(" ").map((content) => ({ content: `${content} ` })),
    );
  say(response, [{ content: "ready" }]);
};

async function configured(baseURL: string, more: object = {}): Promise<void> {
  const config = { providers: { lab: { kind: "openai-compatible", baseURL, ...more } } };
  await place.write("orch.config.json", JSON.stringify(config));
}

interface Report {
  readonly code: number | null;
  readonly stderr: string;
  readonly ok: boolean;
  readonly findings: readonly Diagnosis[];
  readonly notMade: number;
  readonly config?: unknown;
}

async function probed(): Promise<Report> {
  const { code, stdout, stderr } = await place.run(["doctor", "lab/m", "--json", "--trust"]);
  return { code, stderr, ...(JSON.parse(stdout) as Omit<Report, "code" | "stderr">) };
}

const says = ({ findings }: Report) =>
  Object.fromEntries(findings.map(({ about, state, says: text }) => [about, `${state}: ${text}`]));

describe("orch doctor <provider/model>", () => {
  it("point 2: finds out by ten calls what a server can do, and which settings follow", async () => {
    const { baseURL, bodies } = await server(good);
    await configured(baseURL);
    const report = await probed();
    expect(says(report)).toMatchObject({
      text: "ok: It answers: ready",
      stream: "ok: It streams in pieces, and tells tokens: 9 read, 3 written.",
      tool: 'ok: It calls tools: weather {"city":"Oslo"}',
      parallel: "ok: It makes 2 calls at once.",
      result: "ok: It reads the results of tools.",
      structured: "ok: It keeps to a schema for the answer.",
      picture: "ok: It sees pictures.",
      thinking: "ok: It shows what it thinks, in reasoning_content.",
      replay: "ok: It takes its thinking back.",
      "wrong name": "ok: It tells a model that does not exist.",
    });
    expect(report).toMatchObject({ code: 0, ok: true, notMade: 0 });
    expect(bodies.length, "ten calls, as was said").toBe(10);
    expect(report.stderr).toMatch(
      /^10 small calls go to lab at http:\/\/127\.0\.0\.1:\d+\/v1, and cost what they cost there/m,
    );
    expect(report.config).toEqual({
      providers: { lab: { compat: { parallelToolCalls: true, reasoningEffort: true } } },
      models: { "lab/m": { caps: { images: true } } },
    });
    // Written into the configuration, the line leaves nothing to say.
    const { providers, models } = report.config as { providers: { lab: object }; models: object };
    await place.write(
      "orch.config.json",
      JSON.stringify({
        providers: { lab: { kind: "openai-compatible", baseURL, ...providers.lab } },
        models,
      }),
    );
    expect((await probed()).config).toBeUndefined();
  });

  it("point 2: says of a poor server what it does not take, and the settings that leave it out", async () => {
    const { baseURL } = await server((response, body) => {
      if (body.stream_options !== undefined) return fail(response, 400, "Unknown parameter: stream_options");
      if (body.parallel_tool_calls !== undefined)
        return fail(response, 400, "Unknown parameter: parallel_tool_calls");
      if (body.response_format !== undefined) return fail(response, 400, "response_format is not supported");
      if (body.reasoning_effort !== undefined)
        return fail(response, 400, "Unknown parameter: reasoning_effort");
      if (JSON.stringify(body.messages).includes("image_url"))
        return fail(response, 400, "This model does not support image input.");
      say(response, [{ content: "ready" }], { usage: false });
    });
    await configured(baseURL, { preset: "vllm", compat: { usageInStream: false }, caps: { images: true } });
    const report = await probed();
    expect(says(report)).toMatchObject({
      text: "ok: It answers: ready",
      stream: expect.stringContaining("note: It refuses"),
      tool: "note: It called no tool, and answered in words.",
      parallel: expect.stringContaining("parallel_tool_calls"),
      structured: expect.stringContaining("response_format"),
      picture: expect.stringContaining("does not support image input"),
      thinking: expect.stringContaining("reasoning_effort"),
      replay: "note: There was no thinking to give back.",
      "wrong name": "note: It answers (stop) for a model that does not exist: a typing error is not told.",
    });
    expect(report.config).toMatchObject({
      providers: { lab: { compat: { parallelToolCalls: false, jsonSchema: "none" } } },
      models: { "lab/m": { caps: { images: false } } },
    });
  });

  it("point 2: a server that refuses its own thinking keeps its settings, unless they send it", async () => {
    const { baseURL } = await server((response, body, key) => {
      if (/"reasoning_content"/.test(JSON.stringify(body.messages)))
        return fail(response, 400, "reasoning_content is not allowed here");
      good(response, body, key);
    });
    const compat = { parallelToolCalls: true, reasoningEffort: true };
    await configured(baseURL, { caps: { images: true }, compat });
    const silent = await probed();
    expect(says(silent)["replay"]).toContain("note: It refuses");
    expect(silent.config).toBeUndefined();
    await configured(baseURL, {
      caps: { images: true },
      compat: { ...compat, reasoningField: "reasoning_content", replayReasoning: true },
    });
    expect((await probed()).config).toEqual({ providers: { lab: { compat: { replayReasoning: false } } } });
  });

  it("point 2: a server that never says that it is done is told, with the flag for it", async () => {
    const { baseURL } = await server((response) => say(response, [{ content: "ready" }], { end: null }));
    await configured(baseURL);
    const report = await probed();
    expect(says(report)["text"]).toBe(
      "note: It answers, and never says that an answer is whole: it sends no finish_reason.",
    );
    expect(report.config).toMatchObject({ providers: { lab: { compat: { finishOptional: true } } } });
  });

  it.each([
    ["a wrong key", (response: ServerResponse) => fail(response, 401, "Incorrect API key provided."), /key/i],
    [
      "no such model",
      (response: ServerResponse) => fail(response, 404, "The model `m` does not exist"),
      /does not exist/,
    ],
    [
      "a web page",
      (response: ServerResponse) =>
        response.writeHead(200, { "content-type": "text/html" }).end("<html>Log in</html>"),
      /./,
    ],
  ] as const)("ends after one call where %s leaves nothing to find out", async (_, answer, words) => {
    const { baseURL, bodies } = await server(answer);
    await configured(baseURL);
    const report = await probed();
    expect(report).toMatchObject({ code: 1, ok: false, notMade: 9 });
    expect(report.findings).toMatchObject([
      { about: "text", state: "broken", says: expect.stringMatching(words) },
    ]);
    expect(bodies.length).toBe(1);
  });

  it("writes nothing of a hostile server as it came, in wide and in narrow windows", async () => {
    const evil = "\u001b[2J\u001b]0;owned\u0007\u202e\u009b31m ready";
    const { baseURL } = await server((response, body) =>
      body.tools === undefined
        ? say(response, [{ content: evil }])
        : fail(response, 400, `${evil} ${"x".repeat(300)}`),
    );
    await configured(baseURL);
    for (const flags of [[], ["--json"]]) {
      const { stdout, stderr } = await place.run(["doctor", "lab/m", "--trust", ...flags]);
      expect(stdout + stderr).not.toMatch(/[^\P{C}\n]/u);
    }
    await using app = new TerminalApp({
      file: place.cli,
      args: ["doctor", "lab/m", "--trust"],
      cwd: place.folder,
      env: { HOME: place.home },
      columns: 40,
    });
    await app.ended;
    await app.until("orch.config.json");
    const rows = app.scrollback().split("\n");
    expect(rows.find((row) => row.includes("text"))).toMatch(/^ok +text/);
    expect(Math.max(...rows.map((row) => row.length))).toBeLessThanOrEqual(40);
  });

  it("sends a key to its provider only, and a folder cannot redirect it", async () => {
    const keys: (string | undefined)[] = [];
    const { baseURL, bodies } = await server((response, body, key) => {
      keys.push(key);
      good(response, body, key);
    });
    place.env["GROQ_API_KEY"] = "gsk_very_secret";
    await place.write("orch.config.json", JSON.stringify({ providers: { groq: { baseURL } } }));
    place.env["GROQ_BASE_URL"] = "http://127.0.0.1:9/v1";
    const { stdout, stderr, code } = await place.run(["doctor", "groq/m"]);
    expect(bodies).toEqual([]);
    expect(code).toBe(1);
    expect(stdout + stderr).not.toContain("very_secret");
  });

  it("has words for a name without a server, an unknown provider and a missing key", async () => {
    const told = async (name: string) => place.run(["doctor", name]);
    expect(await told("local/extractive")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("has no server to look at"),
    });
    expect(await told("nobody/m")).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('There is no provider "nobody"'),
    });
    expect(await told("groq/m")).toMatchObject({ code: 4, stderr: expect.stringContaining("GROQ_API_KEY") });
    expect(await told("groq")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("named like openai/gpt-5.4-mini"),
    });
  });

  it("ends with Ctrl-C while a server is silent, and says what was not made", async () => {
    let silent: () => void = () => {};
    const reached = new Promise<void>((resolve) => {
      silent = resolve;
    });
    const { baseURL } = await server((response, body) =>
      JSON.stringify(body.messages).includes("Count") ? silent() : say(response, [{ content: "ready" }]),
    );
    await configured(baseURL);
    const child = place.start("doctor", "lab/m", "--trust");
    const end = ended(child);
    await reached;
    child.kill("SIGINT");
    const { code, stdout } = await end;
    expect(code).toBe(130);
    expect(stdout).toMatch(/^ok +text/m);
    expect(stdout).toContain("9 of the 10 calls were not made.");
  });
});
