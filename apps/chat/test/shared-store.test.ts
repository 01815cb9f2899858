/** Chats on a terminal and commands without one, all over one file, with chats that are killed at random moments. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { textOf } from "@orch/agents";
import { sqliteSessions } from "@orch/sqlite/sessions";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seeded } from "../../../packages/sqlite/test/seeded.ts";
import { budget, figure, seed } from "../../../scripts/lanes.ts";
import { type BuiltCli, buildCli } from "./support/built-cli.ts";
import { type Sandbox, sandbox } from "./support/sandbox.ts";

const KILLS = budget("sharedChatKills");
const COMMANDS = [
  ["runs"],
  ["inbox"],
  ["sessions"],
  ["sessions", "lamp"],
  ["doctor"],
  ["-p", "And the oil?"],
];
let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(() => cli[Symbol.asyncDispose]());

test("chats and commands over one file leave it whole, whichever of them are killed", async () => {
  await using box = await sandbox(cli.file);
  const state = join(box.home, ".local/state/orch");
  const answered: string[] = [];
  let kills = 0;
  let commands = 0;
  const chats = ["first", "second"].map(async (name, index) => {
    const random = seeded(seed + index);
    while (kills < KILLS) answered.push(...(await chat(box, `${name}${kills}`, random, () => (kills += 1))));
  });
  const visits = async (): Promise<void> => {
    while (kills < KILLS)
      for (const args of COMMANDS) {
        const { code, stderr } = await box.run(args, true);
        commands += 1;
        expect(stderr).not.toMatch(/malformed|damaged|is not whole|disk I\/O/);
        expect(code, `${args.join(" ")}: ${stderr}`).toBe(0);
      }
  };
  await Promise.all([...chats, visits()]);

  const file = join(state, "sessions.db");
  const database = new DatabaseSync(file);
  expect(database.prepare("PRAGMA integrity_check").all()).toEqual([{ integrity_check: "ok" }]);
  database.close();
  const store = sqliteSessions({ file });
  const kept = new Set<string>();
  for (const { id } of await store.list())
    for (const { status, messages } of (await store.load(id))?.turns ?? [])
      if (status === "completed") kept.add(textOf(messages[0]!));
  await store.close();
  figure(
    `one file, 2 chats and commands in a loop: ${kills} chats killed, ${commands} commands, ${answered.length} answers shown, ` +
      `${answered.filter((text) => !kept.has(text)).length} lost; integrity_check ok`,
  );
  expect(answered.filter((text) => !kept.has(text))).toEqual([]);
  expect((await readdir(state)).filter((name) => name.includes("damaged"))).toEqual([]);
}, 0);

/** One life of a chat: it answers some questions, and is killed in the middle of one. Gives those whose end was shown. */
async function chat(
  box: Sandbox,
  name: string,
  random: () => number,
  killed: () => void,
): Promise<readonly string[]> {
  await using app = box.start([], { asProcess: true });
  await app.until("Ask, or / for commands");
  const answered: string[] = [];
  const count = 1 + Math.floor(random() * 3);
  for (let at = 1; ; at++) {
    const text = `Who fills the lamp ${name} ${at}?`;
    app.type(`${text}\r`);
    if (at > count) break;
    await app.until((it) => it.count("● present") === at && it.screen().endsWith(" / commands"));
    answered.push(text);
  }
  await new Promise((resolve) => setTimeout(resolve, random() * 300));
  app.signal("SIGKILL");
  killed();
  await app.ended;
  return answered;
}
