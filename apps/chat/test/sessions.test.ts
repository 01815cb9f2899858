/** What is done with whole conversations, in the chat on a terminal. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exportSession, type Session, type TurnRecord } from "@orch/chat-runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BuiltCli, buildCli } from "./support/built-cli.ts";
import { sandbox } from "./support/sandbox.ts";
import type { TerminalApp } from "./support/terminal-app.ts";

const READY = "Ask, or / for commands";
const EVIL = "\u001b]0;owned\u0007\u202e";
let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(() => cli[Symbol.asyncDispose]());

/** A conversation of `count` turns, as a file to import. */
function longSession(count: number, id = "session-long"): string {
  const origin = { provider: "test", api: "test", model: "test" };
  const turns = Array.from(
    { length: count },
    (_, at): TurnRecord => ({
      id: `${id}-${at}`,
      configuration: "research",
      status: "completed",
      startedAt: at,
      endedAt: at,
      messages: [
        { role: "user", content: [{ type: "text", text: `Question ${at + 1}.` }] },
        {
          role: "assistant",
          content: [{ type: "text", text: `Answer ${at + 1}.` }],
          origin,
          finish: { reason: "stop" },
        },
      ],
    }),
  );
  const title = `Long ${EVIL}talk`;
  const session: Session = { id, title, createdAt: 1, updatedAt: 2, turnCount: count, turns };
  return exportSession(session, "jsonl");
}

/** Types a command, and waits for what it does. */
async function does(app: TerminalApp, command: string, seen: string | RegExp): Promise<void> {
  const count = countOf(app, seen);
  app.type(`${command} \r`);
  await app.until((it) => countOf(it, seen) > count);
}

function countOf(app: TerminalApp, seen: string | RegExp): number {
  return app.unbroken().split(seen).length - 1;
}

describe("whole conversations", () => {
  test("are imported, shown from their end, forked, edited, renamed, found, chosen and deleted", async () => {
    await using box = await sandbox(cli.file);
    await writeFile(join(box.folder, "talk.jsonl"), longSession(60));
    await writeFile(join(box.folder, "cut.jsonl"), longSession(3).slice(0, -40));
    await using app = box.start();
    await app.until(READY);
    await does(app, "/import cut.jsonl", "the text was cut");
    await does(app, "/import ../talk.jsonl", "there is no such file");
    await does(app, "/import talk.jsonl", "talk.jsonl is imported");
    expect(app.screen()).toContain("Answer 60.");
    expect([app.count("Answer 51."), app.count("Answer 50.")]).toEqual([1, 0]);
    await does(app, "/earlier 2", "Messages 49 to 50");
    expect([app.count("Answer 49."), app.count("Answer 48.")]).toEqual([1, 0]);

    await does(app, "/branch 61", 'There is no message "61": there are 60');
    await does(app, "/branch 20", "up to message 20");
    await does(app, "/rename Twenty of them", 'is called "Twenty of them"');
    await does(app, "/edit 7", "Message 7 is in the input");
    await app.until("› Question 7.");
    app.type("\u0015");
    await app.until(READY);
    await does(app, "/sessions twenty question", /2 {2}now {2}Twenty of them {2}20 turns/);
    await does(app, "/sessions nowhere", 'No conversation has the words "nowhere"');

    app.type("/resume \r");
    await app.until("Enter takes");
    app.type("twen");
    await app.until("1 of 1");
    app.type("\u001b[B\u001b[A\r");
    await app.until((it) => it.count("Going on with: Twenty of them") > 1);
    await does(app, "/delete", "The same command again does it");
    await does(app, "/delete", '"Twenty of them" is deleted');
    await does(app, "/sessions twenty", /Twenty of them \(copy\) {2}6 turns/);
    app.type("\u0004");
    expect((await app.ended).code).toBe(0);
  });

  test("are read in a second terminal, which cannot write until the first one lets go", async () => {
    await using box = await sandbox(cli.file);
    await using first = box.start(["Who fills the lamp?"]);
    await first.until("● present");
    await using second = box.start(["-c"], { asProcess: true });
    await second.until(/This conversation is open in process \d+ on \S+, since \d\d:\d\d:\d\d/);
    second.type("from the second\r");
    await second.until("Not sent");
    await second.until("› from the second");
    first.type("And why?\r");
    await second.until("› And why?");
    first.type("\u0004");
    await first.ended;
    await second.until("It was closed there");
    second.type("\u0015Who fills the lamp at dawn?\r");
    await second.until("● present");
  });

  test("are kept apart when their file is damaged, and the chat says how it is repaired", async () => {
    await using box = await sandbox(cli.file);
    const state = join(box.home, ".local/state/orch");
    {
      await using app = box.start(["Who fills the lamp?"]);
      await app.until("● present");
      app.type("\u0004");
      await app.ended;
    }
    const bytes = await readFile(join(state, "sessions.db"));
    bytes.fill(0, 1024, 3000);
    await writeFile(join(state, "sessions.db"), bytes);
    await using app = box.start();
    await app.until("orch sessions repair saves what can be read");
    // The conversation goes on without being kept.
    app.type("Who fills the lamp?\r");
    await app.until("● present");
    app.type("\u0004");
    await app.ended;
    expect(await readFile(join(state, "sessions.db"))).toEqual(bytes);
    const { stdout } = await box.run(["sessions", "repair"]);
    expect(stdout).toMatch(/was damaged: .*\nSaved: \d session/);
    await using again = box.start();
    await again.until(READY);
    await does(again, "/sessions", /\d turn|no conversation/i);
    expect(again.unbroken()).not.toContain("is damaged");
  });
});
