/** Goes on with a typed run of `orch serve` that nobody drives. */
import { isOrchError } from "@orch/core";
import type { Attachment } from "./attachment.ts";
import type { FolderRun } from "./folder-runs.ts";
import { type Followed, followRun } from "./follow-run.ts";
import { choiceOf } from "./run-code.ts";

/** Drives the run as long as it is followed, and leaves it where it is then. Rejects as `attachRun` does. */
export async function driveTyped(run: FolderRun, attachment: Attachment): Promise<Followed> {
  const { runs, setup, flags } = attachment;
  const choice = await choiceOf(run, setup, flags.model);
  const { configuration } = await setup.compose(choice);
  // One that was found by the id of its orchestration has one.
  if (!("orchestration" in configuration)) return followRun(run, attachment);
  try {
    const { orchestration } = configuration;
    const driven = await runs.host.resume(orchestration, run.run.runId, { onUnheard: false });
    try {
      return await followRun(run, attachment, driven);
    } finally {
      await driven.suspend();
    }
  } catch (error) {
    // A server was quicker, and goes on with it.
    if (isOrchError(error, "ORCH_RUN_HELD")) return { next: attachment.from };
    throw error;
  }
}
