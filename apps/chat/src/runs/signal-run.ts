/** `orch signal`: a typed text as the value of a signal, taken by the process that drives the run, or kept for the next one. */
import { isOrchError } from "@orch/core";
import { readings } from "../sessions/open-questions.ts";
import type { Setup } from "../setup/compose.ts";
import type { Answered } from "./answer-question.ts";
import type { FolderRun, FolderRuns } from "./folder-runs.ts";
import { definitionOf } from "./run-code.ts";

/** A signal, as its words were typed. */
export interface SignalWords {
  readonly kind: string;
  readonly value: string;
  readonly key?: string;
}

/**
 * Sends a signal to a run.
 *
 * @throws what the run says to it: a kind that it does not know, a value that does not fit, its end; and what loading its
 * code throws where no process drives it.
 */
export async function signalRun(
  of: FolderRun,
  { kind, value: text, key }: SignalWords,
  { host }: FolderRuns,
  setup: Setup,
): Promise<Answered> {
  const { runId, holder } = of.run;
  const options = key === undefined ? {} : { key };
  if (holder !== undefined) {
    try {
      const value = await sendReading(text, (reading) => host.run(runId).signal(kind, reading, options));
      return { value, driver: holder.name };
    } catch (error) {
      // That process ended meanwhile.
      if (!isOrchError(error, "ORCH_RUN_STATE")) throw error;
    }
  }
  const code = await definitionOf(of, setup);
  const kept = host.run(runId, "orchestration" in code ? code.orchestration : undefined);
  return { value: await sendReading(text, (reading) => kept.signal(kind, reading, options)) };
}

/** Sends the first reading of a text that the schema of the kind takes; gives it. */
async function sendReading(text: string, send: (value: unknown) => Promise<void>): Promise<unknown> {
  let refusal: unknown;
  for (const value of readings(text)) {
    try {
      await send(value);
      return value;
    } catch (error) {
      if (!isOrchError(error, "ORCH_INVALID_SIGNAL")) throw error;
      refusal = error;
    }
  }
  throw refusal;
}
