#!/usr/bin/env node
/** The first file of the program: answers `--version` and `--help` before anything else is loaded. */
import { enableCompileCache } from "node:module";
import process from "node:process";
import { version } from "./version.ts";

enableCompileCache();

const [first] = process.argv.slice(2);
if (first === "--version" || first === "-v") {
  process.stdout.write(`${version}\n`);
} else if (first === "--help" || first === "-h" || first === "help") {
  const { helpText } = await import("./help.ts");
  process.stdout.write(helpText);
} else {
  const { main } = await import("./main.ts");
  const { systemDoors } = await import("./doors.ts");
  await main(process.argv.slice(2), systemDoors());
}
