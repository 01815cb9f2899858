/**
 * A process that drives runs of one file as it is told: `drive-runs.ts FILE`. It takes lines
 *
 *     resume RUN AT    takes a run up at this moment (milliseconds since the epoch)
 *     hold RUN         takes a run up whose work waits for the line `work`
 *     work             lets the work that is held go on
 *     sleep RUN        starts a run that sleeps for an hour
 *
 * and tells `ready`, `resumed RUN`, `refused RUN CODE HOLDER`, `worked RUN`, `waits RUN`, `end RUN OUTPUT` and `failed RUN CODE`.
 */
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Orchestration, Run } from "@orch/core";
import { sqliteHost } from "../src/index.ts";
import { asking, sleeping } from "./shared-flows.ts";

const [file = ""] = process.argv.slice(2);
const host = sqliteHost(file);
let goOn = Promise.withResolvers<void>();

const tell = (...words: readonly string[]): void => {
  writeSync(1, `${words.join(" ")}\n`);
};

const codeOf = (error: unknown): string => String((error as { readonly code?: unknown }).code);

async function follow(runId: string, run: Run<string>): Promise<void> {
  try {
    tell("end", runId, await run.result);
  } catch (error) {
    tell("failed", runId, codeOf(error));
  }
}

async function resume(flow: Orchestration<never, string>, runId: string): Promise<void> {
  try {
    const run = await host.resume(flow, runId);
    tell("resumed", runId);
    await follow(runId, run);
  } catch (error) {
    const { holder = "" } = (error as { readonly facts: { readonly holder?: string } }).facts;
    tell("refused", runId, codeOf(error), holder);
  }
}

async function obey(line: string): Promise<void> {
  const [command, runId = "", at] = line.split(" ");
  if (command === "work") {
    goOn.resolve();
  } else if (command === "resume") {
    // Busy until then, so that two processes come at the same moment.
    while (Date.now() < Number(at));
    const flow = asking(async (answer) => {
      tell("worked", runId);
      return answer;
    });
    await resume(flow, runId);
  } else if (command === "hold") {
    goOn = Promise.withResolvers();
    const flow = asking(async (answer) => {
      tell("worked", runId);
      await goOn.promise;
      return answer;
    });
    await resume(flow, runId);
  } else if (command === "sleep") {
    const flow = sleeping(async (input) => {
      tell("worked", runId);
      return `${input}.`;
    });
    const run = flow.start("x", { host, runId });
    while ((await host.get(runId))?.dueAt === undefined)
      await new Promise((resolve) => setTimeout(resolve, 5));
    tell("waits", runId);
    await follow(runId, run);
  }
}

createInterface({ input: process.stdin }).on("line", (line) => void obey(line));
tell("ready");
