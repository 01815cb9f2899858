#!/usr/bin/env node
/** The first file of the program: answers `--version` and `--help` before anything else is loaded. */
import process from "node:process";
import v8 from "node:v8";
import { keepCompiled } from "./process/compile-cache.ts";
import { takeKeys } from "./process/early-keys.ts";
import { nodeProblem } from "./process/node-version.ts";
import { version } from "./process/version.ts";

/**
 * V8 spends memory for speed that a chat that waits for its user and a model has no use for; what its last optimizing compiler
 * takes on its threads never goes back to the system. What answers once and ends has the speed: its index of a folder is built in two
 * thirds of the processor time. After 2,000 tokens the program holds 126 MB with these flags, 151 MB
 * without, for the same processor time; code of one's own that only computes takes 11 % more. Without Maglev too it would
 * hold 4 MB less, and such code would take twice as long.
 *
 * With so little memory a thread of the baseline compiler often waits for the main thread to collect, and `process.exit` then waits
 * for that thread for ever (nodejs/node#54918): 4 of 150 programs that made functions until they ended hung, and none without the thread.
 */
const LEAN = ["--semi-space-growth-factor=1", "--optimize-for-size", "--no-opt", "--no-concurrent-sparkplug"];

const problem = nodeProblem(process.version);
if (problem === undefined) await start();
else {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
}

async function start(): Promise<void> {
  const args = process.argv.slice(2);
  const [first, second] = args;
  const isBrief = first === "run" || args.includes("-p") || args.includes("--print");
  if (!isBrief) for (const flag of LEAN) v8.setFlagsFromString(flag);
  keepCompiled(process);
  if (first === "--version" || first === "-v") {
    process.stdout.write(`${version}\n`);
  } else if (first === "--help" || first === "-h" || first === "help") {
    const { helpOf } = await import("./config/help.ts");
    process.stdout.write(helpOf(second));
  } else {
    // Before anything else is loaded, which takes longer than a fast typist.
    const keys = takeKeys(args, process);
    const { main } = await import("./main.ts");
    const { systemDoors } = await import("./process/doors.ts");
    await main(args, systemDoors(keys));
  }
}
