/**
 * A provider that is overloaded twice (529) and then answers: the call is made again, no earlier than the
 * provider asks, and the user is told meanwhile.
 *
 *   node --conditions=@orch/source examples/busy-provider.ts
 */
import { agent, resolveModel, runAgent } from "@orch/agents";
import { localServer, refuse, say } from "./support/local-server.ts";

await using server = await localServer((response, _request, count) => {
  if (count <= 2) refuse(response, 529, "Overloaded", { "retry-after-ms": "300" });
  else say(response, "Tea, at four.");
});

const config = { providers: { house: { kind: "openai-compatible", baseURL: server.url } } } as const;
const model = resolveModel("house/m", config, { env: {} });
const helper = agent({ name: "helper", instructions: "Answer in one sentence.", model });

const result = await runAgent(helper, "What shall we drink, and when?", {
  onEvent: (event) => {
    if (event.type !== "agent.retrying") return;
    const { attempt, delay, failure } = event;
    const next = `attempt ${attempt + 1} in ${(delay / 1_000).toFixed(1)} s`;
    console.log(`${failure.message} (${next})`);
  },
});

console.log(
  result.stopReason === "done" ? `Answer: ${result.output}` : `It failed: ${result.failure?.message}`,
);
