/** What a provider did by itself (searched the web, ran code) as the user sees it: over a socket, on a terminal and without one. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { buildCli } from "./support/built-cli.ts";
import { sandbox } from "./support/sandbox.ts";
import { searchingModel } from "./support/searching-model.ts";

const ROWS = {
  openai: [
    /^ {2}● web_search\(“tea”\) {2}1 page found/,
    /^ {2}● code_interpreter\(“print\(6\*7\)”\) {2}42 · 2 lines/,
    /^ {2}● file\(“image\/png”\) {2}image\/png, 1 kB/,
    /^ {2}✕ web_search\(“more”\)/,
    /^Tea grows\.$/,
    /^│ A page https:\/\/a\.example$/,
  ],
  anthropic: [
    /^ {2}● web_search\(“tea”\) {2}1 page found/,
    /^ {2}● bash_code_execution\(“echo 42”\) {2}42/,
    /^ {2}● file\(“file_made”\) {2}application\/octet-stream, kept at anthropic/,
    /^ {2}✕ web_search\(“more”\) {2}max_uses_exceeded/,
    /^Tea grows\.$/,
  ],
} as const;

/** The rows of the last turn on the screen: all that stands under the message of the user. */
function lastTurn(scrollback: string): readonly string[] {
  const rows = scrollback.split("\n");
  const from = rows.findLastIndex((row) => row.startsWith("› tea?"));
  return rows.slice(from + 1).filter((row) => row !== "");
}

test.each(["openai", "anthropic"] as const)(
  "A21: a search and code that ran at %s are rows above the answer, one while it runs, and the same in the run and after a restart",
  async (kind) => {
    await using model = await searchingModel(kind);
    const cli = await buildCli();
    await using box = await sandbox(cli.file, model.files);
    const wanted = ROWS[kind].map((row) => expect.stringMatching(row));
    {
      await using app = box.start(model.args);
      await app.until("Ask, or / for commands");
      app.type("tea?\r");
      await app.until("◐ web_search()");
      model.release();
      await app.until(/\d+ tok │ \/ commands/);
      expect(lastTurn(app.scrollback()).slice(0, wanted.length)).toEqual(wanted);
      app.type("\u0007");
      await app.until((it) => it.screen().includes("? keys · q close"));
      const calls = app.screen().split("\n").slice(2, 5).join("\n");
      expect(calls).toMatch(/● web_search\(.*● .*code.*✕ web_search\(/s);
      app.type("q");
      await app.until((it) => it.screen().endsWith("/ commands"));
      app.type("\u0004");
      expect(await app.ended).toMatchObject({ code: 0 });
      expect(app.fullClears()).toBe(0);
    }
    await using app = box.start(["-c", ...model.args]);
    await app.until("Going on with: tea?");
    await app.until("Tea grows.");
    expect(lastTurn(app.scrollback()).slice(0, wanted.length)).toEqual(wanted);
    app.type("/save\r");
    await app.until(kind === "openai" ? "1. a file, image/png" : "kept at anthropic as file_made");
    app.type("/save 1\r");
    const name = kind === "openai" ? "file.png" : "plot.csv";
    await app.until(`The file is in ${name}`);
    app.type(`/save 1 ${name}\r`);
    await app.until(`${name} is there already`);
    app.type("/save 1 ../out\r");
    await app.until("../out is not inside this folder");
    const bytes = await readFile(join(box.folder, name));
    expect(bytes.toString("latin1")).toMatch(kind === "openai" ? /^\x89PNG/ : /^1,2$/);
    app.type("/run\r");
    await app.until((it) => /web_search\(.*code.*✕ web_search\(/s.test(it.screen()));
  },
);

test("A21: without a terminal the calls are told as they begin, and whole with the message; the answer is words alone", async () => {
  await using model = await searchingModel("openai");
  model.release();
  const cli = await buildCli();
  await using box = await sandbox(cli.file, model.files);
  const plain = await box.run(["-p", "--trust", "tea?"]);
  expect(plain.stdout).toBe("Tea grows.\n");
  const whole = await box.run(["-p", "--trust", "tea?", "--json"]);
  expect(whole.stdout).not.toContain("\u001b");
  expect(JSON.parse(whole.stdout).providerCalls).toEqual([
    {
      path: expect.any(String),
      id: "ws_1",
      name: "web_search",
      status: "done",
      input: expect.objectContaining({ query: "tea\u001b[2J" }),
      output: expect.any(String),
      sources: [{ url: "https://a.example" }],
    },
    expect.objectContaining({ id: "ci_1", name: "code_interpreter", status: "done", output: "42\n[image]" }),
    expect.objectContaining({ id: "ws_2", name: "web_search", status: "failed" }),
  ]);
  const { stdout } = await box.run(["-p", "--trust", "tea?", "--output", "stream-json"]);
  expect(stdout).not.toContain("\u001b");
  const told = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const begun = told.flatMap(({ data }) => (data?.event?.type === "provider-call" ? [data.event.name] : []));
  expect(begun).toEqual(["web_search", "code_interpreter", "web_search"]);
  const { message } = told.find(({ type }) => type === "turn.completed");
  expect(message.content).toMatchObject([
    { type: "provider-call", name: "web_search", status: "done", sources: [{ url: "https://a.example" }] },
    { type: "provider-call", name: "code_interpreter", status: "done", output: "42\n[image]" },
    { type: "file", mediaType: "image/png", data: "iVBORw0KGgo=" },
    { type: "provider-call", name: "web_search", status: "failed" },
    { type: "text", text: "Tea grows.", citations: [{ url: "https://a.example" }] },
  ]);
});
