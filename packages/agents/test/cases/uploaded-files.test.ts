import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { agent } from "../../src/agent/agent.ts";
import { uploadFile } from "../../src/provider-tools.ts";
import { runAgent } from "../../src/run/runner.ts";
import type { FilePart } from "../../src/words/message.ts";
import { answeringServer, claude, compatible, gpt } from "./answering-server.ts";

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
