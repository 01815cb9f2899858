/**
 * Answers a question from the notes of this folder, once a person agrees:
 *
 *     plan -> searches (one a query, side by side) -> approve (a question) -> report
 */
import { agent, agentRunnable, type Model } from "@orch/agents";
import { fileTools } from "@orch/agents/files";
import { each, type Orchestration, orchestration, question, runnable, speech } from "@orch/core";
import { z } from "zod";

export interface ResearchOptions {
  readonly model: Model;
  /** The folder that the reader may look into. */
  readonly root: string;
}

export function research({ model, root }: ResearchOptions): Orchestration<string, string> {
  // A state is a named function from an input to an output.
  const plan = runnable("plan", (topic: string) => [topic, `${topic} exceptions`]);

  // An agent is a state too.
  const reader = agent({
    name: "reader",
    instructions: "Answer in one sentence from the files of the folder, and cite path:line.",
    model,
    tools: fileTools({ root }),
  });
  const search = agentRunnable(reader, { id: "search", toInput: (query: string) => query });
  const searches = each("searches", search, { concurrency: 2 });

  // The run waits here for its answer: for days, over restarts of the server too.
  const approve = question("approve", {
    ask: (found: readonly string[]) => `Write a report from ${found.length} findings?`,
    answer: z.boolean(),
    keepInput: true,
  });

  const report = runnable(
    "report",
    ({ input, answer }: { input: readonly string[]; answer: boolean }, ctx) => {
      const text = answer ? [...new Set(input)].join("\n\n") : "Left alone.";
      // What is said on `speech` reaches clients while it is written.
      ctx.emit(speech, text);
      return text;
    },
  );

  // The compiler checks that what leaves one state fits the next.
  return orchestration("research", (o) =>
    o.start(plan).advance(plan, searches).advance(searches, approve).advance(approve, report).finish(report),
  );
}
