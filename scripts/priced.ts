/**
 * Runs a command, and fails when it took more processor time than so many yardsticks: a yardstick is a program that always computes the same. Other work on
 * the machine makes both dearer, so this holds where the time on a clock does not.
 *
 *     node scripts/priced.ts 100 pnpm test
 *
 * Where `ORCH_TALLY` names a file, a price that is too high is counted there as one failure, and said in the file of `ORCH_FAILURES`. Only Linux tells what ended processes have used.
 */
import { spawn } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";

/** Objects, texts, sorting and garbage, as tests have them: a second or two. Its own test takes a shorter one. */
const YARDSTICK = `
  for (let round = 0; round < ${process.env["ORCH_YARDSTICK"] ?? 240}; round++) {
    const rows = Array.from({ length: 8_000 }, (_, at) => ({ id: (at * 7919) % 8_009, text: "word ".repeat(at % 9) }));
    JSON.parse(JSON.stringify(rows.toSorted((a, b) => a.id - b.id)));
  }`;

interface Tally {
  readonly failed?: number;
}

/** Processor time in seconds of all processes that this one has started and seen end. */
function spent(): number {
  const text = readFileSync("/proc/self/stat", "utf8");
  // The name, in brackets, may hold spaces.
  const [user, system] = text.slice(text.lastIndexOf(")")).split(" ").slice(14, 16);
  return (Number(user) + Number(system)) / 100;
}

function run(program: string, args: readonly string[]): Promise<number> {
  const child = spawn(program, args, { stdio: "inherit" });
  return new Promise((resolve, reject) => {
    child.once("error", reject).once("close", (code) => resolve(code ?? 1));
  });
}

/** What an act costs, in seconds. */
async function priceOf(
  act: () => Promise<number>,
): Promise<{ readonly code: number; readonly seconds: number }> {
  const before = spent();
  const code = await act();
  return { code, seconds: spent() - before };
}

const measure = async (): Promise<number> =>
  (await priceOf(() => run(process.execPath, ["--eval", YARDSTICK]))).seconds;

const [limit, program, ...args] = process.argv.slice(2);
if (process.platform !== "linux") {
  process.exitCode = await run(program!, args);
} else {
  const before = await measure();
  const { code, seconds } = await priceOf(() => run(program!, args));
  const yardstick = (before + (await measure())) / 2;
  const times = Math.round(seconds / yardstick);
  const isDear = times > Number(limit);
  const said = `processor time: ${Math.round(seconds)} s, ${times} yardsticks of ${yardstick.toFixed(2)} s; ${isDear ? "MORE than" : "at most"} ${limit}`;
  console.log(`    ${said}`);
  const { ORCH_TALLY: tally, ORCH_FAILURES: failures } = process.env;
  if (isDear && failures !== undefined)
    appendFileSync(failures, `check: the price of ${program}\n    ${said}\n`);
  if (isDear && tally !== undefined) {
    const counts = existsSync(tally) ? (JSON.parse(readFileSync(tally, "utf8")) as Tally) : {};
    writeFileSync(tally, JSON.stringify({ ...counts, failed: (counts.failed ?? 0) + 1 }));
  }
  process.exitCode = code === 0 && isDear ? 1 : code;
}
