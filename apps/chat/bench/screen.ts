/**
 * Measures the real program on a pseudo-terminal: how soon it is there, how soon a key is seen while an
 * answer streams, what it writes and what it costs. Prints a table; `MISS` marks a figure beyond its bar.
 */
import { execFile } from "node:child_process";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { buildCli } from "../test/support/built-cli.ts";
import { sandbox } from "../test/support/sandbox.ts";
import { slowModel } from "../test/support/slow-model.ts";
import type { TerminalApp } from "../test/support/terminal-app.ts";
import { cpuOf, type Figure, memoryOf, percentile, READY, STARTS } from "./figures.ts";
import { measureLongSession } from "./long-session.ts";

const HEADING = "Unique heading of the answer";
/** Pseudo-tokens of four characters, 200 in a second. */
const TOKENS = 2000;
const KEYS = 40;
await using cli = await buildCli();
const figures: Figure[] = [
  { name: "orch --version", value: await timeVersion(), unit: "ms", bar: 150 },
  { name: "first paint, warm", value: await timeFirstPaint(), unit: "ms", bar: 400 },
  ...(await measureLongSession(cli.file)),
  ...(await measureStream()),
];
for (const { name, value, unit, bar } of figures) {
  const limit = bar === undefined ? "" : value > bar ? `MISS: bar ${bar}` : `bar ${bar}`;
  process.stdout.write(`${name.padEnd(34)} ${value.toFixed(1).padStart(9)} ${unit.padEnd(8)} ${limit}\n`);
}

async function timeVersion(): Promise<number> {
  const run = promisify(execFile);
  const times: number[] = [];
  for (let at = 0; at < STARTS; at++) {
    const start = performance.now();
    await run(process.execPath, [cli.file, "--version"]);
    times.push(performance.now() - start);
  }
  return percentile(times, 50);
}

async function timeFirstPaint(): Promise<number> {
  await using box = await sandbox(cli.file);
  const times: number[] = [];
  for (let at = 0; at < STARTS; at++) {
    const start = performance.now();
    await using app = box.start();
    await app.until(READY);
    times.push(performance.now() - start);
    app.type("\u0004");
    await app.ended;
  }
  return percentile(times.slice(1), 50);
}

async function measureStream(): Promise<Figure[]> {
  await using model = await slowModel(answer(), 5, 4);
  await using box = await sandbox(cli.file, model.files);
  await using app = box.start(model.args);
  await app.until(READY);
  await sleep(500);
  const cpuBefore = await cpuOf(app.pid);
  const bytesBefore = app.bytes;
  const start = performance.now();
  app.type("tell me\r");
  await app.until(HEADING);
  const delays = await typeKeys(app);
  await app.until(/tok │ \/ commands/);
  const seconds = (performance.now() - start) / 1000;
  const cpu = (await cpuOf(app.pid)) - cpuBefore;
  const kilobytes = (app.bytes - bytesBefore) / 1000;
  const rss = await memoryOf(app.pid);
  await sleep(500);
  const idleFrom = app.bytes;
  await sleep(2000);
  const idle = (app.bytes - idleFrom) / 2;
  return [
    { name: "tokens per second", value: TOKENS / seconds, unit: "tok/s" },
    { name: "key to paint while streaming, p50", value: percentile(delays, 50), unit: "ms", bar: 30 },
    { name: "key to paint while streaming, p95", value: percentile(delays, 95), unit: "ms", bar: 60 },
    { name: "written for 2,000 tokens", value: kilobytes, unit: "KB", bar: 300 },
    { name: "full clears", value: app.fullClears(), unit: "", bar: 0 },
    { name: "copies of the heading", value: app.count(HEADING), unit: "", bar: 1 },
    { name: "processor", value: (cpu / seconds) * 100, unit: "% core", bar: 40 },
    { name: "resident memory", value: rss, unit: "MB", bar: 130 },
    { name: "written when idle", value: idle, unit: "bytes/s", bar: 0 },
  ];
}

/** Types one key after the other; gives for each the milliseconds until it stands in the terminal's buffer. */
async function typeKeys(app: TerminalApp): Promise<number[]> {
  const delays: number[] = [];
  for (let at = 1; at <= KEYS; at++) {
    await sleep(120 + ((at * 37) % 40));
    const start = performance.now();
    app.type("x");
    await app.until((it) => it.screen().includes(`› ${"x".repeat(at)}`));
    delays.push(performance.now() - start);
  }
  return delays;
}

/** Markdown of headings, lists, wide characters, code and tables, of `TOKENS` times four characters. */
function answer(): string {
  let text = `${HEADING}\n\n`;
  for (let part = 1; text.length < TOKENS * 4; part++) {
    text += `## Part ${part}\n\nImaging triage is the first use at scale; the second wave is *documentation*, where ambient scribes cut the time that **notes** take. 漢字 and 👩‍👩‍👧 stand here as well.\n\n`;
    text +=
      "- one item with `code`\n- another that goes on for a while, so that it wraps in most windows, here and there\n\n";
    if (part % 2 === 0)
      text +=
        "```ts\nexport function add(a: number, b: number): number {\n  return a + b; // a sum\n}\n```\n\n";
    if (part % 3 === 0)
      text += "| place | year | use |\n|---|---|---|\n| Oslo | 2024 | triage |\n| Rome | 2025 | notes |\n\n";
  }
  return text.slice(0, TOKENS * 4);
}
