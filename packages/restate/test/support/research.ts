/** The orchestration of the kill suites: a plan, a fan-out, a question, a report. Each execution adds lines to a file. */
import { appendFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { each, type Orchestration, orchestration, question, type RunContext, runnable } from "@orch/core";
import { z } from "zod";

/** The places of a research: where it tells what it does, and whether it may go on. */
export interface ResearchPlaces {
  /** A folder that all workers share. */
  readonly folder: string;
  /** Who tells: the name of the worker. */
  readonly name: string;
}

/** The file of the executions: `began KEY NAME` and `ended KEY NAME` a line. */
export const workFile = (folder: string): string => join(folder, "work.log");

/** While this file is there, the searches from number `open` on do not end. */
export const gateFile = (folder: string): string => join(folder, "gate");

/** How many searches end while the gate is shut. */
export const OPEN_SEARCHES = 4;

const LOOK_EVERY = 10;

/** Makes the orchestration. A topic like `tides*10` is searched for ten times. */
export function makeResearch({ folder, name }: ResearchPlaces): Orchestration<string, string> {
  const tell = (says: string, { key }: RunContext): void =>
    appendFileSync(workFile(folder), `${says} ${key} ${name}\n`);
  const work = <TInput, TOutput>(
    id: string,
    act: (input: TInput, ctx: RunContext) => TOutput | Promise<TOutput>,
  ) =>
    runnable(id, async (input: TInput, ctx) => {
      tell("began", ctx);
      const output = await act(input, ctx);
      tell("ended", ctx);
      return output;
    });
  const plan = work("plan", (topic: string) => {
    const [what = "", times = "10"] = topic.split("*");
    return Array.from({ length: Number(times) }, (_, index) => ({ what, index }));
  });
  const search = work("search", async ({ what, index }: { what: string; index: number }, ctx) => {
    while (index >= OPEN_SEARCHES && existsSync(gateFile(folder)) && !ctx.signal.aborted)
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
    return `${what} ${index}`;
  });
  const searchAll = each("searchAll", search, { concurrency: 100 });
  const count = work("count", (found: readonly string[]) => found.length);
  const approve = question("approve", { ask: (found: number) => `Publish ${found}?`, answer: z.boolean() });
  const report = work("report", (yes: boolean) => (yes ? "published" : "kept back"));
  return orchestration("research", (o) =>
    o
      .start(plan)
      .advance(plan, searchAll)
      .advance(searchAll, count)
      .advance(count, approve)
      .advance(approve, report)
      .finish(report),
  );
}
