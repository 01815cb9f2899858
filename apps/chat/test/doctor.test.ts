import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Diagnosis } from "../src/doctor/diagnosis.ts";
import { type TerminalFacts, terminalFindings } from "../src/doctor/terminal-findings.ts";
import { type Workplace, workplace } from "./headless-orch.ts";
import { TerminalApp } from "./support/terminal-app.ts";

let place: Workplace;
beforeEach(async () => {
  place = await workplace();
});
afterEach(() => place.remove());

async function doctor(): Promise<{ code: number | null; ok: boolean; of: (about: string) => Diagnosis[] }> {
  const { code, stdout } = await place.run(["doctor", "--json"]);
  const { ok, findings } = JSON.parse(stdout) as { ok: boolean; findings: Diagnosis[] };
  return { code, ok, of: (about) => findings.filter((one) => one.about === about) };
}

it("orch doctor looks at everything, ends with 0 when nothing is broken, and shows no key", async () => {
  place.env["GROQ_API_KEY"] = "gsk_very_secret";
  place.env["HTTPS_PROXY"] = "http://user:pass@proxy.example:3128";
  await place.run(["-p", "How are failed states tried again?"]);
  const { code, stdout } = await place.run(["doctor"]);
  expect(code).toBe(0);
  expect(stdout).toContain("Nothing is broken.");
  for (const about of [
    "orch",
    "node",
    "proxy",
    "terminal",
    "config",
    "model",
    "providers",
    "git",
    "sdks",
    "state",
    "store",
    "disk",
  ])
    expect(stdout).toMatch(new RegExp(`^(ok    |note  ) ${about} `, "m"));
  expect(stdout).toContain("Keys: groq (GROQ_API_KEY).");
  expect(stdout).toMatch(/sessions\.db is whole: .*format \d+, 1 session of this folder/);
  expect(stdout).toMatch(
    /^ok {4} proxy .*HTTPS_PROXY = http:\/\/proxy\.example:3128\. Used for all but this machine/m,
  );
  expect(stdout).not.toMatch(/very_secret|user|pass/);
  const json = await place.run(["doctor", "--json"]);
  expect(json.stdout).not.toMatch(/very_secret|pass@/);
});

it("orch doctor ends with 1 and says the way out of each problem", async () => {
  await place.write(
    "orch.config.json",
    '{ "model": "openai/x", "providers": { "groq": { "apiKey": "gsk_x" } } }',
  );
  const state = join(place.home, ".local/state/orch");
  await mkdir(state, { recursive: true });
  await writeFile(join(state, "sessions.db"), "this is no database");
  await writeFile(join(state, "trust.json"), "{");
  const { code, ok, of } = await doctor();
  expect({ code, ok }).toEqual({ code: 1, ok: false });
  expect(of("model")).toEqual([
    expect.objectContaining({ state: "broken", fix: expect.stringContaining("Set OPENAI_API_KEY") }),
  ]);
  expect(of("store")[0]).toMatchObject({ state: "broken", says: expect.stringContaining("sessions.db") });
  expect(of("trust").map(({ state }) => state)).toEqual(["note", "broken"]);
  // It looks, and repairs nothing.
  expect(await readFile(join(state, "sessions.db"), "utf8")).toBe("this is no database");
});

it("orch doctor names the SDKs inside it and those of the folder, and which of those do not fit", async () => {
  const installed = (name: string, about: object): Promise<void> =>
    place.write(`node_modules/${name}/package.json`, JSON.stringify(about));
  await installed("openai", { version: "6.1.0" });
  await installed("@anthropic-ai/sdk", { version: "1.13.2" });
  await installed("@ai-sdk/google", { version: "2.0.1", dependencies: { "@ai-sdk/provider": "2.0.0" } });
  await installed("@ai-sdk/openai", { version: "4.0.3", dependencies: { "@ai-sdk/provider": "4.0.1" } });
  await installed("@ai-sdk/broken", { version: 7 });
  const peers = { openai: "^7.57.0", "@anthropic-ai/sdk": "^1.12.0" };
  await installed("@orch/agents", { version: "0.4.0", peerDependencies: peers });
  const { code, of } = await doctor();
  expect(code).toBe(0);
  const [program, folder, ...problems] = of("sdks");
  expect(program!.says).toMatch(
    /^In the program: openai \d+\.\d+\.\d+, @anthropic-ai\/sdk \d\S+, @modelcontextprotocol\/client \d\S+\.$/,
  );
  expect(folder).toMatchObject({
    says: "Code of this folder finds: @ai-sdk/google 2.0.1, @ai-sdk/openai 4.0.3, @anthropic-ai/sdk 1.13.2, @orch/agents 0.4.0, openai 6.1.0.",
    facts: { installed: { openai: "6.1.0" } },
  });
  expect(problems.map(({ state, says }) => [state, says])).toEqual([
    ["note", "The models of @ai-sdk/google 2.0.1 cannot be used: it is made for @ai-sdk/provider 2.0.0."],
    ["note", "@orch/agents 0.4.0 needs openai ^7.57.0, and 6.1.0 is installed."],
  ]);
});

it("orch doctor has an answer where the configuration or the state folder is of no use", async () => {
  await place.write("orch.config.json", "{ no");
  const wrong = await doctor();
  expect(wrong.code).toBe(1);
  expect(wrong.of("config")[0]).toMatchObject({ state: "broken", says: expect.stringContaining("not JSON") });
  await place.write("orch.config.json", "{}");
  await mkdir(join(place.home, ".local/state"), { recursive: true });
  await writeFile(join(place.home, ".local/state/orch"), "a file");
  const blocked = await doctor();
  expect(blocked.code).toBe(1);
  expect(blocked.of("state")[0]).toMatchObject({
    state: "broken",
    says: expect.stringContaining("is no folder"),
  });
});

it("orch doctor takes a model, and nothing else", async () => {
  for (const args of [
    ["doctor", "everything"],
    ["doctor", "a/b", "c"],
  ])
    expect(await place.run(args)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("or at one model"),
    });
});

it("orch doctor asks a terminal what it can do, and leaves what was typed for the shell", async () => {
  await using app = new TerminalApp({
    file: place.cli,
    args: ["doctor"],
    cwd: place.folder,
    env: { HOME: place.home },
    columns: 40,
  });
  await app.until("Nothing is broken.");
  expect(await app.ended).toMatchObject({ code: 0 });
  expect(app.scrollback()).toContain("xterm-256color, 40 x 30");
  // A narrow window has the text below its name, broken between words.
  expect(app.scrollback()).toMatch(
    /^note {3}model *\n {2}research with local\/extractive\n {2}answers\. It quotes/m,
  );
  expect(app.raw).toContain("\u001b[?u\u001b[c");
});

const FACTS: TerminalFacts = {
  env: { TERM: "xterm" },
  input: true,
  output: true,
  columns: 80,
  rows: 24,
  kitty: false,
};
const said = (facts: Partial<TerminalFacts>): string =>
  terminalFindings({ ...FACTS, ...facts })
    .map(({ says, fix = "" }) => `${says} ${fix}`)
    .join("\n");

it("says what a terminal cannot do", () => {
  expect(said({})).toContain("Ctrl+J begins a new line");
  expect(said({ kitty: true })).toContain("Shift+Enter begins a new line");
  expect(said({ env: { TERM: "dumb" } })).toContain("only appends lines");
  expect(said({ env: { TERM: "xterm", TMUX: "x" } })).toContain("Inside tmux");
  expect(said({ env: { TERM: "linux" } })).toContain("/export writes a file");
  expect(said({ env: { TERM: "xterm", NO_COLOR: "1" } })).toContain("no colours (NO_COLOR)");
  expect(said({ columns: 20 })).toContain("too small");
  expect(said({ output: false })).toBe("The output is no terminal, so its abilities are unknown. ");
});
