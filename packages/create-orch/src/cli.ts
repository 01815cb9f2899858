#!/usr/bin/env node
/** The first file of the program: it says in one sentence when Node is too old for what it would make. */
import process from "node:process";
import { nodeProblem } from "./node-problem.ts";

const problem = nodeProblem(process.versions.node);
if (problem === undefined) void start();
else {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
}

async function start(): Promise<void> {
  const { create } = await import("./create.ts");
  const { systemDoors } = await import("./system-doors.ts");
  process.exitCode = await create(process.argv.slice(2), systemDoors());
}
