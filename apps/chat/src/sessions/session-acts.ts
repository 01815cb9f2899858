/** What is done with whole conversations, beside holding one. */
import { readFile, realpath, stat } from "node:fs/promises";
import { resolve } from "node:path";
import {
  forkSession,
  importSession,
  memorySessions,
  type Session,
  type SessionQuery,
  type SessionStore,
  type SessionSummary,
} from "@orch/chat-runtime";
import type { Clock, Random } from "@orch/core";
import { isOrchError } from "@orch/core";
import { newId } from "@orch/core/doors";
import { InputError } from "../errors/input-error.ts";
import { SessionMissingError } from "../errors/session-missing-error.ts";
import { isInside, leadsElsewhere } from "../process/inside-folder.ts";
import { readProblem } from "../process/read-problem.ts";

/** The largest file that is imported, in bytes. */
const MAX_IMPORT = 256 * 1024 * 1024;

/** Where the acts reach the sessions. */
export interface SessionActsDoors {
  readonly store: () => SessionStore | undefined;
  readonly clock: Clock;
  readonly random: Random;
}

/** The acts on the sessions of one folder. */
export class SessionActs {
  readonly #doors: SessionActsDoors;
  readonly #none: SessionStore = memorySessions();

  constructor(doors: SessionActsDoors) {
    this.#doors = doors;
  }

  get #store(): SessionStore {
    return this.#doors.store() ?? this.#none;
  }

  /** The sessions, newest first. */
  list(query: SessionQuery = {}): Promise<readonly SessionSummary[]> {
    return this.#store.list(query);
  }

  /** A session with all of its turns, or with some. @throws SessionMissingError (`ORCH_SESSION_MISSING`). */
  async load(id: string, range: { readonly last?: number; readonly before?: number } = {}): Promise<Session> {
    const session = await this.#store.load(id, range);
    if (session === undefined) throw new SessionMissingError({ session: id });
    return session;
  }

  /**
   * The session that `named` stands for: an id, a part of one, or words of its title or texts that fit only one.
   *
   * @throws SessionMissingError (`ORCH_SESSION_MISSING`).
   */
  async find(named: string): Promise<SessionSummary> {
    const all = await this.list();
    const exact = all.find(({ id }) => id === named) ?? only(all.filter(({ title }) => title === named));
    const found =
      exact ??
      only(all.filter(({ id }) => id.startsWith(named) || id.endsWith(named))) ??
      only(await this.list({ words: named, limit: 2 }));
    if (found === undefined || named.trim() === "") throw new SessionMissingError({ session: named });
    return found;
  }

  rename(id: string, title: string): Promise<void> {
    return this.#store.rename(id, title);
  }

  /** Copies the first `turns` turns of a session into a new one. */
  async fork(id: string, turns: number): Promise<Session> {
    const { title } = await this.load(id, { last: 0 });
    // One without turns takes its title from its first message, as a new one does.
    return forkSession(this.#store, id, {
      as: this.#newId(),
      now: this.#doors.clock.now(),
      turns,
      title: turns === 0 ? "" : `${title.replace(/ \(copy\)$/, "")} (copy)`,
    });
  }

  /** Deletes a session for good, with the runs that only it had. */
  remove(id: string): Promise<void> {
    return this.#store.remove(id);
  }

  /** Imports a session from its JSONL; under another id where there is one of its own. */
  async import(text: string): Promise<Session> {
    try {
      return await importSession(text, this.#store);
    } catch (error) {
      if (!isOrchError(error, "ORCH_SESSION_EXISTS")) throw error;
      return importSession(text, this.#store, { id: this.#newId() });
    }
  }

  #newId(): string {
    return newId("session", this.#doors.clock.now(), this.#doors.random);
  }
}

/**
 * Reads a file to import. Of a file of the user's folder the chat goes no further than that folder.
 *
 * @throws InputError (`ORCH_INPUT`).
 */
export async function readImport(folder: string, name: string, inside: boolean): Promise<string> {
  const file = resolve(folder, name);
  const refuse = (problem: string): never => {
    const fix = "Give a file that orch sessions export wrote, or /export jsonl in the chat.";
    throw new InputError({ file: name, problem }, { fix });
  };
  const real = await realpath(file).catch(() => refuse("there is no such file"));
  if (inside && !isInside(await realpath(folder), real))
    refuse("it is not inside this folder; orch sessions import takes any file");
  if (await leadsElsewhere(folder, name)) refuse("it is a link that leads out of this folder");
  const { size } = await stat(real).then(
    (found) => (found.isFile() ? found : refuse("it is no file")),
    () => refuse("it cannot be read"),
  );
  if (size > MAX_IMPORT) refuse("it is larger than 256 MB");
  return readFile(real, "utf8").catch((cause: NodeJS.ErrnoException) => refuse(readProblem(cause)));
}

function only<TItem>(items: readonly TItem[]): TItem | undefined {
  return items.length === 1 ? items[0] : undefined;
}
