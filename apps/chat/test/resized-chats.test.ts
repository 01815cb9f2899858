/** What becomes of the lines of an answer, on the screen and in what scrolled away, while its window takes random sizes. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { budget, figure, seed } from "../../../scripts/lanes.ts";
import { type BuiltCli, buildCli } from "./support/built-cli.ts";
import { sandbox } from "./support/sandbox.ts";
import { slowModel } from "./support/slow-model.ts";
import type { TerminalApp } from "./support/terminal-app.ts";

const LINES = Array.from({ length: 120 }, (_, at) => `line-${at + 1}.`);
const ITEMS = LINES.slice(100)
  .map((line) => `- ${line}`)
  .join("\n");
const ANSWER = `\`\`\`txt\n${LINES.slice(0, 50).join("\n")}\n\`\`\`\n\n${LINES.slice(50, 100).join(" ")}\n\n${ITEMS}\n\nThe end.\n`;
const READY = "Ask, or / for commands";
const COLUMNS = [120, 100, 90, 80, 70, 60, 48, 40];
const ROWS = [40, 30, 28, 26, 24, 22, 18, 14, 10];

/** Numbers below `below` from a seed, always the same ones. */
function draws(from: number): (below: number) => number {
  let state = from >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const done = (app: TerminalApp): boolean =>
  app.screen().includes(READY) && !app.screen().includes("Esc Esc stops");

/** Whether the terminal's own cursor stands in the input while an answer streams, where an input method looks for it. */
const cursorAtInput = (app: TerminalApp): boolean =>
  app.screen().includes("Esc Esc stops") && app.screen().split("\n")[app.cursor().y] === `› ${READY}`;

describe("the chat in a window that changes at any moment", () => {
  let cli: BuiltCli;
  let resizes = 0;
  beforeAll(async () => {
    cli = await buildCli();
  });
  afterAll(() => cli[Symbol.asyncDispose]());

  test("T08: each line of an answer stands there once, for any sequence of sizes", {
    timeout: budget("resizedChats") * 20_000,
  }, async () => {
    await using model = await slowModel(ANSWER, 4, 12);
    await using box = await sandbox(cli.file, model.files);
    await using app = box.start(model.args);
    await app.until(READY);
    const count = budget("resizedChats");
    for (let at = 0; at < count; at++) {
      const sizes = await resizeDuringAnswer(app, draws(seed + at));
      const text = ` ${app.unbroken().replaceAll(/\s+/g, " ")} `;
      const times = (what: string): number => text.split(what).length - 1;
      const wrong = LINES.filter((line) => times(` ${line} `) !== 1);
      const say = `sequence ${at}, seed ${seed}: ${sizes.join(" ")}\n${app.unbroken()}`;
      expect(wrong, say).toEqual([]);
      // No copy of the input is left either.
      expect(times(READY), say).toBe(1);
    }
    expect(app.fullClears()).toBe(0);
    figure(
      `${count} sequences of sizes with ${resizes} resizes during answers, seed ${seed}: 0 lines lost, 0 doubled`,
    );
  });

  /** Asks for the answer, and changes the size once or several times at random lines of it. Gives the sizes. */
  async function resizeDuringAnswer(
    app: TerminalApp,
    draw: (below: number) => number,
  ): Promise<readonly string[]> {
    const sizes: string[] = [];
    const resize = async (): Promise<void> => {
      const [columns, rows] = [COLUMNS[draw(COLUMNS.length)]!, ROWS[draw(ROWS.length)]!];
      sizes.push(`${columns}x${rows}`);
      resizes++;
      await app.resize(columns, rows);
    };
    app.type("/new\r");
    await app.until((it) => it.screen().includes("A new conversation"));
    app.terminal.clear();
    app.type("tell me\r");
    // A narrow window has no room for the words by which an answer on its way is known.
    if (resizes === 0) await app.until((it) => it.unbroken().includes(LINES[0]!) && cursorAtInput(it));
    for (let line = 0; line < LINES.length; line += 4 + draw(24)) {
      await app.until((it) => it.unbroken().includes(LINES[line]!));
      for (let burst = draw(3); burst >= 0; burst--) await resize();
    }
    await app.until((it) => it.unbroken().includes("The end.") && done(it));
    await resize();
    await app.until(done);
    return sizes;
  }
});
