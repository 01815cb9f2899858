import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { agentEvents, type Model, textOf } from "@orch/agents";
import { extractive } from "@orch/agents/extractive";
import { ChatRuntime } from "@orch/chat-runtime";
import { systemClock } from "@orch/core/doors";
import { scriptedModel } from "@orch/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import triage from "./triage.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "triage-"));
  await writeFile(join(root, "guide.md"), "# Guide\n\nThe documents say that the lamp burns oil.\n");
  await writeFile(join(root, "lamp.ts"), "// A function that burns oil.\nexport function burn() {}\n");
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Asks one message after the other, and gives the handoffs and the answers. */
async function ask(model: Model, ...messages: readonly string[]): Promise<readonly string[]> {
  const limits = { maxTurns: 4, concurrency: 1 };
  const runtime = new ChatRuntime(triage({ model, root, clock: systemClock, limits }));
  const told: string[] = [];
  runtime.on("state.output", (event) => {
    const one = agentEvents.of(event);
    if (one?.type === "agent.handoff") told.push(`${one.from} -> ${one.to}`);
  });
  for (const message of messages) told.push(textOf(await runtime.invoke(message)));
  return told;
}
const to = (name: string) => ({ calls: [{ name: `transfer_to_${name}`, input: {} }] });

it("hands a message to who knows, who goes on with the next and may hand over in turn", async () => {
  const model = scriptedModel([to("code"), "It burns.", "Still oil.", to("data"), "Three rows."]);
  expect(await ask(model, "Which function burns oil?", "And why?", "How many rows?")).toEqual([
    "desk -> code",
    "It burns.",
    "Still oil.",
    "code -> data",
    "Three rows.",
  ]);
  // Each knows its own subject, and may look into the files.
  const [desk, code] = model.requests;
  expect(textOf(desk!.messages[0]!)).toContain("You are the desk.");
  expect(textOf(code!.messages[0]!)).toContain("You know the source code.");
  expect(code!.tools?.map(({ name }) => name)).toContain("transfer_to_docs");
  expect(code!.tools?.map(({ name }) => name)).toContain("read_file");
});

it("is handed over three times for one message at most", async () => {
  const model = scriptedModel([to("code"), to("docs"), to("data"), to("code"), "never said"]);
  await expect(ask(model, "Whose is this?")).rejects.toMatchObject({ code: "ORCH_AGENT_STOPPED" });
});

it("works without a language model: it hands over by the words of the message, and quotes", async () => {
  const told = await ask(extractive({ root }), "hello", "What do the documents say about the lamp?");
  expect(told[1]).toBe("desk -> docs");
  expect(told[2]).toMatch(/the lamp burns oil.*\[guide\.md:3\]/);
});
