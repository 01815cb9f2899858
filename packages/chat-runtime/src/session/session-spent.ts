/** Sums what the turns of a session used. */
import type { SessionSpent, TurnRecord } from "./session-store.ts";

/** A session without turns. */
export const NOTHING_SPENT: Required<SessionSpent> = {
  input: 0,
  output: 0,
  cost: 0,
  unpriced: 0,
  cached: 0,
  estimated: 0,
};

/** The sum with one more turn; `sign` -1 takes one out. */
export function addSpent(
  { input, output, cost, unpriced, cached = 0, estimated = 0 }: SessionSpent,
  turn: TurnRecord,
  sign: 1 | -1 = 1,
): Required<SessionSpent> {
  return {
    input: input + sign * numberOf(turn.usage?.input),
    output: output + sign * numberOf(turn.usage?.output),
    cost: cost + sign * numberOf(turn.cost ?? turn.knownCost),
    unpriced: unpriced + (isUnpriced(turn) ? sign : 0),
    cached: cached + sign * numberOf(turn.usage?.cacheRead),
    estimated: estimated + (turn.usage?.estimated === true ? sign : 0),
  };
}

/** Whether the cost of a turn is not known, or not all of it. One that was answered and used nothing has called no model. */
export function isUnpriced({ cost, usage, status }: Pick<TurnRecord, "cost" | "usage" | "status">): boolean {
  return cost === undefined && (usage !== undefined || status !== "completed");
}

/** A turn that was imported may say anything. */
function numberOf(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}
