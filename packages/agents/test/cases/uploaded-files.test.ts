import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { agent } from "../../src/agent/agent.ts";
import { codeExecution, fetchFile, uploadFile } from "../../src/provider-tools.ts";
import { runAgent } from "../../src/run/runner.ts";
import { type FilePart, userMessage } from "../../src/words/message.ts";
import { answeringServer, claude, compatible, gpt, sayBlocks, sayItems } from "./answering-server.ts";

const KEY = "sk-secret-0123456789";
const PDF = { data: new TextEncoder().encode("%PDF-1.7"), mediaType: "application/pdf", name: "a.pdf" };

/** A provider that takes files, or answers as it is told. */
async function filesServer(status: number, answer: string) {
  const seen: { url: string; headers: Record<string, unknown>; body: string }[] = [];
  const server = createServer(async (req, res) => {
    let body = "";
    for await (const piece of req.setEncoding("utf8")) body += piece;
    seen.push({ url: req.url ?? "", headers: req.headers, body });
    res.writeHead(status, { "content-type": "application/json" }).end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

test("issue 12: a file is uploaded once to OpenAI or Anthropic, and is a part by its id", async () => {
  for (const provider of ["openai", "anthropic"] as const) {
    const server = await filesServer(200, JSON.stringify({ id: "file_1" }));
    const baseURL = provider === "openai" ? `${server.url}/v1` : server.url;
    const part = await uploadFile({ provider, apiKey: KEY, baseURL }, PDF);
    expect(part).toEqual({
      type: "file",
      mediaType: "application/pdf",
      name: "a.pdf",
      stored: { provider, id: "file_1" },
    });
    const [{ url, headers, body }] = server.seen as [(typeof server.seen)[number]];
    expect(url).toBe("/v1/files");
    expect(body).toContain("%PDF-1.7");
    expect(body.includes("user_data")).toBe(provider === "openai");
    expect(headers[provider === "openai" ? "authorization" : "x-api-key"]).toContain(KEY);
  }
});

test("issue 12: an upload that is refused, cut or answered with something else is an error without the key", async () => {
  const cases = [
    [401, `{"error":{"message":"bad key ${KEY}"}}`, "auth"],
    [413, "too large", "bad-request"],
    [200, "{}", "protocol"],
    [503, "{}", "overloaded"],
  ] as const;
  for (const [status, answer] of cases) {
    const { url } = await filesServer(status, answer);
    const failure = await uploadFile({ provider: "openai", apiKey: KEY, baseURL: url }, PDF).catch(
      (error: unknown) => error,
    );
    expect(failure, answer).toMatchObject({ code: "ORCH_UPLOAD", facts: { name: "a.pdf" } });
    expect(JSON.stringify(failure) + String(failure)).not.toContain(KEY);
  }
  const gone = uploadFile({ provider: "openai", apiKey: KEY, baseURL: "http://127.0.0.1:9" }, PDF);
  await expect(gone).rejects.toMatchObject({ facts: { failure: { kind: "network" } } });
  const signal = AbortSignal.abort();
  const cancelled = uploadFile({ provider: "openai", apiKey: KEY, signal }, PDF);
  await expect(cancelled).rejects.toMatchObject({ facts: { failure: { kind: "aborted" } } });
});

test("issue 12: a stored file goes by its id to its own provider, and is left out with a warning elsewhere", async () => {
  const files = (provider: string): FilePart[] => [
    { type: "file", mediaType: "application/pdf", name: "a.pdf", stored: { provider, id: "file_1" } },
    { type: "file", mediaType: "image/png", stored: { provider, id: "file_2" } },
  ];
  const run = async (dialect: typeof gpt, provider: string) => {
    const server = await answeringServer((res) => dialect.say(res, { text: "ok" }));
    const model = dialect.model(server.url);
    const result = await runAgent(agent({ name: "a", model }), [{ role: "user", content: files(provider) }]);
    expect(result.stopReason).toBe("done");
    return { body: server.bodies[0], warnings: result.warnings.join() };
  };
  expect((await run(gpt, "openai")).body.input[0].content).toEqual([
    { type: "input_file", file_id: "file_1" },
    { type: "input_image", detail: "auto", file_id: "file_2" },
  ]);
  expect((await run(claude, "anthropic")).body.messages[0].content).toEqual([
    { type: "document", source: { type: "file", file_id: "file_1" }, title: "a.pdf" },
    { type: "image", source: { type: "file", file_id: "file_2" } },
  ]);
  for (const [dialect, provider] of [
    [claude, "openai"],
    [gpt, "anthropic"],
    [compatible, "lab"],
  ] as const) {
    const { body, warnings } = await run(dialect, provider);
    expect(JSON.stringify(body)).not.toContain("file_1");
    expect(warnings).toContain(`it is kept at ${provider}`);
  }
});

const CODE = [
  { type: "server_tool_use", id: "srv_1", name: "bash_code_execution", input: { command: "plot" } },
  {
    type: "bash_code_execution_tool_result",
    tool_use_id: "srv_1",
    content: {
      type: "bash_code_execution_result",
      stdout: "",
      stderr: "",
      return_code: 0,
      content: [{ type: "bash_code_execution_output", file_id: "file_made" }, null],
    },
  },
  { type: "text", text: "Done." },
];
const cited = {
  type: "container_file_citation",
  container_id: "cntr_1",
  file_id: "cfile_made",
  filename: "plot.png",
  start_index: 0,
  end_index: 4,
};
const SPOKEN = {
  type: "message",
  id: "msg_1",
  role: "assistant",
  status: "completed",
  content: [{ type: "output_text", text: "Done.", annotations: [cited, cited] }],
};

test("point 4: files that code made are parts by their id, stay with the provider that made them, and are told to another", async () => {
  const made = {
    anthropic: { type: "file", mediaType: "application/octet-stream", stored: { id: "file_made" } },
    openai: {
      type: "file",
      mediaType: "image/png",
      name: "plot.png",
      stored: { provider: "openai", id: "cfile_made", container: "cntr_1" },
    },
  };
  for (const [name, dialect, other] of [
    ["anthropic", claude, gpt],
    ["openai", gpt, claude],
  ] as const) {
    const server = await answeringServer((res, { n }) => {
      if (n > 1) dialect.say(res, { text: "more" });
      else if (name === "openai") sayItems(res, [SPOKEN]);
      else sayBlocks(res, CODE);
    });
    const tools = [codeExecution()];
    const one = agent({ name: "a", model: dialect.model(server.url), tools });
    const { messages } = await runAgent(one, "plot");
    const parts = messages.at(-1)?.content.filter(({ type }) => type === "file");
    expect(parts, name).toMatchObject([made[name]]);
    const next = await runAgent(one, [...JSON.parse(JSON.stringify(messages)), userMessage("on")]);
    expect([next.stopReason, next.warnings]).toEqual(["done", []]);
    const back = JSON.stringify(server.bodies[1].messages ?? server.bodies[1].input);
    expect(back.includes("file_made"), "it goes back in the result of the code only").toBe(
      name === "anthropic",
    );
    const elsewhere = await answeringServer((res) => other.say(res, { text: "ok" }));
    const moved = agent({ name: "a", model: other.model(elsewhere.url), tools });
    const told = await runAgent(moved, [...messages, userMessage("and?")]);
    expect([told.stopReason, told.warnings.length]).toEqual(["done", 1]);
    expect(told.warnings[0]).toMatch(/is left out/);
    expect(JSON.stringify(elsewhere.bodies[0])).not.toContain("file_made");
  }
});

test("point 4: a file that a provider keeps is fetched by its id, and a name from there leads to no other folder", async () => {
  const paths: string[] = [];
  const server = createServer((req, res) => {
    paths.push(req.url ?? "");
    const gone = req.url?.includes("gone");
    if (gone) res.writeHead(404).end(JSON.stringify({ error: { message: `no file, ${KEY}` } }));
    else if (req.url?.endsWith("/content")) res.end("bytes");
    else res.end(JSON.stringify({ filename: "../../plot.csv", mime_type: "text/csv" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const part = (stored: FilePart["stored"], name?: string): FilePart => ({
    type: "file",
    mediaType: "image/png",
    ...(stored && { stored }),
    ...(name !== undefined && { name }),
  });
  const anthropic = { provider: "anthropic", apiKey: KEY, baseURL: url } as const;
  const one = await fetchFile(anthropic, part({ provider: "anthropic", id: "f/1" }));
  expect([new TextDecoder().decode(one.data), one.name, one.mediaType]).toEqual([
    "bytes",
    "plot.csv",
    "text/csv",
  ]);
  const openai = { provider: "openai", apiKey: KEY, baseURL: `${url}/v1` } as const;
  const kept = { provider: "openai", id: "c1", container: "cntr_1" };
  expect(await fetchFile(openai, part(kept, "a\\b/plot.png"))).toMatchObject({ name: "plot.png" });
  expect(paths).toEqual([
    "/v1/files/f%2F1",
    "/v1/files/f%2F1/content",
    "/v1/containers/cntr_1/files/c1/content",
  ]);
  for (const [stored, text] of [
    [{ provider: "anthropic", id: "gone" }, /was not fetched: .*no file/],
    [{ provider: "openai", id: "x" }, /it is kept at openai/],
    [undefined, /no provider keeps it/],
  ] as const) {
    const failure = await fetchFile(anthropic, part(stored)).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "ORCH_UPLOAD" });
    expect(String(failure)).toMatch(text);
    expect(String(failure)).not.toContain(KEY);
  }
});
