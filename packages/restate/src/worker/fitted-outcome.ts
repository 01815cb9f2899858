import type { Json } from "@orch/core";
import { errorData } from "@orch/core/doors";
import type { Operation, Outcome } from "@orch/core/host";
import { payloadError } from "../errors/restate-payload-error.ts";

/** An outcome that may be kept: one that is too large is a failure that says so. What it spent still counts, and what `ctx.once` kept as far as that fits. */
export function fitted(outcome: Outcome, { path }: Operation, maxPayload: number): Outcome {
  const error = payloadError(outcome, `what ${path} left`, maxPayload);
  if (error === undefined) return outcome;
  const { spent, notes } = outcome;
  const failed: Outcome = {
    kind: "failed",
    error: errorData(error) as unknown as Json,
    ...(spent && { spent }),
  };
  const withNotes: Outcome = { ...failed, ...(notes && { notes }) };
  return payloadError(withNotes, "what it kept", maxPayload) === undefined ? withNotes : failed;
}
