/** A model on this machine that says what it is told, as slowly as a test needs. */
import { LLMock } from "@copilotkit/aimock";

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
    args: ["--trust", "--orc", "chat", "--model", "slow/mock"],
    files: slowConfig(`${mock.url}/v1`),
    [Symbol.asyncDispose]: async () => void (await mock.stop()),
  };
}

/** A configuration with a provider `slow` at an address. */
export function slowConfig(baseURL: string): Readonly<Record<string, string>> {
  return {
    "orch.config.json": JSON.stringify({ providers: { slow: { kind: "openai-compatible", baseURL } } }),
  };
}
