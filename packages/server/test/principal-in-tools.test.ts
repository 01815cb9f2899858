/** For whom a run works is known down to the tools of its agents, also after a restart of the server. */
import { agent, agentRunnable, tool } from "@orch/agents";
import { orchestration } from "@orch/core";
import { memoryHost } from "@orch/core/host";
import { scriptedModel } from "@orch/testing";
import { expect, it } from "vitest";
import { z } from "zod";
import { createServer, principalOf } from "../src/index.ts";

it("hands the principal of a run to the tools of its agent", async () => {
  const seen: unknown[] = [];
  const balance = tool({
    name: "balance",
    description: "The balance of who asks.",
    input: z.object({}),
    invoke: (_, { context }) => {
      seen.push(context);
      return "12";
    },
  });
  const model = scriptedModel((request) =>
    request.messages.some(({ role }) => role === "tool") ? "You have 12." : { calls: [{ name: "balance" }] },
  );
  const teller = agentRunnable(agent({ name: "teller", model, tools: [balance] }), {
    toContext: ({ runId }) => principalOf(runId),
  });
  const bank = orchestration("bank", (o) => o.start(teller).finish(teller));
  const server = createServer({
    host: memoryHost(),
    orchestrations: { bank: { orchestration: bank } },
    doors: [],
  });

  for (const id of ["ada", "bob@example.org"]) {
    const runs = server.runs({ id });
    for await (const event of await runs.follow(await runs.start("bank", "How much?"))) {
      if (event.type === "run.failed") throw new TypeError(event.error.message);
    }
  }

  expect(seen).toEqual([{ id: "ada" }, { id: "bob@example.org" }]);
});
