/**
 * What clients of sessions told this process: from which level on they want lines of a log, and which resources they watch.
 * Another process does not know it, and a client that comes to one says it again. The protocol of 2026 says both in each request.
 */
import { ServerLimitError } from "../errors/server-limit-error.ts";
import type { DoorCall } from "../words/door.ts";
import type { LogLevel } from "./log-lines.ts";

/** How many sessions are known at once, and how many resources one may watch. */
const MOST = { sessions: 1000, resources: 100 };

/** What one session told. */
export class SessionNote {
  level: LogLevel | undefined;
  readonly uris: Set<string> = new Set();
  /** What its stream tells, and what it is to do with a URI that was added or taken away; absent without a stream. */
  stream: { readonly watch: (uri: string) => void; readonly leave: (uri: string) => void } | undefined;

  /** Watches a resource. @throws ServerLimitError */
  watch(uri: string): void {
    if (this.uris.has(uri)) return;
    if (this.uris.size >= MOST.resources)
      throw new ServerLimitError({ what: "streams", limit: MOST.resources, retryAfter: 1000 });
    this.uris.add(uri);
    this.stream?.watch(uri);
  }

  leave(uri: string): void {
    if (this.uris.delete(uri)) this.stream?.leave(uri);
  }
}

/** The notes of all sessions. */
export class SessionNotes {
  readonly #notes = new Map<string, SessionNote>();

  /** The note of a session of this caller; a new one where there is none. */
  of(call: Pick<DoorCall, "principal">, session: string): SessionNote {
    const key = keyOf(call, session);
    const note = this.#notes.get(key) ?? new SessionNote();
    // The one that was asked for last is the last to be forgotten.
    this.#notes.delete(key);
    this.#notes.set(key, note);
    this.#sweep();
    return note;
  }

  /** The level of a session; `undefined` for one that wants no lines. */
  levelOf(call: Pick<DoorCall, "principal">, session: string | undefined): LogLevel | undefined {
    return session === undefined ? undefined : this.#notes.get(keyOf(call, session))?.level;
  }

  #sweep(): void {
    for (const [key, note] of this.#notes) {
      if (this.#notes.size <= MOST.sessions) return;
      if (note.stream === undefined) this.#notes.delete(key);
    }
  }
}

/** Counts who reads how many streams of changes at once. */
export class OpenStreams {
  readonly #counts = new Map<string, number>();

  /** Counts a stream until the function that it gives is called. @throws ServerLimitError */
  open({ principal, limits }: Pick<DoorCall, "principal" | "limits">): () => void {
    const key = principal?.id ?? "";
    const count = this.#counts.get(key) ?? 0;
    if (count >= limits.streams)
      throw new ServerLimitError({ what: "streams", limit: limits.streams, retryAfter: 1000 });
    this.#counts.set(key, count + 1);
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      const left = (this.#counts.get(key) ?? 1) - 1;
      if (left === 0) this.#counts.delete(key);
      else this.#counts.set(key, left);
    };
  }
}

/** A session gives no rights, so what it told is found by its own principal alone. */
function keyOf({ principal }: Pick<DoorCall, "principal">, session: string): string {
  return JSON.stringify([principal?.id ?? null, session]);
}
