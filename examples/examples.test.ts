import { execFile } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { LLMock } from "@copilotkit/aimock";
import { expect, it } from "vitest";
import { childEnvironment } from "../scripts/child-environment.ts";
import { runTogether } from "./support/run-together.ts";

const here = import.meta.dirname;
const run = async (args: readonly string[], env: Record<string, string> = {}) =>
  promisify(execFile)(process.execPath, ["--conditions=@orch/source", join(here, "start.ts"), ...args], {
    env: childEnvironment(env),
  });

/** What needs neither arguments nor a process of its own. */
const ran = runTogether(here, [
  ...["hello", "draw", "research-classes", "signal", "sleep-over-restart", "time-travel", "shared-state"],
  ...["quorum", "switch-provider", "ai-sdk", "hand-over", "experts"],
]);

it("hello searches for each topic, and says how it moved", async () => {
  const { stdout, stderr } = await ran("hello");
  expect(stdout).toBe("solar power today (3 words)\nsolar power tomorrow (3 words)\n");
  expect(stderr).toBe("plan -> searchAll\nsearchAll -> report\n");
});

it("hello is what the README shows", () => {
  const readme = readFileSync(join(here, "../README.md"), "utf8");
  expect(readme).toContain(`\`\`\`ts\n${readFileSync(join(here, "hello.ts"), "utf8")}\`\`\``);
});

it("draw draws what the documentation shows", async () => {
  const timeless = (text: string): string => text.replaceAll(/ +\d+(?:\.\d)?m?s$/gm, "");
  const { stdout, stderr } = await ran("draw");
  expect(stderr).toBe("");
  const page = timeless(readFileSync(join(here, "../docs/drawing.md"), "utf8"));
  const [definition, , , whole, mermaid] = timeless(stdout).trimEnd().split("\n\n");
  for (const drawing of [definition!, whole!, mermaid!]) expect(page).toContain(drawing);
  expect(whole).toMatch(/^publish: completed/);
});

it("research-classes plans, researches and reports, with places in the documentation", async () => {
  const { stdout, stderr } = await ran("research-classes");
  expect(stderr).toBe("planning -> research\nresearch -> reporting\n");
  expect(stdout).toMatch(/^Title: How are failed states retried\?\n\nSummary: .*\[docs\/\w+\.md:\d+\]/);
});

it("three-questions: killed, answered from elsewhere, resumed; what was done is done once", async () => {
  const { stdout } = await run(["three-questions"]);
  expect(stdout.split("\n").map((line) => line.replace(/^(\S+): /, "$1 | "))).toEqual([
    "begin.ts | asks: When do you go to Lisbon?",
    "begin.ts | asks: How many are you?",
    "begin.ts | asks: Do you want to swim?",
    "begin.ts | waits",
    "begin.ts | killed by SIGKILL",
    'answer-two.ts | open: trip/gather#1[dates]/dates#1 "When do you go to Lisbon?"',
    'answer-two.ts | open: trip/gather#1[people]/people#1 "How many are you?"',
    'answer-two.ts | open: trip/gather#1[beach]/beach#1 "Do you want to swim?"',
    "answer-two.ts | answered two",
    "answer-two.ts | ended",
    'finish.ts | still open: "Do you want to swim?"',
    "finish.ts | result: trains to Lisbon in May for 2, with a beach",
    "finish.ts | ended",
    "work that was done, in all three processes: hotels, trains",
    "",
  ]);
});

it("signal takes a payment that came while no process drove the run, once", async () => {
  const { stdout, stderr } = await ran("signal");
  expect(stderr).toBe("");
  expect(stdout).toBe(
    [
      'The run "order-1" was suspended; nothing of it is lost.',
      'No state of the run "order-1" waits for signals of the kind "payed".',
      "shipped two lamps for 120",
      "",
    ].join("\n"),
  );
});

it("sleep-over-restart waits as long as it would have in one process", async () => {
  const { stdout, stderr } = await ran("sleep-over-restart");
  expect(stderr).toBe("");
  expect(stdout.split("\n")).toEqual([
    "in the middle of it: running",
    'The run "order-1" was suspended; nothing of it is lost.',
    "taken up: order-1",
    "tea, ordered and shipped",
    "the sleep was kept whole",
    "",
  ]);
});

it("time-travel runs only what comes after the change, and leaves the first run as it was", async () => {
  const { stdout, stderr } = await ran("time-travel");
  expect(stderr).toBe("");
  expect(stdout).toContain("the run: found tides, found tides risks (plan, search, report)\n");
  expect(stdout).toContain("with another plan: found waves (search, report)\n");
  expect(stdout).toContain("on another input: found reefs (search, report)\n");
  expect(stdout).toContain("the report again: found tides, found tides risks (report)\n");
  expect(stdout).toMatch(/runs: first,first,first,new\n$/);
});

it("shared-state adds up what branches write, and begins each run anew", async () => {
  const { stdout, stderr } = await ran("shared-state");
  expect(stderr).toBe("");
  expect(stdout).toBe("pt: 5 words, ficam.md and fortes.md and marés.md\nen: 3 words, Where.md\n");
});

it("quorum takes who is first, stops the others, and gives up with too few left", async () => {
  const { stdout, stderr } = await ran("quorum");
  expect(stderr).toBe("");
  const lines = stdout.split("\n");
  expect(lines[2]).toBe("near says 9");
  expect(lines[4]).toBe("[ 'near says 9', 'far says 9' ]");
  expect(lines[6]).toBe("how high?");
  expect(lines.filter((line) => line === "  slow stopped")).toHaveLength(3);
  expect(lines.at(-2)).toMatch(/^"lost" needed 2 values, .* "down" failed: not reachable \(at .*\)$/);
});

it("switch-provider answers without a key", async () => {
  const { stdout, stderr } = await ran("switch-provider");
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^local\/extractive: .*\[orchestrations\.md:\d+\]/);
  expect(stdout).toContain("4 messages in one conversation.");
});

it("switch-provider takes the conversation from one provider to another", async () => {
  const mock = new LLMock({ port: 0, logLevel: "silent" });
  mock.onMessage("What does an advancer do?", { content: "It moves the machine." });
  mock.onMessage("And how are failed states retried?", { content: "As their policy says." });
  await mock.start();
  const { stdout } = await run(["switch-provider", "openai/gpt-5.4-mini", "anthropic/claude-sonnet-5-5"], {
    OPENAI_API_KEY: "test",
    OPENAI_BASE_URL: `${mock.url}/v1`,
    ANTHROPIC_API_KEY: "test",
    ANTHROPIC_BASE_URL: mock.url,
  });
  const requests = mock.getRequests();
  await mock.stop();
  expect(stdout).toContain("openai/gpt-5.4-mini: It moves the machine.\n");
  expect(stdout).toContain("anthropic/claude-sonnet-5-5: As their policy says.\n");
  expect(requests.map(({ path }) => path)).toEqual(["/v1/responses", "/v1/messages"]);
  expect(JSON.stringify(requests[1]?.body)).toContain("It moves the machine.");
});

it("ai-sdk answers without a key, and goes on with a model of the AI SDK", async () => {
  const alone = await ran("ai-sdk");
  expect(alone.stderr).toBe("");
  expect(alone.stdout).toContain("4 messages, cost unknown");
  const mock = new LLMock({ port: 0, logLevel: "silent" });
  const usage = { input_tokens: 1_000_000, output_tokens: 0 };
  mock.onMessage("And how are failed states retried?", { content: "As their policy says.", usage });
  await mock.start();
  const env = { OPENAI_API_KEY: "test", OPENAI_BASE_URL: `${mock.url}/v1` };
  const { stdout } = await run(["ai-sdk", "vercel/gpt-5.4-mini"], env);
  const requests = mock.getRequests();
  await mock.stop();
  expect(stdout).toContain("vercel/gpt-5.4-mini: As their policy says.\n4 messages, $0.25\n");
  expect(requests.map(({ path }) => path)).toEqual(["/v1/responses"]);
  expect(JSON.stringify(requests[0]?.body)).toContain("What does an advancer do?");
});

it("hand-over gives the question to who knows, who goes on with the next; a key stops at the door", async () => {
  const { stdout, stderr } = await ran("hand-over");
  expect(stderr).toBe("desk -> machines\n");
  expect(stdout).toMatch(/^machines: .*\[failures\.md:\d+\]/);
  expect(stdout).toMatch(/^machines: An advancer decides/m);
  expect(stdout).toContain("guardrail: There is a key in this message.\n");
});

it("experts asks one below, runs a tool outside, and sends the end of a long conversation", async () => {
  const { stdout, stderr } = await ran("experts");
  expect(stderr).toMatch(/^reader has answered 1 level down\n\d+ messages, \d+ of them sent\n$/);
  expect(stdout.match(/^done: /gm)).toHaveLength(3);
  expect(stdout).toContain('note: {"text":"Retries wait longer each time."}');
});

it("approve waits in a file, and goes on in another process with a yes or a no, once", async () => {
  const folder = mkdtempSync(join(tmpdir(), "orch-approve-"));
  const file = join(folder, "waiting.json");
  for (const [answer, said] of [
    ["yes", "agents.md is published"],
    ["no", "The call was denied: The owner said no."],
  ] as const) {
    expect((await run(["approve", file])).stdout).toBe('May publish run with {"page":"agents.md"}?\n');
    expect((await run(["approve", file, answer])).stdout).toContain(said);
  }
  await expect(run(["approve", file, "yes"])).rejects.toMatchObject({ code: 2 });
  rmSync(folder, { recursive: true });
});

it("an unknown name is answered with those there are", async () => {
  await expect(run(["nope"])).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/draw, .*hand-over, hello, .*research-classes, .*three-questions/),
  });
});

it("all examples are short", () => {
  for (const file of globSync(["*.ts", "three-questions/*.ts"], { cwd: here, exclude: ["*.test.ts"] })) {
    expect(readFileSync(join(here, file), "utf8").split("\n").length, file).toBeLessThanOrEqual(81);
  }
});
