/** One life of a turn under middleware, in a process of its own: `live-middleware.ts <folder> <layer> <kill at this line>`. */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { agent, agentRunnable, textOf } from "@orch/agents";
import { orchestration, runnable } from "@orch/core";
import { scriptedModel } from "@orch/testing";
import { sqliteHost } from "../../sqlite/src/index.ts";
import { sqliteSessions } from "../../sqlite/src/sessions.ts";
import {
  ChatRuntime,
  orchestrationRuntime,
  providerSwitch,
  type ReplyStore,
  responseCache,
  retry,
  withMiddleware,
} from "../src/index.ts";

const [folder = "", layer = "", killAt = ""] = process.argv.slice(2);
const log = join(folder, "log.txt");
const lines = (): string[] => (existsSync(log) ? readFileSync(log, "utf8").trimEnd().split("\n") : []);

/** Writes down what is done, and dies there when it is time. */
function note(line: string): void {
  appendFileSync(log, `${line}\n`);
  if (line === killAt && lines().filter((one) => one === line).length === 1)
    process.kill(process.pid, "SIGKILL");
}

/** Three states; the agent in the middle fails as often as `fails` says, counted over all lives. */
function flow(name: string, fails: number) {
  const failure = { kind: "overloaded", message: "too many", retryable: true } as const;
  const model = scriptedModel(() => {
    note(`${name} model`);
    const calls = lines().filter((line) => line === `${name} model`).length;
    return calls <= fails ? { failure } : `${name} answered`;
  });
  const first = runnable("first", (text: string) => {
    note(`${name} first`);
    return text;
  });
  const ask = agentRunnable(agent({ name: "ask", model }));
  const last = runnable("last", (text: string) => {
    note(`${name} last`);
    return text;
  });
  return orchestrationRuntime(
    orchestration(name, (o) => o.start(first).advance(first, ask).advance(ask, last).finish(last)),
    { toInput: ({ text }) => text, toMessage: (text) => text },
  );
}

const file = (key: string): string => join(folder, `reply-${key}.json`);
const replies: ReplyStore = {
  get: (key) => (existsSync(file(key)) ? JSON.parse(readFileSync(file(key), "utf8")) : undefined),
  set: (key, reply) => {
    writeFileSync(file(key), JSON.stringify(reply));
    note("cached");
  },
};
const layers = {
  retry: () => withMiddleware(flow("one", 1), retry({ attempts: 3, delay: 1 })),
  cache: () => withMiddleware(flow("one", 0), responseCache({ store: replies, key: ({ text }) => text })),
  switch: () => withMiddleware(flow("one", 9), providerSwitch({ others: [flow("two", 0)] })),
};

const host = sqliteHost(join(folder, "runs.db"));
const store = sqliteSessions({ file: join(folder, "sessions.db") });
await using runtime = new ChatRuntime(layers[layer as keyof typeof layers](), {
  host,
  store,
  sessionId: "s",
});
await runtime.open();
const turn = runtime.apart === undefined ? runtime.send("hello") : runtime.retry();
note(`answer: ${textOf((await turn.reply).message)}`);
await runtime.close();
await host.close();
await store.close();
