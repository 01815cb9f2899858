import { OrchError } from "@orch/core";
import type { RestateErrorFacts } from "./error-facts.ts";

/** A value is larger than an entry of the engine's journal may be. */
export class RestatePayloadError extends OrchError<"ORCH_RESTATE_PAYLOAD"> {
  readonly retryable = false;

  constructor(facts: RestateErrorFacts["ORCH_RESTATE_PAYLOAD"]) {
    const { what, bytes, limit } = facts;
    super("ORCH_RESTATE_PAYLOAD", facts, {
      says: `${capital(what)} has ${bytes} bytes; at most ${limit} may be kept at once.`,
      fix: "Keep large values elsewhere and hand on their addresses, or raise maxPayload of the host and of the workers.",
    });
  }
}

/** The error of a value that is too large, `undefined` for one that fits. */
export function payloadError(value: unknown, what: string, limit: number): RestatePayloadError | undefined {
  const text = JSON.stringify(value) as string | undefined;
  // A character takes one to three bytes.
  if (text === undefined || text.length * 3 <= limit) return undefined;
  const bytes = new TextEncoder().encode(text).length;
  return bytes <= limit ? undefined : new RestatePayloadError({ what, bytes, limit });
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
