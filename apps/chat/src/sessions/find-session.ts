/** Finds a session by its name. */
import type { SessionStore } from "@orch/chat-runtime";
import { SessionMissingError } from "../errors/session-missing-error.ts";

/**
 * The id of the session that `named` stands for: its id, or a start or an end of it that fits only one.
 *
 * @throws SessionMissingError (`ORCH_SESSION_MISSING`)
 */
export async function findSession(store: SessionStore, named: string): Promise<string> {
  const ids = (await store.list()).map(({ id }) => id);
  if (ids.includes(named)) return named;
  const near = ids.filter((id) => id.startsWith(named) || id.endsWith(named));
  const [only, ...others] = near;
  if (only === undefined || others.length > 0) throw new SessionMissingError({ session: named });
  return only;
}

/** The id of the newest session; `undefined` when there is none. */
export async function newestSession(store: SessionStore): Promise<string | undefined> {
  return (await store.list())[0]?.id;
}
