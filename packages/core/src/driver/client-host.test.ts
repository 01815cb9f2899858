import { expect, it } from "vitest";
import { orchestration } from "../define/orchestration.ts";
import type { Capabilities } from "../run/host.ts";
import { runnable } from "../words/runnable.ts";
import { ClientHost, type RunClient } from "./client-host.ts";

const shout = runnable("shout", (text: string) => text.toUpperCase());
const flow = orchestration("flow", (o) => o.start(shout).finish(shout));
const capabilities: Capabilities = {
  keeps: true,
  failover: "itself",
  decisions: "recalled",
  once: "with the attempt",
  liveOutput: false,
  steps: "anywhere",
};

/** An engine whose run does not end, and what it hears of those who follow it. */
function endlessEngine(): {
  readonly client: RunClient;
  readonly left: () => number;
  readonly cancels: string[];
} {
  const cancels: string[] = [];
  let left = 0;
  const aborted = (signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) =>
      signal?.addEventListener("abort", () => {
        left += 1;
        resolve();
      }),
    );
  const client: RunClient = {
    start: async () => "created",
    // biome-ignore lint/correctness/useYield: nothing happens in this run.
    events: async function* (_runId, _from, signal) {
      await aborted(signal);
    },
    answer: async () => "taken",
    cancel: async (_runId, reason) => {
      cancels.push(reason);
    },
    end: (_runId, signal) => aborted(signal).then(() => Promise.reject(new TypeError("it is not there"))),
  };
  return { client, left: () => left, cancels };
}

it("a client that suspends a run follows it no longer, and the engine goes on with it", async () => {
  const { client, left, cancels } = endlessEngine();
  const run = flow.start("x", { host: new ClientHost(client, { capabilities }), runId: "r" });
  await run.accepted;
  await run.suspend();

  await expect(run.result).rejects.toMatchObject({ code: "ORCH_SUSPENDED" });
  for await (const _ of run.events()) expect.unreachable();
  expect([left(), cancels]).toEqual([2, []]);
});

it("a client that suspends a run before the engine has it is not told of it later", async () => {
  const { client } = endlessEngine();
  const started = Promise.withResolvers<"created">();
  const host = new ClientHost({ ...client, start: () => started.promise }, { capabilities });
  const run = flow.start("x", { host, runId: "r" });
  const suspended = run.suspend();
  started.resolve("created");
  await suspended;

  await expect(run.result).rejects.toMatchObject({ code: "ORCH_SUSPENDED" });
});
