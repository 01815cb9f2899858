/** `orch sessions`: what is done with conversations without the chat. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { importSession, memorySessions } from "@orch/chat-runtime";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Workplace, workplace } from "./headless-orch.ts";

let place: Workplace;
let file = "";
beforeEach(async () => {
  place = await workplace();
  file = join(place.home, ".local/state/orch/sessions.db");
});
afterEach(() => place.remove());

async function says(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await place.run(["sessions", ...args]);
  expect(stderr, args.join(" ")).toBe("");
  expect(code).toBe(0);
  return stdout;
}

/** What is refused, and the code of the end. */
async function refuses(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await place.run(["sessions", ...args]);
  expect(stdout).toBe("");
  return `${code} ${stderr}`;
}

it("finds, renames, exports, deletes and imports a session", async () => {
  await place.run(["-p", "How often is a failed state tried again?"]);
  await place.run(["-p", "What does an advancer decide?"]);
  expect((await says()).trim().split("\n")).toHaveLength(2);
  const [line = "", ...others] = (await says("ADVANCER", "decide")).trim().split("\n");
  expect(others).toEqual([]);
  const id = /session-\w+|\b[0-9a-z]{8,}\b/.exec(line)?.[0] ?? "";
  expect(await says("list", "nowhere")).toBe('No session of this folder has the words "nowhere".\n');

  expect(await says("rename", id, "About", "\u001b]0;x\u0007advancers")).toMatch(
    /is called About .*advancers\n$/,
  );
  expect(await says("About")).toContain("advancers");
  expect(await refuses("rename", id)).toMatch(/^2 .*rename needs a session and a title/);
  expect(await refuses("rename", "nobody", "x")).toContain("nobody");

  const jsonl = await says("export", id);
  expect(await importSession(jsonl, memorySessions())).toMatchObject({ turnCount: 1 });
  expect(await says("export", id, "md")).toMatch(/^# About.*## You.*What does an advancer decide\?/s);
  expect(await says("export", id, "html")).toMatch(/^<!doctype html>.*What does an advancer decide\?/is);
  expect(JSON.parse(await says("export", id, "json"))).toMatchObject({ turnCount: 1 });
  expect(await refuses("export", id, "pdf")).toMatch(/^2 /);

  expect(await refuses("delete", id)).toMatch(/^2 .*delete is for good.*yes deletes .*About.*1 turn/s);
  expect((await says()).trim().split("\n")).toHaveLength(2);
  expect(await says("delete", id, "yes")).toMatch(/\(About .*, 1 turn\) is deleted\n$/);
  expect(await says("list", "advancer")).toContain("No session");

  await writeFile(join(place.folder, "kept.jsonl"), jsonl);
  const imported = (await says("import", "kept.jsonl")).trim();
  expect(await says("advancer")).toContain("About");
  // A second time it is another one.
  expect((await says("import", "kept.jsonl")).trim()).not.toBe(imported);
  expect(await refuses("import", "nowhere.jsonl")).toContain("there is no such file");
  expect(await refuses("import")).toMatch(/^2 .*import needs one file/);
  expect(await says("repair")).toMatch(
    /sessions\.db is whole: 3 sessions and 1 run\. Nothing was changed\.\n$/,
  );
  expect(await refuses("repair", "x")).toMatch(/^2 .*repair takes no words/);
});

it("repairs a damaged file, says what is lost, and every start before says how", async () => {
  await place.run(["-p", "How often is a failed state tried again?"]);
  await place.run(["-p", "-c", "What does an advancer decide?"]);
  await place.run(["-p", "What is retried?"]);
  const database = new DatabaseSync(file);
  database.exec("UPDATE turns SET body = replace(body, 'advancer', 'ADVANCER') WHERE position = 2");
  database.exec("UPDATE sessions SET title = 'Forged' WHERE turn_count = 1");
  database.close();
  const damaged = await readFile(file);

  const asked = await place.run(["-p", "-c", "And then?"]);
  expect(asked.code).not.toBe(0);
  expect(asked.stderr).toContain("orch sessions repair saves what can be read");
  const kept = await place.run(["-p", "Is an answer given?"]);
  expect(kept.code).toBe(0);
  expect(kept.stderr).toMatch(/This conversation is not kept: .*orch sessions repair/);
  expect(await refuses()).toContain("orch sessions repair");

  const text = await says("repair");
  expect(text).toMatch(/sessions\.db was damaged: session ".*" is not what was written\.\n/);
  expect(text).toMatch(/Saved: 2 sessions with 2 turns, and 3 runs\.\n/);
  expect(text).toMatch(/"How often is a failed state tried again\?": 1 turn lost, 1 kept\n/);
  expect(text).toMatch(/"What is retried\?": its title was lost, and none of its 1 turn\n/);
  const [, at = ""] = /The damaged file is kept at (\S+)\.\n$/.exec(text) ?? [];
  expect((await readFile(at)).equals(damaged)).toBe(true);
  expect(await says()).toContain("What is retried?");
  expect(JSON.parse(await says("repair", "--json"))).toMatchObject({ type: "whole", sessions: 2, runs: 3 });
  expect((await readdir(join(file, ".."))).filter((name) => /read-|repaired-/.test(name))).toEqual([]);
});

it("checks all of the file, and changes nothing of a damaged one", async () => {
  expect(await refuses("check")).toMatch(/^1 .*there is no such file/s);
  await place.run(["-p", "How often is a failed state tried again?"]);
  expect(await says("check")).toMatch(/sessions\.db is whole\. Read: 1 sessions, \d+ runs\.\n$/);
  expect(JSON.parse(await says("check", "--json"))).toMatchObject({ type: "whole", sessions: 1 });
  expect(await refuses("check", "this")).toMatch(/^2 .*check takes no words/s);

  const database = new DatabaseSync(file);
  database.exec("UPDATE turns SET body = replace(body, 'failed', 'fAiled')");
  database.close();
  const before = await readFile(file);
  const { code, stdout } = await place.run(["sessions", "check"]);
  expect(stdout).toMatch(/is damaged: .*turn.*\n.*orch sessions repair saves/);
  expect(code).toBe(1);
  expect(await readFile(file)).toEqual(before);
});
