/** A turn of the open conversation that was not read with it: only the last ones are. */
import type { TurnRecord } from "@orch/chat-runtime";
import type { SessionActs } from "../sessions/session-acts.ts";

/** Where the turns before those that were read are. */
export interface EarlierTurns {
  readonly session: string;
  /** How many there are before. */
  readonly earlier: number;
  /** How many turns come after them. */
  readonly later: number;
}

/** Turns that are read at once. */
const PAGE = 50;

/** The turn that is the n-th from the end of the conversation, or that has `named` in its id. */
export async function earlierTurn(
  named: string,
  { session, earlier, later }: EarlierTurns,
  sessions: Pick<SessionActs, "load">,
): Promise<TurnRecord | undefined> {
  if (/^[1-9]\d{0,5}$/.test(named)) {
    const before = earlier + later - Number(named) + 1;
    if (before < 1 || before > earlier) return undefined;
    return (await sessions.load(session, { last: 1, before })).turns[0];
  }
  for (let before = earlier; before > 0; before -= PAGE) {
    const { turns } = await sessions.load(session, { last: Math.min(PAGE, before), before });
    const found = turns.filter(({ id }) => id.includes(named));
    if (found.length > 0) return found.length === 1 ? found[0] : undefined;
  }
  return undefined;
}
