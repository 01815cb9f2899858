/** Sums what the turns of a session used. */
import type { SessionSpent, TurnRecord } from "./session-store.ts";

/** A session without turns. */
export const NOTHING_SPENT: SessionSpent = { input: 0, output: 0, cost: 0, unpriced: 0 };

/** The sum with one more turn; `sign` -1 takes one out. */
export function addSpent(
  { input, output, cost, unpriced }: SessionSpent,
  turn: TurnRecord,
  sign: 1 | -1 = 1,
): SessionSpent {
  return {
    input: input + sign * numberOf(turn.usage?.input),
    output: output + sign * numberOf(turn.usage?.output),
    cost: cost + sign * numberOf(turn.cost),
    unpriced: unpriced + (turn.cost === undefined ? sign : 0),
  };
}

/** A turn that was imported may say anything. */
function numberOf(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}
