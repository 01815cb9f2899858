/** A model on this machine that says what it is told, as slowly as a test needs. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { LLMock } from "@copilotkit/aimock";

const ARGS = ["--trust", "--orc", "chat", "--model", "slow/mock"];

/** A server and how the program reaches it. */
export interface SlowModel extends AsyncDisposable {
  readonly args: readonly string[];
  /** The project's configuration, by file name. */
  readonly files: Readonly<Record<string, string>>;
}

/** Serves `text` for every message, in pieces of `size` characters every `latency` milliseconds. */
export async function slowModel(text: string, latency: number, size = 4): Promise<SlowModel> {
  const mock = new LLMock({ port: 0, logLevel: "silent" });
  mock.on({ userMessage: /^/ }, { content: text }, { latency, chunkSize: size });
  await mock.start();
  return {
    args: ARGS,
    files: slowConfig(`${mock.url}/v1`),
    [Symbol.asyncDispose]: async () => void (await mock.stop()),
  };
}

/** A model that stops in the middle until the test lets it go on. */
export interface HeldModel extends SlowModel {
  /** Lets the answer that is held go on, and all after it. */
  readonly release: () => void;
  /** Resolves when an answer was sent to its end. */
  readonly served: Promise<void>;
}

/**
 * Serves `text` for every message, and says nothing after the first `held` in it until it is released. What a test
 * does in the middle of an answer then happens in the middle of it, however slow the machine is.
 */
export async function heldModel(text: string, held: string): Promise<HeldModel> {
  const released = Promise.withResolvers<void>();
  const served = Promise.withResolvers<void>();
  const middle = text.indexOf(held) + held.length;
  const server = createServer(async (request, response) => {
    request.resume();
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(eventOf({ content: text.slice(0, middle) }));
    await released.promise;
    response.write(eventOf({ content: text.slice(middle) }));
    response.end(`${eventOf({}, "stop")}data: [DONE]\n\n`, () => served.resolve());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    args: ARGS,
    files: slowConfig(`http://127.0.0.1:${port}/v1`),
    release: () => released.resolve(),
    served: served.promise,
    [Symbol.asyncDispose]: async () => {
      released.resolve();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A piece of an answer as an OpenAI-compatible server sends it. */
function eventOf(delta: { readonly content?: string }, finishReason: string | null = null): string {
  const chunk = { id: "1", model: "mock", choices: [{ index: 0, delta, finish_reason: finishReason }] };
  return `data: ${JSON.stringify(chunk)}\n\n`;
}

/** A configuration with a provider `slow` at an address. */
export function slowConfig(baseURL: string, more: object = {}): Readonly<Record<string, string>> {
  const providers = { slow: { kind: "openai-compatible", baseURL } };
  return { "orch.config.json": JSON.stringify({ providers, ...more }) };
}
