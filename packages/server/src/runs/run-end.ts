import { isOrchError } from "@orch/core";
import { errorData } from "@orch/core/doors";
import { type ForeignErrors, publicError } from "../view/public-error.ts";
import { publicJson } from "../view/public-json.ts";
import { publicSentence } from "../view/public-sentence.ts";
import type { PublicRunPicture } from "../words/public-run.ts";
import type { ServedHost } from "./driven-runs.ts";

/** What is told of the end of a run; nothing of one that goes on. */
export type RunEnd = Pick<PublicRunPicture, "output" | "error" | "reason">;

/** How a run ended: what it gave, why it failed, or why it was stopped. */
export async function runEnd(
  run: ReturnType<ServedHost["run"]>,
  status: PublicRunPicture["status"],
  foreign: ForeignErrors,
): Promise<RunEnd> {
  if (status !== "completed" && status !== "failed" && status !== "cancelled") return {};
  try {
    const output = publicJson(await run.result);
    return output === undefined ? {} : { output };
  } catch (error) {
    if (isOrchError(error, "ORCH_CANCELLED")) return { reason: publicSentence(error.facts.reason) };
    return { error: publicError(errorData(error), "The run", foreign) };
  }
}
