/** What a session used so far. What is not known is marked, and does not hide what is. */
import type { SessionSpent } from "@orch/chat-runtime";
import type { Spending } from "@orch/core";

/** Tokens and money of a session. */
export interface SessionSpending {
  /** Read and written. */
  readonly tokens: number;
  /** In US dollars, of the calls whose cost is known. */
  readonly cost: number;
  /** Whether there was a call whose cost is not known: one without a price, or one that was stopped. */
  readonly isPartial: boolean;
  /** Set once a provider told no tokens, so that some of them are estimated. */
  readonly isEstimated?: true;
  /** Tokens of the latest call, which the next one reads again; absent before the first. */
  readonly context?: number;
}

/** A session before its first call. */
export const NOTHING_SPENT: SessionSpending = { tokens: 0, cost: 0, isPartial: false };

/** Adds a call. */
export function addSpending(before: SessionSpending, spending: Spending): SessionSpending {
  const { inputTokens = 0, outputTokens = 0, cost } = spending;
  const tokens = inputTokens + outputTokens;
  return {
    ...before,
    tokens: before.tokens + tokens,
    cost: before.cost + (cost ?? 0),
    isPartial: before.isPartial || cost === undefined,
    ...(tokens > 0 && { context: tokens }),
  };
}

/** Adds turns that were kept: what they used is known, and what a call of them was like is not. */
export function addTurns(
  before: SessionSpending,
  { input, output, cost, unpriced, estimated = 0 }: SessionSpent,
): SessionSpending {
  return {
    ...before,
    tokens: before.tokens + input + output,
    cost: before.cost + cost,
    isPartial: before.isPartial || unpriced > 0,
    ...(estimated > 0 && { isEstimated: true }),
  };
}
