/** Trust, asked on a terminal before anything of a folder runs. */
import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type BuiltCli, buildCli } from "./support/built-cli.ts";
import { type Sandbox, sandbox } from "./support/sandbox.ts";

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(() => cli[Symbol.asyncDispose]());

const CODE = (word: string): string => `
import { writeFileSync } from "node:fs";
import { orchestration, runnable } from "@orch/core";
writeFileSync(new URL("../ran.txt", import.meta.url), "it ran");
const shout = runnable("shout", (text) => text.toUpperCase() + " ${word}");
export default () => orchestration("shouting", (o) => o.start(shout).finish(shout));
// apiKey: "sk-live-abcdefghijklmnopqrstuvwxyz0123"
`;
const CONFIG = {
  orchestration: "mine",
  model: "local/extractive",
  orchestrations: { mine: { file: "./orc/mine.mjs" } },
  providers: { house: { kind: "openai-compatible", baseURL: "http://gateway.example/v1", apiKey: "s3cret" } },
};

const folder = (): Promise<Sandbox> =>
  sandbox(cli.file, {
    "orch.config.json": JSON.stringify(CONFIG),
    "orc/mine.mjs": CODE("once"),
    "docs/a.md": "# A\n",
  });
const HINT = /y trust (?:this folder )?· n not now/;
const ran = (box: Sandbox): boolean => existsSync(join(box.folder, "ran.txt"));

it("T01: the chat says what trust would grant, and runs nothing before y; what changed is asked again", async () => {
  await using box = await folder();
  {
    await using app = box.start();
    await app.until(HINT);
    const shown = app.unbroken().replace(/\s+/g, " ");
    expect(shown).toContain(
      "orch.config.json comes with the folder. These settings are skipped until you trust it:",
    );
    expect(shown).toContain(
      'providers.house.baseURL = "http://gateway.example/v1" each decides where your keys',
    );
    expect(shown).toContain('providers.house.apiKey = "(hidden)"');
    expect(shown).toMatch(/mine: .*orc\/mine\.mjs not trusted, so it does not run/);
    expect(shown).not.toContain("s3cret");
    app.type("v");
    await app.until('7 // apiKey: "[secret left out]');
    expect(app.scrollback()).not.toContain("sk-live-abc");
    await app.until((one) => HINT.test(one.screen()));
    await app.resize(38, 30);
    await app.until(/y trust · n not now · v view$/m);
    expect(app.count("7 // apiKey")).toBe(1);
    expect(app.count("view the files")).toBe(0);
    expect(ran(box)).toBe(false);
    app.type("n");
    await app.until("Not now");
    await app.until("Ask, or / for commands");
    expect(ran(box)).toBe(false);
    expect(app.count("comes with the folder")).toBe(1);
    expect(app.scrollback()).not.toMatch(HINT);
    app.type("\u0004");
    expect(await app.ended).toMatchObject({ code: 0 });
  }
  {
    await using app = box.start();
    await app.until(HINT);
    app.type("y");
    await app.until("Ask, or / for commands");
    app.type("hello\r");
    await app.until("HELLO once");
    app.type("\u0004");
    await app.ended;
  }
  {
    // What is trusted is not asked about again.
    await using app = box.start();
    await app.until("Ask, or / for commands");
    expect(app.scrollback()).not.toContain("trust");
    app.type("\u0004");
    await app.ended;
  }
  CONFIG.providers.house.baseURL = "http://elsewhere.example/v1";
  await writeFile(join(box.folder, "orch.config.json"), JSON.stringify(CONFIG));
  await writeFile(join(box.folder, "orc/mine.mjs"), CODE("twice"));
  {
    await using app = box.start();
    await app.until(HINT);
    const shown = app.unbroken().replace(/\s+/g, " ");
    expect(shown).toContain("It changed since you trusted it");
    expect(shown).toMatch(/providers\.house\.baseURL = .*\(changed since you trusted it\)/);
    expect(shown).toContain('kind = "openai-compatible" providers.house.baseURL');
    expect(shown).toMatch(/mine: .*changed since you trusted it, so it does not run/);
    app.type("\u0003");
    expect(await app.ended).toMatchObject({ code: 130 });
    expect(app.raw).toContain("\u001b[?2004l");
  }
});

it("T01: what is typed before the question is for the chat, and with --no-session a yes holds for one start", async () => {
  await using box = await folder();
  {
    await using app = box.start(["--no-session"]);
    // Before the first paint: a sentence that begins with the key.
    app.type("yes please");
    await app.until(HINT);
    expect(ran(box)).toBe(false);
    app.type("y");
    await app.until("› yes please");
    app.type("\r");
    await app.until("YES PLEASE once");
    app.type("\u0004");
    await app.ended;
    expect(existsSync(join(box.home, ".local/state/orch/trust.json"))).toBe(false);
  }
  {
    await using app = box.start(["--no-session"]);
    await app.until(HINT);
    app.signal("SIGTERM");
    expect(await app.ended).toMatchObject({ code: 143 });
  }
});

it("T01: a terminal that can only append asks for a line", async () => {
  await using box = await folder();
  await using app = box.start([], { env: { TERM: "dumb" } });
  await app.until("Type y to trust this folder");
  app.type("what?\n");
  await app.until((one) => one.count("Type y to trust this folder") === 2);
  expect(ran(box)).toBe(false);
  app.type("y\nhello\n");
  await app.until("HELLO once");
  expect(readFileSync(join(box.home, ".local/state/orch/trust.json"), "utf8")).toContain("mine.mjs");
});
