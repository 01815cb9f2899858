/**
 * What becomes of the lines of an answer, on screen and in what scrolled away, while its window takes random sizes.
 *
 *     node --conditions=@orch/source bench/resize.ts [sequences] [seed]        from apps/chat
 *
 * It is a measurement and no test yet: what is on its way to a terminal while its size changes was written for the size
 * before, and some lines are lost or doubled.
 */
import { buildCli } from "../test/support/built-cli.ts";
import { sandbox } from "../test/support/sandbox.ts";
import { slowModel } from "../test/support/slow-model.ts";
import type { TerminalApp } from "../test/support/terminal-app.ts";

const [sequences = 60, seed = 20261122] = process.argv.slice(2).map(Number);
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

await using cli = await buildCli();
await using model = await slowModel(ANSWER, 4, 12);
await using box = await sandbox(cli.file, model.files);
await using app = box.start(model.args);
await app.until(READY);
const draw = draws(seed);
let [lost, doubled] = [0, 0];
for (let at = 0; at < sequences; at++) {
  const took = await resizeDuringAnswer(app, draw);
  const text = ` ${app.unbroken().replaceAll(/\s+/g, " ")} `;
  const times = (what: string): number => text.split(what).length - 1;
  const missing = LINES.filter((line) => times(` ${line} `) === 0);
  if (missing.length > 0 || times(READY) !== 1) console.log(`${took.join(" ")}: ${missing.join(" ")}`);
  if (missing.length > 0) lost += 1;
  if (LINES.some((line) => times(` ${line} `) > 1)) doubled += 1;
  await app.resize(100, 30);
}
console.log(`${sequences} sequences of sizes, seed ${seed}: lines lost in ${lost}, doubled in ${doubled}`);

/** Asks for the answer, and changes the size at random lines of it. Gives the sizes. */
async function resizeDuringAnswer(app: TerminalApp, draw: (below: number) => number): Promise<string[]> {
  app.type("/new\r");
  await app.until((it) => it.screen().includes("A new conversation"));
  app.terminal.clear();
  app.type("tell me\r");
  const took: string[] = [];
  for (let line = 0; line < LINES.length; line += 4 + draw(24)) {
    await app.until((it) => it.unbroken().includes(LINES[line]!));
    const [columns, rows] = [COLUMNS[draw(COLUMNS.length)]!, ROWS[draw(ROWS.length)]!];
    took.push(`${columns}x${rows}`);
    await app.resize(columns, rows);
  }
  await app.until((it) => it.unbroken().includes("The end.") && done(it));
  return took;
}
