/** Hostile text through every command and every flag of the program, and what a terminal would do with the output. */
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { budget, figure, takes } from "../../../scripts/lanes.ts";
import { COMMANDS, OPTIONS } from "../src/config/command-line.ts";
import { firedBy } from "./support/fired-by.ts";
import { runBare } from "./support/run-bare.ts";

/** What a stranger writes: to the clipboard, the title and the keyboard, nested, split and in eight bits. */
const EVIL = [
  "\u001b]52;c;cm0gLXJmIH4=\u0007",
  "\u001b]0;OWNED\u0007",
  "\u001b]\u001b]0;OWNED\u0007\u0007",
  "\u001b\u001b]0;OWNED\u001b\\",
  "\u009d0;OWNED\u009c",
  "\u009b21t\u001b[21t",
  "\u001bP+q544e\u001b\\",
  "\u001bc\u001b[?1049h\u001b[2J",
  "\u202egnp.exe\u202c",
  "\u001b]8;;http://evil\u0007click\u001b]8;;\u0007",
].join("x");
/** The same as a word that JSON may hold. */
const JSON_EVIL = JSON.stringify(EVIL).slice(1, -1);

let root: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "orch-hostile-")));
  await mkdir(join(root, "home"));
  await put("docs/retries.md", `# Retries ${EVIL}\n\nA failed state ${EVIL} is tried again by its policy.\n`);
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, "work", path)), { recursive: true });
  await writeFile(join(root, "work", path), text);
}

/** Invocations so far. */
let runs = 0;

async function run(args: readonly string[], stdin = "", isTTY = true): Promise<string> {
  runs += 1;
  return runBare(root, args, stdin, isTTY);
}

/** What somebody types who copied it from a stranger. */
const TYPED: readonly (readonly string[])[] = [
  [EVIL.slice(1)],
  ["-p", EVIL],
  ["-p", EVIL, "--no-session"],
  ["-p", "x", "--screen-reader"],
  ["-p", EVIL, "--output", "json"],
  ["-p", EVIL, "--output", "stream-json"],
  ["-p", EVIL, "--output", "value"],
  ["-p", "How are failed states tried again?"],
  [`--${EVIL}`],
  ["-p", "x", "--output", EVIL],
  ["-p", "x", "--output", `json${EVIL}`],
  ["-p", "x", "--orc", EVIL],
  ["-p", "x", "--model", EVIL],
  ["-p", "x", "--model", `openai/${EVIL}`],
  ["-p", "x", "--model", `local/${EVIL}`],
  ["-p", "x", "--config", EVIL],
  ["-p", "x", "--cwd", EVIL],
  ["-p", "x", "--resume", EVIL],
  ["-p", "x", "-c", "--trust"],
  ["-p", "x", "--debug"],
  ["-p", "x", `--debug=${EVIL}`],
  ["-p", "x", "--input", EVIL],
  ["run", EVIL],
  ["run", "research", EVIL],
  ["run", "research", "--input", EVIL],
  ["init", EVIL],
  ["init"],
  ["new", EVIL],
  ["new", "mine", EVIL],
  ["new", "mine", "review", EVIL],
  ["completion", EVIL],
  ["completion", "bash"],
  ["sessions", EVIL],
  ["sessions"],
  ["sessions", "rename", EVIL, EVIL],
  ["sessions", "delete", EVIL],
  ["sessions", "export", EVIL, EVIL],
  ["sessions", "import", EVIL],
  ["sessions", "repair"],
  ["sessions", "repair", EVIL],
  ["sessions", "--output", "json"],
  ["sessions", "--json"],
  ["runs", EVIL],
  ["runs"],
  ["runs", "--all"],
  ["runs", "--all", "--json"],
  ["runs", "--no-session"],
  ["inbox", EVIL],
  ["inbox"],
  ["inbox", "--json"],
  ["answer", EVIL],
  ["answer", EVIL, EVIL],
  ["signal", EVIL],
  ["signal", EVIL, EVIL],
  ["signal", EVIL, EVIL, EVIL],
  ["signal", EVIL, EVIL, "--key", EVIL],
  ["attach", EVIL],
  ["attach", EVIL, "--from", EVIL],
  ["cancel", EVIL],
  ["cancel", EVIL, "--json"],
  ["serve", EVIL],
  ["serve", "--port", EVIL],
  ["serve", "--host", EVIL, "--port", EVIL],
  ["serve", "--drain", EVIL],
  ["serve", "--watch", EVIL],
  ["worker"],
  ["worker", EVIL],
  ["worker", "--url", EVIL],
  ["acp", EVIL],
  ["check", EVIL],
  ["check"],
  ["check", "--output", "json"],
  ["mcp", EVIL],
  ["mcp"],
  ["mcp", "list"],
  ["mcp", "list", "--json"],
  ["mcp", "login", EVIL],
  ["mcp", "logout", EVIL],
  ["doctor", EVIL],
  ["doctor", `${EVIL}/${EVIL}`],
  ["doctor", `${EVIL}/${EVIL}`, "--json"],
  ["doctor"],
  ["doctor", "--json"],
  ["config", EVIL],
  ["config", "explain", EVIL],
  ["config", "explain"],
  ["config", "explain", "providers"],
  ["config", "trust"],
  ["config", "trust", "--trust"],
  ["help", EVIL],
  ["--help"],
  ["--version"],
];

/** What lies in a folder that somebody cloned. */
const CONFIGS: Readonly<Record<string, string>> = {
  none: "",
  "a hostile key": `{ "${JSON_EVIL}": 1 }`,
  "hostile names and values": `{ "model": "${JSON_EVIL}/x", "orchestration": "${JSON_EVIL}", "orchestrations": { "${JSON_EVIL}": { "file": "./${JSON_EVIL}.ts" } },
    "providers": { "${JSON_EVIL}": { "baseURL": "http://${JSON_EVIL}", "${JSON_EVIL}": "${JSON_EVIL}" } } }`,
  "a hostile value of a wrong type": `{ "limits": { "maxTurns": "${JSON_EVIL}" }, "ui": { "theme": "${JSON_EVIL}" } }`,
  "what is not JSON": `{ "model": ${EVIL} }`,
};

it("T02: every command and every option is in the table", () => {
  const typed = new Set(TYPED.flat());
  const words = COMMANDS.flatMap(({ word }) => word ?? []);
  expect(words.filter((word) => !typed.has(word))).toEqual([]);
  const known = Object.entries(OPTIONS).filter(
    ([name, option]) => !typed.has(`--${name}`) && !("short" in option && typed.has(`-${option.short}`)),
  );
  expect(known.map(([name]) => name)).toEqual([]);
});

/** Each line is tried in one of the places at least, and in each place each n-th line. */
const EVERY = budget("hostileCommandsEvery");
const typedAt = (place: number): (readonly string[])[] => TYPED.filter((_, at) => takes(at + place, EVERY));
const PLACES = Object.entries(CONFIGS).map(([name, config], place) => [name, config, place] as const);

describe.each(PLACES)("T02: in a folder with %s", (_, config, place) => {
  it("no command lets hostile text steer a terminal", async () => {
    if (config !== "") await put("orch.config.json", config);
    await put("input.json", EVIL);
    for (const args of typedAt(place)) {
      const out = await run(args, args[0] === "run" ? JSON.stringify(EVIL) : EVIL);
      expect(await firedBy(out), JSON.stringify(args)).toEqual([]);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
      expect(out, JSON.stringify(args)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
    }
  });
});

afterAll(() => {
  figure(`hostile text through commands: 10 kinds of nested sequences in ${runs} invocations, fired: 0`);
});

it("T02: a pipe and a file get no more than a terminal, for they end on one", async () => {
  for (const args of typedAt(0))
    expect(await firedBy(await run(args, EVIL, false)), JSON.stringify(args)).toEqual([]);
});

it("T02: JSON carries hostile text unchanged, as escapes", async () => {
  const out = await run(["-p", `say ${EVIL}`, "--output", "stream-json", "--no-session"]);
  const started = out
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as { type?: string; title?: string });
  expect(started.length).toBeGreaterThan(3);
  expect(JSON.stringify(started)).toContain(JSON_EVIL);
});

it("T02: a kept run whose question, message and failure are hostile steers no terminal from another place", async () => {
  await put("orch.config.json", '{ "orchestrations": { "evil": { "file": "./evil.js" } } }');
  await put(
    "evil.js",
    `import { orchestration, question, runnable } from "@orch/core";
const evil = ${JSON.stringify(EVIL)};
const answer = { "~standard": { version: 1, vendor: evil, validate: (value) =>
  typeof value === "boolean" ? { value } : { issues: [{ message: evil }] } } };
const ask = question("ask", { ask: () => evil + "\\nforged  now  row", answer });
const end = runnable("end", (yes) => { if (yes) throw new Error(evil); return evil; });
export default orchestration("evil", (o) => o.start(ask).advance(ask, end).finish(end));
`,
  );
  const outs: string[] = [];
  const told = async (...args: string[]): Promise<string> => {
    const out = await run(args);
    outs.push(out);
    return out;
  };
  for (const answer of ["yes", "no"]) {
    await told("-p", `${EVIL} ${answer}`, "--orc", "evil", "--trust");
    await told("runs");
    await told("runs", "--json");
    const inbox = await told("inbox");
    // What is asked cannot pass for a row: its lines are indented.
    expect(inbox).toMatch(/^ {4}forged/m);
    const { questions } = JSON.parse(await told("inbox", "--json")) as { questions: { question: string }[] };
    const { question } = questions[0]!;
    await told("answer", question, EVIL);
    await told("attach", question);
    expect(await told("answer", question, answer)).toContain(answer === "yes" ? "with true" : "with false");
    const { runs } = JSON.parse(await told("runs", "--json")) as { runs: { run: string }[] };
    for (const format of ["text", "stream-json", "json", "value"])
      await told("attach", runs[0]!.run, "--output", format);
    await told("cancel", runs[0]!.run);
    expect(await told("runs", "--all")).toMatch(answer === "yes" ? /failed: / : /ended/);
  }
  for (const out of outs) {
    expect(await firedBy(out), out).toEqual([]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
    expect(out).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
  }
});
