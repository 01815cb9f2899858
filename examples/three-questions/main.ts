/**
 * One run, three processes. The first asks three questions beside two branches that work, and is killed. The
 * second answers two. The third resumes the run and answers the last; what had been done is not done again.
 */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const folder = await mkdtemp(join(tmpdir(), "three-questions-"));

/** Runs one of the processes and shows what it says; kills it, without any warning, when it says `last`. */
async function act(file: string, last?: string): Promise<void> {
  const script = join(import.meta.dirname, file);
  const child = spawn(process.execPath, [...process.execArgv, script, folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) =>
    child.on("exit", (_, signal) => resolve(signal)),
  );
  for await (const line of createInterface({ input: child.stdout })) {
    console.log(`${file}: ${line}`);
    if (line === last) child.kill("SIGKILL");
  }
  const signal = await ended;
  console.log(`${file}: ${signal === null ? "ended" : `killed by ${signal}`}`);
}

await act("begin.ts", "waits");
await act("answer-two.ts");
await act("finish.ts");

const done = (await readFile(join(folder, "work.log"), "utf8")).trim().split("\n").toSorted();
console.log(`work that was done, in all three processes: ${done.join(", ")}`);
await rm(folder, { recursive: true });
