import { OrchError } from "@orch/core";

/** A message came over the limit of turns. */
export class RateLimitedError extends OrchError<"ORCH_RATE_LIMITED"> {
  constructor(facts: { readonly turns: number; readonly interval: number; readonly retryAfterMs: number }) {
    super("ORCH_RATE_LIMITED", facts, {
      says: `No more than ${facts.turns} turns in ${facts.interval} ms are let in.`,
      fix: `Send the message again in ${facts.retryAfterMs} ms, or let the limit wait with { full: "wait" }.`,
    });
  }
}
