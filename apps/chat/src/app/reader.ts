/** A conversation that another process writes: what it adds is shown, until it lets go of the conversation. */
import type { Session, TurnRecord } from "@orch/chat-runtime";
import type { Clock } from "@orch/core";
import type { Conversation } from "../sessions/conversation.ts";
import type { SessionHolder } from "../sessions/session-holder.ts";
import { type SafeText, safe, visibleText } from "../terminal/safe-text.ts";
import { type Entry, errorEntry, noticeEntry } from "../transcript/entry.ts";
import { turnEntries } from "./replay.ts";

/** How often the other process is looked after, in milliseconds. */
const LOOK_EVERY = 1000;
/** Turns that are looked at: more than a process ends between two looks. */
const LOOKED_AT = 10;

/** What the reader does beyond reading. */
export interface ReaderDoors {
  readonly clock: Clock;
  readonly print: (entry: Entry) => void;
  /** Called with the conversation when it can be written here. */
  readonly taken: (session: Session) => Promise<void>;
}

/** Follows one conversation that is held elsewhere. */
export class Reader {
  readonly #conversation: Conversation;
  readonly #doors: ReaderDoors;
  readonly #shown = new Set<string>();
  #stopTimer: (() => void) | undefined;
  #ended = false;

  constructor(conversation: Conversation, doors: ReaderDoors) {
    this.#conversation = conversation;
    this.#doors = doors;
  }

  /** Says who holds it, and begins to follow; `session` is what is shown already. */
  follow(session: Session, held: SessionHolder): void {
    for (const turn of session.turns) if (hasEnded(turn)) this.#shown.add(turn.id);
    this.#doors.print(
      noticeEntry(
        safe`${holderText(held)}. You can read along; writing waits until it is closed there. /branch makes a copy of your own.`,
        "waiting",
      ),
    );
    this.#schedule();
  }

  stop(): void {
    this.#ended = true;
    this.#stopTimer?.();
  }

  #schedule(): void {
    if (!this.#ended) this.#stopTimer = this.#doors.clock.after(LOOK_EVERY, () => void this.#look());
  }

  async #look(): Promise<void> {
    try {
      const before = this.#conversation.held?.holder;
      const isTaken = await this.#conversation.take();
      if (this.#ended) return;
      await this.#showNew();
      if (this.#ended) return;
      if (isTaken) {
        this.stop();
        this.#doors.print(noticeEntry(safe`It was closed there: you can write here now.`, "done"));
        const session = this.#conversation.runtime?.session;
        if (session !== undefined) await this.#doors.taken(session);
        return;
      }
      const { held } = this.#conversation;
      if (held !== undefined && held.holder !== before)
        this.#doors.print(noticeEntry(safe`${holderText(held)}.`, "waiting"));
    } catch (error) {
      this.stop();
      this.#doors.print(errorEntry(error));
    }
    this.#schedule();
  }

  async #showNew(): Promise<void> {
    const { store, sessionId = "" } = this.#conversation;
    const session = await store?.load(sessionId, { last: LOOKED_AT });
    for (const turn of session?.turns ?? []) {
      if (!hasEnded(turn) || this.#shown.has(turn.id)) continue;
      this.#shown.add(turn.id);
      for (const entry of turnEntries(turn)) this.#doors.print(entry);
    }
  }
}

/** Like `This conversation is open in process 12 on host, since 10:42`. */
export function holderText({ holder, since }: SessionHolder): SafeText {
  const time = since === undefined ? safe`` : safe`, since ${clockTime(since)}`;
  return safe`This conversation is open in ${visibleText(holder)}${time}`;
}

/** The time of the day in this place. */
function clockTime(at: number): SafeText {
  const date = new Date(at);
  const two = (part: number): string => String(part).padStart(2, "0");
  return visibleText(`${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`);
}

function hasEnded({ status }: TurnRecord): boolean {
  return status !== "unfinished";
}
