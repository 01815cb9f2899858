/** An orchestration whose only state pays once, and then takes its time. */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Orchestration, orchestration, runnable } from "@orch/core";
import { gateFile, type ResearchPlaces } from "./research.ts";

const payFile = (folder: string): string => join(folder, "payments.log");
const LOOK_EVERY = 10;

/** What was done for a run: `paid NAME` and `holds NAME`. */
export function payments(folder: string, runId: string): readonly string[] {
  const file = payFile(folder);
  const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  return lines.filter((line) => line.startsWith(`${runId} `)).map((line) => line.slice(runId.length + 1));
}

/** Makes the orchestration. Its state ends when the gate is open, with the name of the worker that paid. */
export function makePaying({ folder, name }: ResearchPlaces): Orchestration<string, string> {
  const pay = runnable("pay", async (_: string, ctx) => {
    const tell = (says: string): void => appendFileSync(payFile(folder), `${ctx.runId} ${says} ${name}\n`);
    const payer = await ctx.once("payment", () => {
      tell("paid");
      return name;
    });
    tell("holds");
    while (existsSync(gateFile(folder)) && !ctx.signal.aborted)
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
    return payer;
  });
  return orchestration("paying", (o) => o.start(pay).finish(pay));
}
