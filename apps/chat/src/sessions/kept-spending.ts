/** What the turns of a conversation used that is shown again. */
import type { Session } from "@orch/chat-runtime";
import { addSpent, NOTHING_SPENT as NO_TURNS } from "@orch/chat-runtime/session-store";
import { addTurns, NOTHING_SPENT, type SessionSpending } from "./session-spending.ts";
import { EMPTY_LEDGER, type SpendingLedger, withKeptTurns } from "./spending-ledger.ts";

/** The store knows the sum of all turns, those included that are not read; one that counts nothing gives all turns. */
export function keptSpending({
  turns,
  turnCount,
  spent = turns.reduce((sum, turn) => addSpent(sum, turn), NO_TURNS),
}: Pick<Session, "turns" | "turnCount" | "spent">): {
  readonly spending: SessionSpending;
  readonly ledger: SpendingLedger;
} {
  return {
    spending: addTurns(NOTHING_SPENT, spent),
    ledger: turnCount === 0 ? EMPTY_LEDGER : withKeptTurns(EMPTY_LEDGER, turnCount, spent),
  };
}
