/** What the turns of a conversation used that is shown again. */
import type { Session } from "@orch/chat-runtime";
import { addTurn, NOTHING_SPENT, type SessionSpending } from "./session-spending.ts";
import { EMPTY_LEDGER, type SpendingLedger, withKeptTurn } from "./spending-ledger.ts";

/** Sums the turns that were read one by one; of those before them the store knows the sum. */
export function keptSpending(session: Session): {
  readonly spending: SessionSpending;
  readonly ledger: SpendingLedger;
} {
  let spending = NOTHING_SPENT;
  let ledger = EMPTY_LEDGER;
  const count = (usage: Parameters<typeof addTurn>[1], cost: number | undefined): void => {
    spending = addTurn(spending, usage, cost);
    ledger = withKeptTurn(ledger, usage, cost);
  };
  const { turns, earlier = 0, spent } = session;
  if (earlier > 0 && spent !== undefined) {
    const before = turns.reduce(
      (rest, { usage, cost }) => ({
        input: rest.input - (usage?.input ?? 0),
        output: rest.output - (usage?.output ?? 0),
        cost: rest.cost - (cost ?? 0),
        unpriced: rest.unpriced - (cost === undefined ? 1 : 0),
      }),
      spent,
    );
    count(before, before.unpriced === earlier ? undefined : Math.max(0, before.cost));
    // Some of them have no price, and the others count.
    if (before.unpriced > 0 && before.unpriced < earlier) count(undefined, undefined);
  }
  for (const { usage, cost } of turns) count(usage, cost);
  return { spending, ledger };
}
