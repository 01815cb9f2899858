/** Hostile text that is stored already: conversations, runs and configurations of others, through every command that tells of them. */
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { exportSession, type Session } from "@orch/chat-runtime";
import { afterAll, beforeAll, expect, it } from "vitest";
import { budget, figure, thorough } from "../../../scripts/lanes.ts";
import { firedBy } from "./support/fired-by.ts";
import { hostileTexts } from "./support/hostile-texts.ts";
import { runBare } from "./support/run-bare.ts";

const TEXTS = hostileTexts(budget("storedTexts"));
/** Whatever stands on a line of its own, begins with this. */
const ROW = "FORGED";
/** A few texts that have all of them together, each at the beginning of a line; in lane `test` two. */
const COUNT = thorough ? 6 : 2;
const GROUPS = Array.from({ length: COUNT }, (_, at) =>
  TEXTS.filter((_, index) => index % COUNT === at).join(`\n${ROW} `),
);
const [TEXT, OTHER] = GROUPS as [string, string];

let root: string;
let reads = 0;
beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "orch-hostile-")));
  await mkdir(join(root, "home"));
  await mkdir(join(root, "work"));
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
  figure(`hostile text that is stored: ${TEXTS.length} sequences read by ${reads} invocations, fired: 0`);
});

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, "work", path)), { recursive: true });
  await writeFile(join(root, "work", path), text);
}

/** Runs a command, and looks at what it wrote as a terminal does. */
async function told(...args: string[]): Promise<string> {
  reads += 1;
  const out = await runBare(root, args);
  expect(await firedBy(out), args.join(" ")).toEqual([]);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
  expect(out, args.join(" ")).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
  return out;
}

function sessionOf(text: string, at: number): Session {
  const origin = { provider: text, api: text, model: text };
  const call = { type: "tool-call", id: `c${at}`, name: text, rawInput: text } as const;
  const messages = [
    { role: "user", content: [{ type: "text", text }] },
    { role: "assistant", content: [{ type: "text", text }, call], origin, finish: { reason: "tool-calls" } },
    {
      role: "tool",
      content: [{ type: "tool-result", id: `c${at}`, name: text, output: text, isError: true }],
    },
  ] as unknown as Session["turns"][number]["messages"];
  const turn = { messages, startedAt: 1, endedAt: 2, labels: { model: text, orchestration: text } };
  return {
    ...{ id: `session-${at}-${text}`, title: text, createdAt: 1, updatedAt: 2, turnCount: 2 },
    turns: [
      { ...turn, id: `turn-${at}a`, configuration: text, status: "completed" },
      { ...turn, id: `turn-${at}b`, configuration: text, status: "failed", error: text },
    ],
  };
}

it("conversations that were imported steer no terminal, and make no rows of their own", async () => {
  for (const [at, text] of GROUPS.entries()) {
    await put(`evil${at}.jsonl`, exportSession(sessionOf(text, at), "jsonl"));
    await told("sessions", "import", `evil${at}.jsonl`);
  }
  const list = await told("sessions");
  expect(list.split("\n").filter((line) => line !== "")).toHaveLength(GROUPS.length);
  for (const at of GROUPS.keys()) {
    for (const format of ["md", "html", "jsonl", "json"])
      expect(await told("sessions", "export", `session-${at}-`, format)).toContain(ROW);
    await told("sessions", "delete", `session-${at}-`);
    await told("sessions", "rename", `session-${at}-`, GROUPS[at]!);
  }
  expect((await told("sessions")).match(new RegExp(`^${ROW}`, "m"))).toBeNull();
  await told("sessions", "--json");
  await told("sessions", ROW);
  await told("runs", "--all");
  await told("doctor");
});

it("runs whose message, question, output and failure are hostile steer no terminal, and make no rows of their own", async () => {
  await put("orch.config.json", '{ "orchestrations": { "evil": { "file": "./evil.js" } } }');
  await put(
    "evil.js",
    `import { orchestration, question, runnable } from "@orch/core";
const schema = (text) => ({ type: "object", title: text, properties: { [text]: { type: "string", description: text, enum: [text] } } });
const answer = { "~standard": { version: 1, vendor: "mine",
  validate: (value) => typeof value === "boolean" ? { value } : { issues: [{ message: String(value) }] },
  jsonSchema: { input: () => schema(text), output: () => schema(text) } } };
let text = "";
const keep = runnable("keep", (said) => { text = said; return said; });
const ask = question("ask", { ask: (said) => said, answer });
const end = runnable("end", (yes) => { if (yes) throw new Error(text, { cause: new Error(text) }); return text; });
export default orchestration("evil", (o) => o.start(keep).advance(keep, ask).advance(ask, end).finish(end));
`,
  );
  for (const [at, text] of GROUPS.entries()) {
    await told("-p", text, "--orc", "evil", "--trust");
    const rows = [await told("runs"), await told("inbox")].join("\n").split("\n");
    expect(rows.filter((line) => line.startsWith(ROW))).toEqual([]);
    await told("runs", "--json");
    const { questions } = JSON.parse(await told("inbox", "--json")) as { questions: { question: string }[] };
    await told("answer", questions[0]!.question, text);
    await told("answer", questions[0]!.question, at % 2 === 0 ? "yes" : "no");
    const { runs } = JSON.parse(await told("runs", "--json")) as { runs: { run: string }[] };
    for (const format of ["text", "stream-json", "json", "value"])
      await told("attach", runs[0]!.run, "--output", format);
  }
  expect((await told("runs", "--all")).match(new RegExp(`^${ROW}`, "m"))).toBeNull();
});

it("configurations and code of others steer no terminal", async () => {
  const names = [TEXTS.slice(0, 10).join(""), TEXTS.slice(10, 20).join(""), TEXTS.slice(20, 30).join("")];
  const named = Object.fromEntries(names.map((name, at) => [name, { file: `./own${at}.js` }]));
  await put("orch.config.json", JSON.stringify({ orchestrations: named, model: TEXT, [OTHER]: 1 }));
  await put("own0.js", `throw new Error(${JSON.stringify(TEXT)});`);
  await put(
    "own1.js",
    `const x = ;;; "${TEXTS.slice(0, 200)
      .join("")
      .replaceAll(/[\n\r"\\]/g, "")}"`,
  );
  await put(
    "own2.js",
    `import { orchestration, runnable } from "@orch/core";
const a = runnable(${JSON.stringify(OTHER)}, () => 1), b = runnable(${JSON.stringify(OTHER)}, () => 1);
export default () => orchestration(${JSON.stringify(TEXT)}, (o) => o.start(a).finish(b));`,
  );
  for (const args of [["check"], ["check", "--trust"], ["check", "--trust", "--json"]]) await told(...args);
  for (const args of [["doctor"], ["doctor", "--json"], ["config", "trust"], ["config", "explain"]])
    await told(...args);
  for (const name of names) await told("-p", "x", "--orc", name, "--trust");
});
