/**
 * Answers a question from the notes of this folder:
 *
 *     plan -> searches (one a query, side by side) -> report
 */
import { agent, agentRunnable, type Model } from "@orch/agents";
import { fileTools } from "@orch/agents/files";
import { each, type Orchestration, orchestration, runnable } from "@orch/core";

export interface ResearchOptions {
  readonly model: Model;
  /** The folder that the reader may look into. */
  readonly root: string;
}

export function research({ model, root }: ResearchOptions): Orchestration<string, string> {
  // A state is a named function from an input to an output.
  const plan = runnable("plan", (question: string) => [question, `${question} exceptions`]);

  // An agent is a state too.
  const reader = agent({
    name: "reader",
    instructions: "Answer in one sentence from the files of the folder, and cite path:line.",
    model,
    tools: fileTools({ root }),
  });
  const search = agentRunnable(reader, { id: "search", toInput: (query: string) => query });
  const searches = each("searches", search, { concurrency: 2 });

  const report = runnable("report", (found: readonly string[]) => [...new Set(found)].join("\n\n"));

  // The compiler checks that what leaves one state fits the next.
  return orchestration("research", (o) =>
    o.start(plan).advance(plan, searches).advance(searches, report).finish(report),
  );
}
