import { existsSync } from "node:fs";
import { join } from "node:path";
import { LLMock } from "@copilotkit/aimock";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Workplace, workplace } from "./headless-orch.ts";

const mock = new LLMock({ port: 0, logLevel: "silent" });
let place: Workplace;
beforeEach(async () => {
  place = await workplace();
  await mock.start();
  const providers = { openai: { baseURL: `${mock.url}/v1` } };
  const orchestrations = { cleaner: { file: "./cleaner.ts" } };
  await place.write("orch.config.json", JSON.stringify({ providers, orchestrations }));
  await place.write("cleaner.ts", CLEANER);
  place.env["OPENAI_API_KEY"] = "test";
});
afterEach(async () => {
  await mock.stop();
  await place.remove();
});

/** An agent of the user's own, with a tool that a person has to approve. */
const CLEANER = `import { writeFileSync } from "node:fs";
import { agent, tool } from "@orch/agents";
import { agentRuntime } from "@orch/chat-runtime";
import { z } from "zod";

const remove = tool({
  name: "remove",
  description: "Removes a file.",
  input: z.object({ path: z.string() }),
  approve: true,
  invoke: ({ path }) => (writeFileSync("removed.txt", path), "removed"),
});

export default ({ model }) => agentRuntime(agent({ name: "cleaner", model, tools: [remove] }));
`;

it("ends an agent's turn with 20 when a call needs approval and nobody can be asked, and does not make it", async () => {
  mock.onMessage("clean up", { toolCalls: [{ name: "remove", arguments: '{"path":"a"}' }] });
  const args = ["-p", "--trust", "--orc", "cleaner", "--model", "openai/gpt-5.4-mini"];
  const result = await place.run([...args, "clean up"]);
  expect(result).toMatchObject({ code: 20, stdout: "" });
  expect(result.stderr).toContain('nobody can answer it here: May the tool "remove" run with {"path":"a"}?');
  expect(existsSync(join(place.folder, "removed.txt"))).toBe(false);
});
