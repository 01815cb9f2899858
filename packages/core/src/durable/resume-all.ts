import { RunHeldError } from "../errors/run-held-error.ts";
import type { Run } from "../run/run.ts";
import type { Resumed } from "./durable-host-options.ts";
import type { JournalStore, RunQuery } from "./journal-store.ts";
import type { LiveRuns } from "./live-runs.ts";
import type { AnyOrchestration } from "./version-of.ts";

/** What resuming all runs needs of a host. */
interface ResumeAllParts {
  readonly store: JournalStore;
  readonly live: LiveRuns;
  readonly resume: (orchestration: AnyOrchestration, runId: string) => Promise<Run<unknown>>;
}

/** Resumes every unfinished run of these orchestrations that no process drives. */
export async function resumeAll(
  orchestrations: readonly AnyOrchestration[],
  { store, live, resume }: ResumeAllParts,
): Promise<Resumed> {
  const runs: Run<unknown>[] = [];
  const problems: { runId: string; error: unknown }[] = [];
  for (const orchestration of orchestrations) {
    const query: RunQuery = {
      orchestration: orchestration.id,
      status: ["running", "waiting"],
      limit: Number.MAX_SAFE_INTEGER,
    };
    for (const { runId } of await store.list(query)) {
      if (live.get(runId) !== undefined) continue;
      try {
        runs.push(await resume(orchestration, runId));
      } catch (error) {
        if (!(error instanceof RunHeldError)) problems.push({ runId, error });
      }
    }
  }
  return { runs, problems };
}
