/** The conversations that a client has open, and the folders that they are in. */
import { isAbsolute } from "node:path";
import { RequestError } from "@agentclientprotocol/sdk";
import type { Session, SessionSummary } from "@orch/chat-runtime";
import { newId } from "@orch/core/doors";
import type { Flags } from "../config/args.ts";
import { errorSentence } from "../headless/error-sentence.ts";
import type { Doors } from "../process/doors.ts";
import type { Setup } from "../setup/compose.ts";
import type { Choice } from "../setup/workshop.ts";
import type { AcpClient } from "./acp-client.ts";
import { type AcpFolder, openFolder } from "./acp-folder.ts";
import { AcpSession } from "./acp-session.ts";

/** What every conversation of a process has. */
export interface AcpProgram {
  readonly flags: Flags;
  readonly doors: Doors;
  /** The folder that the process was started in. */
  readonly setup: Setup;
  /** Opens the program for another folder. */
  readonly setupOf: (flags: Flags) => Promise<Setup>;
  /** Says a line on standard error, which clients keep in a log. */
  readonly tell: (says: string) => void;
}

/** How many conversations one page of the list has. */
const PAGE = 50;
/** JSON-RPC's code for wrong values. */
const INVALID_PARAMS = -32602;

/** Opens, finds and closes them. */
export class AcpSessions {
  readonly #program: AcpProgram;
  readonly #client: AcpClient;
  readonly #folders = new Map<string, Promise<AcpFolder>>();
  readonly #open = new Map<string, AcpSession>();

  constructor(program: AcpProgram, client: AcpClient) {
    this.#program = program;
    this.#client = client;
  }

  /** The conversation of an id. @throws RequestError (-32002) for one that is not open. */
  find(id: string): AcpSession {
    const session = this.#open.get(id);
    if (session === undefined) throw RequestError.sessionNotFound(id);
    return session;
  }

  /** Begins a conversation; it is listed from its first message on, and found by its id from here on. */
  async begin(cwd: string): Promise<AcpSession> {
    const folder = await this.#folder(cwd);
    const { clock, random } = this.#program.doors;
    const id = newId("session", clock.now(), random);
    const opened = await AcpSession.open(id, folder, this.#client, folder.setup.choice);
    await opened.hold();
    return this.#keep(opened);
  }

  /** Goes on with a conversation that is kept, and gives what was said in it. */
  async resume(cwd: string, id: string): Promise<{ readonly opened: AcpSession; readonly session: Session }> {
    const folder = await this.#folder(cwd);
    const last = await folder.store.load(id, { last: 1 });
    if (last === undefined) throw RequestError.sessionNotFound(id);
    await this.close(id);
    const opened = await this.#reopen(id, folder, last);
    try {
      const session = await opened.hold();
      this.#keep(opened);
      return { opened, session };
    } catch (error) {
      await opened.close();
      throw error;
    }
  }

  /** One page of the conversations of a folder, newest first, and how many were told with it. */
  async list(
    cwd: string | undefined,
    skip: number,
  ): Promise<{
    readonly folder: string;
    readonly sessions: readonly SessionSummary[];
    readonly next?: number;
  }> {
    const { store, setup } = await this.#folder(cwd ?? this.#program.setup.folder);
    const found = await store.list({ skip, limit: PAGE + 1 });
    const sessions = found.slice(0, PAGE);
    return { folder: setup.folder, sessions, ...(found.length > PAGE && { next: skip + PAGE }) };
  }

  /** Leaves what runs in it where it is; nothing happens for one that is not open. */
  async close(id: string): Promise<void> {
    const session = this.#open.get(id);
    this.#open.delete(id);
    await session?.close();
  }

  /** Takes a conversation away for good, from whichever open folder it is in. */
  async remove(id: string): Promise<void> {
    await this.close(id);
    await this.#folder(this.#program.setup.folder);
    for (const folder of this.#folders.values()) await (await folder).store.remove(id);
  }

  /** Leaves all that runs where it is. */
  async closeAll(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((id) => this.close(id)));
    const folders = await Promise.allSettled(this.#folders.values());
    for (const one of folders) if (one.status === "fulfilled") await one.value.close();
  }

  #keep(session: AcpSession): AcpSession {
    this.#open.set(session.id, session);
    return session;
  }

  #folder(cwd: string): Promise<AcpFolder> {
    const { flags, doors, setup, setupOf, tell } = this.#program;
    if (!isAbsolute(cwd)) throw new RequestError(INVALID_PARAMS, `The folder "${cwd}" has to be absolute.`);
    const known = this.#folders.get(cwd);
    if (known !== undefined) return known;
    const own = cwd === setup.folder ? Promise.resolve(setup) : setupOf({ ...flags, cwd });
    const opened = own.then((found) => openFolder(found, flags, doors, tell));
    this.#folders.set(cwd, opened);
    // What could not be opened may be there the next time.
    opened.catch(() => this.#folders.delete(cwd));
    return opened;
  }

  /** Goes on with what answered before, where that is still there. */
  async #reopen(id: string, folder: AcpFolder, { turns }: Session): Promise<AcpSession> {
    const { choice } = folder.setup;
    const before = choiceBefore(turns.at(-1)?.labels ?? {}, folder.setup, this.#program.flags);
    try {
      return await AcpSession.open(id, folder, this.#client, before);
    } catch (error) {
      if (before.orchestration === choice.orchestration && before.model === choice.model) throw error;
      folder.tell(errorSentence(error));
      return AcpSession.open(id, folder, this.#client, choice);
    }
  }
}

/** What answered a turn, where this start named nothing else. */
function choiceBefore(
  labels: Readonly<Record<string, string>>,
  { choice, orchestrations }: Setup,
  flags: Flags,
): Choice {
  const { orchestration, model } = labels;
  const isThere = orchestration !== undefined && orchestrations.includes(orchestration);
  return {
    ...choice,
    ...(isThere && flags.orchestration === undefined && { orchestration }),
    ...(model !== undefined && flags.model === undefined && { model }),
  };
}
