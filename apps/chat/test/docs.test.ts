/** What the program knows of itself, the pages of docs/ tell too. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createCommands } from "../src/commands/commands.ts";
import { COMMANDS, OPTIONS } from "../src/config/command-line.ts";
import { SETTINGS } from "../src/config/harmless-settings.ts";
import { helpOf, helpText } from "../src/config/help.ts";
import { exitCodes } from "../src/headless/exit-codes.ts";
import { KEY_SHEET } from "../src/input/keymap.ts";

const page = (name: string): string => readFileSync(join(import.meta.dirname, "../../../docs", name), "utf8");
const cli = page("cli.md");
const chat = page("chat.md");
/** The first cells of the rows of all tables. */
const firstCells = (text: string): readonly string[] =>
  [...text.matchAll(/^\| (.*?)(?<!\\) \| /gm)].map(([, cell]) => cell!.replaceAll("\\|", "|"));

test("every command and option of the program is in docs/cli.md and in --help", () => {
  const told = firstCells(cli).join("\n");
  const words = new Set(COMMANDS.flatMap(({ word, actions }) => [word ?? [], actions ?? []].flat(2)));
  expect([...words].filter((word) => !new RegExp(`\\b${word}\\b`).test(cli))).toEqual([]);
  const options = Object.keys(OPTIONS).filter((name) => name !== "help" && name !== "version");
  expect(options.filter((name) => !cli.includes(`--${name}`))).toEqual([]);
  expect(
    COMMANDS.flatMap(({ word }) => word ?? []).filter((word) => !told.includes(`\`orch ${word}`)),
  ).toEqual([]);
  expect([...words, ...options].filter((name) => !helpText.includes(name))).toEqual([]);
  // And nothing is told that is not there.
  const named = [...told.matchAll(/`orch ([a-z]+)|`--([a-z-]+)/g)].map(([, word, option]) => word ?? option!);
  expect(named.filter((name) => !words.has(name) && !(name in OPTIONS))).toEqual([]);
});

test("--help of a command has its forms and its options, and the one of any other word has all", () => {
  const names = (text: string): readonly string[] =>
    [...text.matchAll(/--([a-z-]+)/g)].map(([, name]) => name!);
  const general = ["config", "cwd", "trust", "debug", "version", "help"];
  const serve = helpOf("serve");
  expect(serve).toMatch(/^orch serve \[--port <number>\]\n {2}lets browsers/);
  expect(serve).toMatch(/--port <number> +default 4111[^\n]*; 0 takes a free one\n/);
  expect(names(serve.slice(serve.indexOf("Options")))).toEqual([
    ...["model", "port", "host", "drain", "watch", "config", "cwd", "trust", "debug", "no-session"],
    ...["version", "help"],
  ]);
  for (const { word } of COMMANDS) {
    if (word === undefined) continue;
    const text = helpOf(word);
    expect(text.split("\n")[0]).toBe(COMMANDS.find((one) => one.word === word)!.usage);
    expect(names(text)).toEqual(expect.arrayContaining(general));
    expect(names(text)).not.toContain("resume");
  }
  // Every option is for the chat or for a command.
  const told = COMMANDS.flatMap(({ word }) => (word === undefined ? [] : names(helpOf(word))));
  const chats = ["print", "continue", "resume", "screen-reader"];
  expect([...new Set([...chats, ...told])].toSorted()).toEqual(Object.keys(OPTIONS).toSorted());
  expect(helpOf("hello")).toBe(helpText);
  expect(helpOf(undefined)).toBe(helpText);
});

test("every exit code is in docs/cli.md, once", () => {
  const codes = firstCells(cli.slice(cli.indexOf("## Exit codes"), cli.indexOf("## Configuration")));
  const numbers = codes.flatMap((cell) => cell.split(", ")).filter((cell) => /^\d+$/.test(cell));
  expect(numbers.map(Number)).toEqual(Object.values(exitCodes));
});

test("every setting is in docs/cli.md", () => {
  const told = firstCells(cli.slice(cli.indexOf("## Configuration")));
  const settings = new Set(
    SETTINGS.map((name) =>
      name
        .split(".")
        .slice(0, name.includes("*") ? 1 : 2)
        .join("."),
    ),
  );
  const known = told.map((cell) => cell.replaceAll("`", ""));
  const missing = [...settings].filter(
    (name) => name !== "$schema" && !known.includes(name) && !known.includes(name.split(".")[0]!),
  );
  expect(missing).toEqual([]);
});

test("every slash command is in docs/chat.md as the chat itself shows it, and none that is not there", () => {
  // The commands say their names without asking the desk for anything.
  const commands = createCommands({} as never);
  const cells = firstCells(chat).join("\n");
  const told = new Set([...cells.matchAll(/`\/([a-z]+)/g)].map(([, name]) => name!));
  expect([...told].toSorted()).toEqual(commands.map(({ name }) => name).toSorted());
  const usages = commands.filter(({ usage }) => !cells.includes(`\`${usage}\``));
  expect(usages.map(({ usage }) => usage)).toEqual([]);
});

test("every key that /help shows is in the table of docs/chat.md", () => {
  const keys = firstCells(chat.slice(chat.indexOf("## Keys")));
  const told = keys.join("\n").replaceAll("`", "").replaceAll("\\_", "_");
  const shown = KEY_SHEET.flatMap(([cell]) => cell.split(/, | then | in an /)).filter(
    (key) => !/^[a-z ]+$/.test(key),
  );
  expect(shown.map((key) => key.replace("Esc Esc", "Esc")).filter((key) => !told.includes(key))).toEqual([]);
});

test("every room of the sources is explained", () => {
  const rooms = readdirSync(join(import.meta.dirname, "../src"), { withFileTypes: true });
  const told = firstCells(page("decisions/0033-the-chat-has-rooms.md")).map((cell) =>
    cell.replaceAll("`", ""),
  );
  expect(told.filter((cell) => cell !== "room").toSorted()).toEqual(
    rooms.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).toSorted(),
  );
});

test("every guard that SECURITY.md names stands in the file that it names", () => {
  const rows = page("../SECURITY.md")
    .split("\n")
    .filter((row) => /^\| .*`(?:apps|packages)\//.test(row));
  expect(rows.length).toBeGreaterThan(10);
  for (const row of rows) {
    const [, guards = ""] = row.split(" | ");
    const named = [...guards.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);
    const first = named.find((name) => name.includes("/"))!;
    const files = named.filter((name) => name.endsWith(".ts"));
    const texts = files.map((name) =>
      readFileSync(
        join(import.meta.dirname, "../../..", name.includes("/") ? name : join(first, "..", name)),
        "utf8",
      ),
    );
    for (const name of named.filter((one) => !one.endsWith(".ts")))
      expect(texts.join("\n"), name).toMatch(new RegExp(`\\b(?:type|class|function|const) ${name}\\b`));
  }
});
