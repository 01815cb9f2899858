/** Where a message without a screen is kept, and in which session. */
import { memorySessions, type SessionStore } from "@orch/chat-runtime";
import { newId } from "@orch/core/doors";
import type { Flags } from "../config/args.ts";
import type { Doors } from "../process/doors.ts";
import { findSession, newestSession } from "../sessions/find-session.ts";
import type { KeptHost } from "../sessions/kept-host.ts";
import type { Setup } from "../setup/compose.ts";
import { errorSentence } from "./error-sentence.ts";

/** A store that cannot be opened must not cost the user the answer. */
export async function keptStore(
  flags: Flags,
  setup: Setup,
  notices: string[],
): Promise<{ store: SessionStore; host?: KeptHost }> {
  if (!flags.session) return { store: memorySessions() };
  try {
    const store = await setup.openSessions();
    return { store, host: await setup.openHost() };
  } catch (error) {
    if (flags.continue || flags.resume !== undefined) throw error;
    notices.push(`This conversation is not kept: ${errorSentence(error)}`);
    return { store: memorySessions() };
  }
}

/** The session that the flags say, or a new one. */
export async function wantedSession(
  flags: Flags,
  store: SessionStore,
  doors: Doors,
  notices: string[],
): Promise<string> {
  if (flags.resume !== undefined) return findSession(store, flags.resume);
  if (flags.continue) {
    const newest = await newestSession(store);
    if (newest !== undefined) return newest;
    notices.push("This folder has no session yet, so a new one begins.");
  }
  return newId("session", doors.clock.now(), doors.random);
}
