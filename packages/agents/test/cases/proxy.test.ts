import type { ServerResponse } from "node:http";
import { describe, expect, onTestFinished, test } from "vitest";
import { agent } from "../../src/agent/agent.ts";
import { proxiedFetch } from "../../src/platform/proxy/proxied-fetch.ts";
import { resolveModel } from "../../src/providers/resolve-model.ts";
import { runAgent } from "../../src/run/runner.ts";
import { connectMcp } from "../../src/tools/mcp/connect-mcp.ts";
import type { Model } from "../../src/words/model.ts";
import { answeringServer, dialects } from "./answering-server.ts";
import { loggingProxy, secureServer } from "./logging-proxy.ts";

const OURS = dialects.filter(({ name }) => name !== "ai-sdk");

/** Sets variables of this process until the test ends. */
function environment(variables: { readonly [name: string]: string }): void {
  for (const [name, value] of Object.entries(variables)) {
    const before = process.env[name];
    process.env[name] = value;
    onTestFinished(() => {
      if (before === undefined) delete process.env[name];
      else process.env[name] = before;
    });
  }
}

const ask = (model: Model) => runAgent(agent({ name: "a", model }), "go");
const pathOf = (name: string): string =>
  name === "anthropic" ? "/v1/messages" : name === "openai" ? "/v1/responses" : "/v1/chat/completions";
const portOf = (url: string): number => Number(new URL(url).port);

describe.each(OURS)("A16: $name behind a proxy", (dialect) => {
  test("over HTTP the proxy is asked for the whole address", async () => {
    const server = await answeringServer((res) => dialect.say(res, { text: "hi" }));
    const proxy = await loggingProxy({ to: { http: portOf(server.url) } });
    environment({ HTTP_PROXY: proxy.url });
    expect((await ask(dialect.model("http://model.invalid"))).output).toBe("hi");
    expect(proxy.lines).toEqual([`POST http://model.invalid${pathOf(dialect.name)}`]);
  });

  test("over HTTPS the proxy lets a connection through, and sees nothing of it", async () => {
    const port = await secureServer((asked, res) => {
      asked.resume().once("end", () => dialect.say(res, { text: "in private" }));
    });
    const proxy = await loggingProxy({ to: { https: port }, user: "ada:lovelace 1" });
    environment({ https_proxy: proxy.url.replace("//", "//ada:lovelace%201@") });
    const model = dialect.model("https://model.invalid");
    expect((await ask(model)).output).toBe("in private");
    expect((await ask(model)).output).toBe("in private");
    // The connection is used again.
    expect(proxy.lines).toEqual(["CONNECT model.invalid:443"]);
  });

  test("this machine and the hosts of NO_PROXY are reached without", async () => {
    const server = await answeringServer((res) => dialect.say(res, { text: "hi" }));
    const proxy = await loggingProxy({ to: {} });
    environment({ HTTP_PROXY: proxy.url, NO_PROXY: ".invalid" });
    expect((await ask(dialect.model(server.url))).output).toBe("hi");
    const { failure } = await ask(dialect.model("http://model.invalid"));
    expect(failure?.message).toMatch(/ENOTFOUND.*not by way of HTTP_PROXY, as NO_PROXY lists model\.invalid/);
    expect(proxy.lines).toEqual([]);
  });

  test("a failure names the proxy, and never its user and password", async () => {
    environment({ HTTPS_PROXY: "http://ada:lovelace1@127.0.0.1:9" });
    const gone = await ask(dialect.model("https://model.invalid"));
    expect(gone.failure).toMatchObject({ kind: "network", retryable: true });
    expect(gone.failure?.message).toMatch(
      /ECONNREFUSED.*by way of the proxy http:\/\/127\.0\.0\.1:9 that HTTPS_PROXY names/,
    );
    const shut = await loggingProxy({ to: {} });
    environment({ HTTPS_PROXY: shut.url.replace("//", "//ada:lovelace1@") });
    const refused = await ask(dialect.model("https://model.invalid"));
    expect(refused.failure?.message).toMatch(
      /502.*by way of the proxy http:\/\/127\.0\.0\.1:\d+ that HTTPS_PROXY/,
    );
    expect(JSON.stringify([gone, refused])).not.toMatch(/lovelace1|YWRh/);
  });

  test("a proxy that asks for a user is no model that can be asked again", async () => {
    const server = await answeringServer((res) => dialect.say(res, { text: "hi" }));
    const proxy = await loggingProxy({ to: { http: portOf(server.url) }, user: "ada:lovelace1" });
    environment({ HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url });
    for (const scheme of ["http", "https"]) {
      const { failure } = await ask(dialect.model(`${scheme}://model.invalid`));
      expect(failure).toMatchObject({ kind: "auth", status: 407, retryable: false });
      expect(failure?.message).toMatch(/the proxy 127\.0\.0\.1:\d+ asks for a user and a password/);
    }
    expect(proxy.lines).toHaveLength(2);
  });
});

test("A16: a model of a name uses the proxy of the environment that it was resolved with", async () => {
  const dialect = OURS[0]!;
  const server = await answeringServer((res) => dialect.say(res, { text: "hi" }));
  const proxy = await loggingProxy({ to: { http: portOf(server.url) } });
  environment({ HTTP_PROXY: "http://127.0.0.1:9" });
  const config = { providers: { anthropic: { baseURL: "http://model.invalid", apiKey: "k", attempts: 1 } } };
  const by = (env: { readonly [name: string]: string }) => ask(resolveModel("anthropic/m", config, { env }));
  expect((await by({ HTTP_PROXY: proxy.url })).output).toBe("hi");
  expect((await by({})).failure?.message).toMatch(/ENOTFOUND/);
  expect(proxy.lines).toHaveLength(1);
});

test("A16: an MCP server over HTTP is reached by way of the proxy", async () => {
  const proxy = await loggingProxy({ to: {} });
  environment({ HTTP_PROXY: proxy.url });
  const connecting = connectMcp({ name: "far", url: "http://model.invalid/mcp" });
  await expect(connecting).rejects.toMatchObject({ code: "ORCH_MCP_SERVER" });
  expect(proxy.lines[0]).toBe("POST http://model.invalid/mcp");
  environment({ HTTP_PROXY: "http://127.0.0.1:9" });
  await expect(connectMcp({ name: "far", url: "http://model.invalid/mcp" })).rejects.toMatchObject({
    message: expect.stringMatching(/by way of the proxy http:\/\/127\.0\.0\.1:9 that HTTP_PROXY names/),
  });
});

describe("A16: fetch by way of a proxy", () => {
  const serve = async (answer: (res: ServerResponse, path: string, raw: string) => unknown) => {
    const { createServer } = await import("node:http");
    const server = createServer((asked, res) => {
      let raw = "";
      asked.on("data", (piece) => {
        raw += piece;
      });
      asked.on("end", () =>
        answer(res, asked.url!, `${asked.method} ${raw} ${asked.headers.authorization ?? ""}`),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const proxy = await loggingProxy({ to: { http: (server.address() as { port: number }).port } });
    return { proxy, fetch: proxiedFetch({ http_proxy: proxy.url }) };
  };

  test("pieces of an answer are read as they come, and an abort ends it", async () => {
    const ended = Promise.withResolvers<void>();
    const { fetch } = await serve((res) => {
      res.once("close", ended.resolve);
      res.writeHead(200, "Fine", { "set-cookie": ["a=1", "b=2"] }).write("first");
    });
    const cancel = new AbortController();
    const response = await fetch("http://model.invalid/", { signal: cancel.signal });
    expect([response.status, response.statusText]).toEqual([200, "Fine"]);
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    const reader = response.body!.getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe("first");
    cancel.abort();
    await expect(reader.read()).rejects.toThrow();
    await ended.promise;
    await expect(fetch("http://model.invalid/", { signal: cancel.signal })).rejects.toMatchObject({
      name: "AbortError",
    });
  });

  test("bodies of every form arrive whole, and an answer may have none", async () => {
    const { fetch } = await serve((res, _path, raw) => (raw.startsWith("HEAD") ? res.end() : res.end(raw)));
    const form = new FormData();
    form.append("file", new Blob(["bytes"]), "a.txt");
    const post = async (body: BodyInit) =>
      (await fetch("http://model.invalid/", { method: "POST", body, duplex: "half" } as RequestInit)).text();
    expect(await post("text")).toBe("POST text ");
    expect(await post(new Uint8Array([65, 66]))).toBe("POST AB ");
    expect(await post(new Blob(["c"]).stream())).toBe("POST c ");
    expect(await post(form)).toMatch(/filename="a.txt"[\s\S]*bytes/);
    expect((await fetch(new Request("http://model.invalid/", { method: "HEAD" }))).status).toBe(200);
  });

  test("redirects are followed, without the keys to another server, and not without end", async () => {
    const { fetch, proxy } = await serve((res, path, raw) => {
      if (path === "/other") return res.writeHead(302, { location: "http://else.invalid/end" }).end();
      if (path === "/round") return res.writeHead(307, { location: "/round" }).end();
      return res.end(raw);
    });
    const init = { method: "POST", body: "text", headers: { authorization: "Bearer secret" } };
    const other = await fetch("http://model.invalid/other", init);
    expect(await other.text()).toBe("GET  ");
    expect(proxy.lines).toEqual(["POST http://model.invalid/other", "GET http://else.invalid/end"]);
    expect((await fetch("http://model.invalid/other", { redirect: "manual" })).status).toBe(302);
    await expect(fetch("http://model.invalid/round", init)).rejects.toThrow("redirected too often");
    await expect(fetch("http://model.invalid/round", { redirect: "error" })).rejects.toThrow(TypeError);
  });
});
