/** Whether a run goes on after the calls of a message. */
import { guardrailStop, type Stop } from "../agent/stop.ts";
import type { CallOutcome } from "../calls/tell-call.ts";
import type { ToolResultPart } from "../words/message.ts";
import type { RunScope } from "./run-scope.ts";

/** What the outcomes of a message's calls mean for the run: an end, or nothing. A promise only where something is waited for. */
export function stopAfter(
  scope: RunScope,
  outcomes: readonly CallOutcome[],
): Stop | undefined | Promise<Stop | undefined> {
  if (scope.link.aborted) return { stopReason: "aborted" };
  if (!outcomes.some(isTelling)) return undefined;
  const failure = outcomes.find((outcome) => outcome.failure !== undefined)?.failure;
  const guardrail = outcomes.find((outcome) => outcome.guardrail !== undefined)?.guardrail;
  const pending = outcomes.flatMap((outcome) => outcome.pending ?? []);
  if (failure !== undefined) return { stopReason: "error", failure };
  if (guardrail !== undefined) return guardrailStop(guardrail);
  if (pending.length > 0) {
    const stopReason = pending.every(({ deferred }) => deferred) ? "needs-results" : "needs-approval";
    const paused = outcomes.flatMap((outcome) => outcome.paused ?? []);
    return { stopReason, pending, ...(paused.length > 0 && { paused }) };
  }
  const ending = outcomes.find((outcome) => outcome.ending !== undefined);
  return ending === undefined ? undefined : endWith(scope, ending);
}

/** Whether anything follows from an outcome but its result. */
export function isTelling({ failure, guardrail, pending, ending }: CallOutcome): boolean {
  return failure !== undefined || guardrail !== undefined || pending !== undefined || ending !== undefined;
}

/** A tool ended the run: its output is the answer, if it fits. */
async function endWith(scope: RunScope, { ending, result }: CallOutcome): Promise<Stop> {
  const text = textOfResult(result);
  if (scope.plan.way === "text") return { stopReason: "done", output: text };
  const { schema } = scope.plan;
  const checked = await schema["~standard"].validate(ending?.output);
  if (checked.issues === undefined) return { stopReason: "done", output: checked.value };
  return { stopReason: "invalid-output", rawOutput: text };
}

function textOfResult(result: ToolResultPart | undefined): string {
  const { output = "" } = result ?? {};
  if (typeof output === "string") return output;
  return output.map((part) => (part.type === "text" ? part.text : "")).join("");
}
