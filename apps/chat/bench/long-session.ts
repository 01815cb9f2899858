/** Measures a conversation of 10,000 messages: its start, the commands on it, and the same without a screen. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { exportSession, type TurnRecord } from "@orch/chat-runtime";
import { type Sandbox, sandbox } from "../test/support/sandbox.ts";
import { cpuOf, type Figure, memoryOf, percentile, READY, STARTS } from "./figures.ts";

/** Messages of the conversation. */
const LONG = 10_000;
/** What a command may cost, in milliseconds of processor time. */
const COMMAND_BAR = 1000;

/** The commands, in an order in which each finds the whole conversation, and what each ends with. */
const TYPED: readonly (readonly [keys: string, until: string | RegExp])[] = [
  ["/sessions", "/resume chooses"],
  ["/sessions keeper", /Long[\s\S]*Long/],
  ["/earlier 500", "Answer 4491."],
  ["/links", "no links"],
  ["/export md long.md", "is in long.md"],
  ["/export html long.html", "is in long.html"],
  ["/branch 4000", "up to message 4000"],
  ["/edit 3000", "Message 3000 is in the input"],
];
const HEADLESS: readonly (readonly string[])[] = [
  ["sessions"],
  ["sessions", "keeper"],
  ["sessions", "export", "session-long", "jsonl"],
  ["sessions", "export", "session-long", "html"],
];

/** From the start of the program to the end of the conversation on the screen, and then each command. */
export async function measureLongSession(file: string): Promise<Figure[]> {
  await using box = await sandbox(file);
  await writeFile(join(box.folder, "long.jsonl"), longSession());
  const imported = await headless(box, ["sessions", "import", "long.jsonl"]);
  const times: number[] = [];
  const sizes: number[] = [];
  for (let at = 0; at < STARTS; at++) {
    const start = performance.now();
    await using app = box.start(["-c"]);
    await app.until((it) => it.scrollback().includes(`Answer ${LONG / 2}.`) && it.screen().includes(READY));
    times.push(performance.now() - start);
    await sleep(500);
    sizes.push(await memoryOf(app.pid));
    app.type("\u0004");
    await app.ended;
  }
  const others: Figure[] = [];
  for (const args of HEADLESS) others.push(await headless(box, args));
  return [
    { name: "first paint, 10,000 messages", value: percentile(times.slice(1), 50), unit: "ms", bar: 400 },
    { name: "resident memory, 10,000 messages", value: Math.max(...sizes), unit: "MB", bar: 200 },
    imported,
    ...others,
    ...(await measureCommands(box)),
  ];
}

async function measureCommands(box: Sandbox): Promise<Figure[]> {
  await using app = box.start(["-c"]);
  await app.until((it) => it.scrollback().includes(`Answer ${LONG / 2}.`) && it.screen().includes(READY));
  const figures: Figure[] = [];
  for (const [keys, until] of TYPED) {
    const before = await cpuOf(app.pid);
    app.type(`${keys}\r`);
    await app.until(until);
    await sleep(1000);
    const value = ((await cpuOf(app.pid)) - before) * 1000;
    figures.push({ name: `processor, ${keys}`, value, unit: "ms", bar: COMMAND_BAR });
  }
  const most = await memoryOf(app.pid, "VmHWM");
  return [...figures, { name: "most memory of these commands", value: most, unit: "MB", bar: 200 }];
}

/** Processor time of the program without a screen. Only a child that was waited for counts. */
async function headless(box: Sandbox, args: readonly string[]): Promise<Figure> {
  const before = await childrenTime();
  const { code, stderr } = await box.run(args);
  if (code !== 0) throw new Error(stderr);
  return {
    name: `processor, orch ${args.filter((word) => word !== "session-long").join(" ")}`,
    value: (await childrenTime()) - before,
    unit: "ms",
    bar: COMMAND_BAR,
  };
}

/** Processor time of all children that ended, in milliseconds. */
async function childrenTime(): Promise<number> {
  const stat = await readFile("/proc/self/stat", "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

/** A conversation of `LONG` messages, with answers of a kilobyte, as it is exported. */
function longSession(): string {
  const origin = { provider: "test", api: "test", model: "test" };
  const turns = Array.from({ length: LONG / 2 }, (_, at): TurnRecord => {
    const text = `Answer ${at + 1}.\n\n${"The lamp burns oil, and the keeper fills it. ".repeat(22)}`;
    return {
      id: `turn-${at}`,
      configuration: "research",
      status: "completed",
      startedAt: at,
      endedAt: at,
      messages: [
        { role: "user", content: [{ type: "text", text: `Question ${at + 1}.` }] },
        { role: "assistant", content: [{ type: "text", text }], origin, finish: { reason: "stop" } },
      ],
    };
  });
  return exportSession(
    { id: "session-long", title: "Long", createdAt: 1, updatedAt: 2, turnCount: turns.length, turns },
    "jsonl",
  );
}
