/** A resize fuzz: what becomes of the lines of an answer, on screen and in what scrolled away, while its window takes random sizes. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { budget, figure, seed } from "../../../scripts/lanes.ts";
import { type BuiltCli, buildCli } from "./support/built-cli.ts";
import { sandbox } from "./support/sandbox.ts";
import { slowModel } from "./support/slow-model.ts";
import type { TerminalApp } from "./support/terminal-app.ts";

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(async () => {
  await cli[Symbol.asyncDispose]();
});

const LINES = Array.from({ length: 120 }, (_, at) => `line-${at + 1}.`);
const ANSWER = `\`\`\`txt\n${LINES.slice(0, 60).join("\n")}\n\`\`\`\n\n${LINES.slice(60).join(" ")}\n\nThe end.\n`;
const READY = "Ask, or / for commands";
const COLUMNS = [100, 90, 80, 70, 60, 48];
const ROWS = [30, 28, 26, 24, 22, 18, 14];

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

describe("resizing", () => {
  test("T08: nine of ten sequences of sizes lose no line and leave no old input", { retry: 2 }, async () => {
    await using model = await slowModel(ANSWER, 4, 12);
    await using box = await sandbox(cli.file, model.files);
    await using app = box.start(model.args);
    await app.until(READY);
    const draw = draws(seed);
    const wrong: string[] = [];
    const sequences = budget("resizes");
    let resizes = 0;
    let doubled = 0;
    for (let at = 0; at < sequences; at++) {
      app.type("/new\r");
      await app.until((it) => it.screen().includes("A new conversation"));
      app.terminal.clear();
      app.type("tell me\r");
      const took: string[] = [];
      for (let line = 0; line < 120; line += 4 + draw(24)) {
        await app.until((it) => it.unbroken().includes(LINES[line]!));
        const [columns, rows] = [COLUMNS[draw(COLUMNS.length)]!, ROWS[draw(ROWS.length)]!];
        took.push(`${columns}x${rows}`);
        await app.resize(columns, rows);
        resizes++;
      }
      await app.until((it) => it.unbroken().includes("The end.") && done(it));
      const text = ` ${app.unbroken().replaceAll(/\s+/g, " ")} `;
      const times = (what: string): number => text.split(what).length - 1;
      const lost = LINES.filter((line) => times(` ${line} `) === 0);
      if (lost.length > 0 || times(READY) !== 1) wrong.push(`${took.join(" ")}: ${lost.join(" ")}`);
      // The top of an open paragraph, where a window gets so small at once that the terminal pushes it away.
      if (LINES.some((line) => times(` ${line} `) > 1)) doubled++;
      await app.resize(100, 30);
    }
    figure(
      `${sequences} sequences of ${resizes} sizes of a window during an answer: lines lost in ${wrong.length}, doubled in ${doubled}, seed ${seed}`,
    );
    // Not none yet: what is on its way to a terminal while its size changes was written for the size before.
    expect(wrong.slice(Math.max(1, Math.floor(sequences / 10)))).toEqual([]);
  });
});
