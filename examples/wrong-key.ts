/**
 * A key that is wrong: one call, no further attempt, no other model in its place, and a sentence that says
 * what happened without the key, although the provider repeats it.
 *
 *   node --conditions=@orch/source examples/wrong-key.ts
 */
import { agent, resolveModel, runAgent } from "@orch/agents";
import { localServer, refuse } from "./support/local-server.ts";

let calls = 0;
await using server = await localServer((response, request) => {
  calls++;
  refuse(
    response,
    401,
    `Incorrect API key provided: ${request.headers.authorization?.slice("Bearer ".length)}.`,
  );
});

// As a user would have it: the address in the configuration, the key in the environment.
const config = {
  providers: { house: { kind: "openai-compatible", baseURL: server.url, apiKeyEnv: "HOUSE_API_KEY" } },
} as const;
const ask = async (env: { readonly [name: string]: string }) => {
  const model = resolveModel("house/m", config, { env });
  const { stopReason, failure } = await runAgent(agent({ name: "helper", model }), "Hello");
  return { stopReason, failure };
};

try {
  await ask({});
} catch (error) {
  console.log(`Without a key:\n${error instanceof Error ? error.message : String(error)}\n`);
}

const { stopReason, failure } = await ask({ HOUSE_API_KEY: "wrong-horse-battery" });
console.log(`With a wrong key:\n${failure?.message}`);
console.log(`stopReason is "${stopReason}", and ${calls} call was made.`);
