/** The chat is killed at random moments of a run with five lanes, a question and a tool; `orch -c` ends with the right answer. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { sqliteHost } from "@orch/sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seeded } from "../../../packages/sqlite/test/seeded.ts";
import { budget, figure, seed, thorough } from "../../../scripts/lanes.ts";
import { type BuiltCli, buildCli } from "./support/built-cli.ts";
import { type Sandbox, sandbox } from "./support/sandbox.ts";
import { type Study, study, WORDS } from "./support/study.ts";
import type { TerminalApp } from "./support/terminal-app.ts";

const READY = "Ask, or / for commands";
const QUESTION = "Write about 5 findings?";
/** The row of keys that is there as soon as the question takes one. */
const HEARS = "y yes";
/** How many chats are on their way at once. */
const BESIDE = 4;
/** Text that was on the screen for so long, in milliseconds, may not be lost: a draft is kept each half second, and a busy machine may be late. */
const KEPT_AFTER = 2_000;

let cli: BuiltCli;
beforeAll(async () => {
  if (thorough) cli = await buildCli();
});
afterAll(async () => {
  if (thorough) await cli[Symbol.asyncDispose]();
});

/** What one killed chat came to. */
interface Life {
  /** Where it was killed, in words. */
  readonly where: string;
  /** Finished states and tool calls that began again. */
  readonly repeated: readonly string[];
  /** How long the youngest word was on the screen that was lost, in milliseconds; 0 when none was. */
  readonly lost: number;
}

test.runIf(thorough)(
  "P23: a chat that is killed at any moment goes on with -c to the right answer",
  async () => {
    const random = seeded(seed);
    const kills = Array.from({ length: budget("killedChats") }, () => seeded(random() * 2 ** 32));
    const lives: Life[] = [];
    const next = kills.values();
    const work = async (): Promise<void> => {
      for (const kill of next) lives.push(await live(kill));
    };
    await Promise.all(Array.from({ length: BESIDE }, work));
    const places = new Map<string, number>();
    for (const { where } of lives) places.set(where, (places.get(where) ?? 0) + 1);
    const told = [...places].map(([where, count]) => `${count} ${where}`).join(", ");
    const repeated = lives.flatMap((life) => life.repeated);
    const lost = Math.max(0, ...lives.map((life) => life.lost));
    figure(
      `${lives.length} chats killed at random moments (${told}), seed ${seed}: all went on to the right answer; ` +
        `${repeated.length} finished states repeated; text lost at most ${Math.round(lost)} ms after it was shown`,
    );
    expect(repeated).toEqual([]);
    expect(lost).toBeLessThan(KEPT_AFTER);
  },
);

/** Kills a chat at a random moment, and goes on with it. */
async function live(random: () => number): Promise<Life> {
  await using model = await study();
  await using box = await sandbox(cli.file, model.files);
  const seen = new Map<string, number>();
  let results: number;
  let where: string;
  let shown: string;
  {
    await using app = box.start(model.args, { asProcess: true });
    await app.until(READY);
    app.type("1 2 3 4 5\r");
    where = await drive(app, random, seen);
    app.signal("SIGKILL");
    const killed = performance.now();
    await app.ended;
    for (const [word, at] of seen) seen.set(word, killed - at);
    results = model.toolResults();
    shown = app.scrollback();
  }
  const before = await ran(box);
  const finished = await finishedOf(box, before);
  if (results > 0) finished.add("count");
  return { where, ...(await goOn(box, model, { before, finished, seen, shown })) };
}

/** Goes on until the moment of the kill, and says where that is: each place is one that is shown, or a time after it. */
async function drive(app: TerminalApp, random: () => number, seen: Map<string, number>): Promise<string> {
  const place = random();
  if (place < 0.3) {
    // The lanes take up to 750 ms.
    await chance(random() * 900);
    return app.scrollback().includes(QUESTION) ? "at the question" : "in the lanes";
  }
  await app.until(QUESTION);
  if (place < 0.4) return "at the question";
  await app.until(HEARS);
  app.type("yes\r");
  if (place < 0.5) {
    await chance(random() * 150);
    return "around the tool";
  }
  const words = Math.ceil(random() * (WORDS + 10));
  await app.until((each) => {
    const now = performance.now();
    for (const [word] of each.scrollback().matchAll(/\bw\d+\b/g)) if (!seen.has(word)) seen.set(word, now);
    return seen.size >= words || each.scrollback().includes("END");
  });
  return app.scrollback().includes("END") ? "at the end" : "in the answer";
}

/** A moment by chance. Nothing depends on how much is done until then. */
function chance(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** What was known when the chat was killed. */
interface Known {
  readonly before: readonly string[];
  readonly finished: ReadonlySet<string>;
  readonly seen: ReadonlyMap<string, number>;
  readonly shown: string;
}

async function goOn(
  box: Sandbox,
  model: Study,
  { before, finished, seen, shown }: Known,
): Promise<Pick<Life, "repeated" | "lost">> {
  await using app = box.start([...model.args, "-c"]);
  await app.until(READY);
  // A message that was not kept yet was not shown as sent either.
  await app.until(/Enter goes on|END|There is no earlier conversation/);
  const again = app.scrollback();
  const lost = [...seen].filter(([word]) => !new RegExp(`\\b${word}\\b`).test(again)).map(([, age]) => age);
  if (again.includes("There is no earlier")) {
    expect(before).toEqual([]);
    app.type("1 2 3 4 5\r");
  } else if (!again.includes("END")) app.type("\r");
  await app.until(/END|y yes/);
  if (!app.scrollback().includes("END")) app.type("yes\r");
  await app.until("END");
  await app.until((each) => each.screen().endsWith(" / commands"));
  const text = app.scrollback();
  const words = text.slice(text.lastIndexOf("w1 ")).match(/\bw\d+\b/g);
  expect(words, shown).toEqual(Array.from({ length: WORDS }, (_, at) => `w${at + 1}`));
  const after = (await ran(box)).slice(before.length);
  return {
    repeated: after.filter((name) => finished.has(name)),
    lost: Math.max(0, ...lost),
  };
}

/** What began, in order. */
async function ran(box: Sandbox): Promise<readonly string[]> {
  return readFile(join(box.folder, "ran"), "utf8").then(
    (text) => text.trim().split("\n"),
    () => [],
  );
}

/** What had begun and is not open in what the file keeps, under the names by which states note that they began. */
async function finishedOf(box: Sandbox, began: readonly string[]): Promise<Set<string>> {
  const host = sqliteHost(join(box.home, ".local/state/orch/sessions.db"));
  const [run] = await host.list();
  const open = run === undefined ? undefined : (await host.run(run.runId).describe()).open;
  await host.close();
  // A call of a tool is no state: whether it finished is seen at the model.
  const finished = new Set(open === undefined ? [] : began.filter((name) => name !== "count"));
  for (const { path, state } of open ?? []) {
    const lane = /\[(\d+)\]/.exec(path)?.[1];
    finished.delete(lane === undefined ? state : `search[${Number(lane) + 1}]`);
  }
  return finished;
}
