/** The sessions of one folder, out of a store that keeps those of all folders. */
import { createHash } from "node:crypto";
import { basename } from "node:path";
import type { Session, SessionStore, SessionSummary } from "@orch/chat-runtime";

/**
 * Shows `store` as if it held only the sessions that began in `folder`. A session's id in the store
 * begins with the folder's name and a hash of its path; outside it is the rest of that id.
 */
export function folderSessions(store: SessionStore, folder: string): SessionStore {
  const prefix = `${folderTag(folder)}/`;
  const inside = (id: string): string => prefix + id;
  const outside = <TSession extends SessionSummary>(session: TSession): TSession => ({
    ...session,
    id: session.id.slice(prefix.length),
  });
  return {
    open: async (id, now, range) => outside<Session>(await store.open(inside(id), now, range)),
    load: async (id, range) => {
      const found = await store.load(inside(id), range);
      return found && outside(found);
    },
    // A session that was opened, and whose first message was never kept, has nothing to go on with.
    list: async ({ skip = 0, limit, ...query } = {}) =>
      (await store.list({ ...query, prefix }))
        .filter(({ turnCount }) => turnCount > 0)
        .slice(skip, limit === undefined ? undefined : skip + limit)
        .map(outside),
    add: (session) => store.add({ ...session, id: inside(session.id) }),
    findTurns: async (ids) =>
      (await store.findTurns(ids))
        .filter(({ sessionId }) => sessionId.startsWith(prefix))
        .map(({ sessionId, turn }) => ({ sessionId: sessionId.slice(prefix.length), turn })),
    begin: (id, turn) => store.begin(inside(id), turn),
    finish: (id, turn) => store.finish(inside(id), turn),
    rename: (id, title) => store.rename(inside(id), title),
    remove: (id) => store.remove(inside(id)),
    release: (id) => store.release(inside(id)),
    close: () => store.close(),
  };
}

/** The space of the runs that `orch serve` starts for its clients in a folder: the file has those of all folders. */
export function servedSpace(folder: string): string {
  return `serve-${hashOf(folder)}`;
}

/** What the ids of those runs begin with on the host: a server writes its space so before the ids that clients know. */
export function servedFront(folder: string): string {
  return `${servedSpace(folder)}~`;
}

/** The id under which clients of `orch serve` know a run of its space; `undefined` for any other run. */
export function servedId(folder: string, runId: string): string | undefined {
  const front = servedFront(folder);
  return runId.startsWith(front) ? runId.slice(front.length) : undefined;
}

function folderTag(folder: string): string {
  const name = basename(folder).replace(/[^A-Za-z0-9._-]+/g, "-") || "root";
  return `${name}-${hashOf(folder)}`;
}

function hashOf(folder: string): string {
  return createHash("sha256").update(folder).digest("hex").slice(0, 10);
}
