/** What a session used so far. What is not known is marked, and does not hide what is. */
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

/** Adds a turn that was kept: what it used is known, and what a call of it was like is not. */
export function addTurn(
  before: SessionSpending,
  usage: { readonly input: number; readonly output: number; readonly estimated?: boolean } | undefined,
  cost: number | undefined,
): SessionSpending {
  const { context: _, ...rest } = addSpending(before, {
    ...(usage && { inputTokens: usage.input, outputTokens: usage.output }),
    ...(cost !== undefined && { cost }),
  });
  return usage?.estimated === true ? { ...rest, isEstimated: true } : rest;
}
