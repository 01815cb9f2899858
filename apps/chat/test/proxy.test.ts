import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Workplace, workplace } from "./headless-orch.ts";

let place: Workplace;
beforeEach(async () => {
  place = await workplace();
});
afterEach(() => place.remove());

it("T23: the chat goes by way of the proxy of its environment, and names it where that fails", async () => {
  const lines: string[] = [];
  const proxy = createServer((asked, answer) => {
    lines.push(`${asked.method} ${asked.url}`);
    const chunk = {
      id: "1",
      model: "m",
      choices: [{ index: 0, delta: { content: "hello" }, finish_reason: "stop" }],
    };
    answer.writeHead(200, { "content-type": "text/event-stream" });
    answer.end(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  try {
    Object.assign(place.env, {
      HTTP_PROXY: url,
      HTTPS_PROXY: url,
      GROQ_API_KEY: "k",
      GROQ_BASE_URL: "http://api.invalid/v1",
    });
    const said = await place.run(["--model", "groq/m", "-p", "hi"], "", true);
    expect(said.stdout.trim()).toBe("hello");
    expect(lines).toEqual(["POST http://api.invalid/v1/chat/completions"]);
  } finally {
    proxy.close();
    proxy.closeAllConnections();
  }
  place.env["HTTP_PROXY"] = "http://ada:lovelace1@127.0.0.1:9";
  const failed = await place.run(["--model", "groq/m", "-p", "hi"], "", true);
  expect(failed.code).toBe(5);
  expect(failed.stderr).toMatch(/by way of the proxy http:\/\/127\.0\.0\.1:9 that HTTP_PROXY names/);
  expect(failed.stderr).not.toContain("lovelace1");
});
