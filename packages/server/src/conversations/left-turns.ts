/** The turns that an earlier process left in the middle. */
import type { FoundTurn, SessionStore } from "@orch/chat-runtime";

/** How many of the newest sessions are looked at for a turn whose run has not begun, or has just ended. */
const NEWEST = 1000;
/** For how many runs the store is asked at once. */
const AT_ONCE = 500;

/** What was found in the store of sessions. */
export interface LeftTurns {
  /** Turns that nobody goes on with, each once. */
  readonly turns: readonly FoundTurn[];
  /** Which of the runs belong to turns, whatever became of these. */
  readonly runs: ReadonlySet<string>;
}

/**
 * Finds the turns of these runs, which have the ids of their turns: a run whose id no turn has is a run of its own. A process
 * that ends between the record of a turn and that of its run leaves a turn without a run that goes on: it is the last one of a session
 * that was changed lately. With `newest` these are looked at too.
 */
export async function leftTurns(
  store: SessionStore,
  runIds: readonly string[],
  newest: boolean,
): Promise<LeftTurns> {
  const turns = new Map<string, FoundTurn>();
  const runs = new Set<string>();
  const add = (found: FoundTurn): void => {
    // A copied session has turns of the same ids, and one run.
    if (found.turn.status === "unfinished" && !turns.has(found.turn.id)) turns.set(found.turn.id, found);
  };
  for (let at = 0; at < runIds.length; at += AT_ONCE) {
    for (const found of await store.findTurns(runIds.slice(at, at + AT_ONCE))) {
      runs.add(found.turn.id);
      add(found);
    }
  }
  for (const { id, heldBy, turnCount } of newest ? await store.list({ limit: NEWEST }) : []) {
    if (heldBy !== undefined || turnCount === 0) continue;
    const turn = (await store.load(id, { last: 1 }))?.turns.at(-1);
    if (turn !== undefined) add({ sessionId: id, turn });
  }
  return { turns: [...turns.values()], runs };
}
