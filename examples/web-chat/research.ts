/**
 * `research`: searches the pages of this repository, asks whether to write a report, and writes it.
 *
 *     plan -> searches (one a query, side by side) -> approve -> report
 */
import { agent, agentRunnable, resolveModel } from "@orch/agents";
import { each, type Orchestration, orchestration, question, runnable, speech } from "@orch/core";
import { z } from "zod";

/** What the server offers, and where it waits on the way: `search` before each search, `report` after each line of the report. */
export interface ResearchOptions {
  /** The folder that is searched. */
  readonly root: string;
  readonly pace: (place: "search" | "report", signal: AbortSignal) => Promise<void>;
}

/** Makes the orchestration. */
export function research({ root, pace }: ResearchOptions): Orchestration<string, string> {
  const reader = agent({
    name: "reader",
    instructions: "Quote what the pages say.",
    // It quotes sentences of files, without a key. Any model of `resolveModel` fits here.
    model: resolveModel("local/extractive", {}, { env: {}, root }),
  });
  const plan = runnable("plan", (topic: string) => [topic, `${topic} example`]);
  const read = agentRunnable(reader, { id: "read", toInput: (query: string) => query });
  const wait = runnable("wait", async (query: string, ctx) => {
    await pace("search", ctx.signal);
    return query;
  });
  const search = orchestration<string, string>("search", (o) =>
    o.start(wait).advance(wait, read).finish(read),
  );
  const searches = each("searches", search, { concurrency: 2 });
  const approve = question("approve", {
    ask: (found: readonly string[]) => `Write a report from ${found.length} findings?`,
    answer: z.boolean(),
    keepInput: true,
  });
  const report = runnable(
    "report",
    async ({ input, answer }: { input: readonly string[]; answer: boolean }, ctx) => {
      const lines = answer ? [...new Set(input.join("\n").split("\n"))] : ["Left alone."];
      let said = "";
      for (const [at, line] of lines
        .filter((line) => line.trim() !== "")
        .slice(0, 8)
        .entries()) {
        const piece = at === 0 ? line : `\n${line}`;
        ctx.emit(speech, piece);
        said += piece;
        await pace("report", ctx.signal);
      }
      return said;
    },
  );
  return orchestration("research", (o) =>
    o
      .start(plan)
      .advance(plan, searches)
      .advance(searches, approve)
      .advance(approve, report, { label: "answered" })
      .finish(report),
  );
}
