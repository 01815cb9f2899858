/** What is shown of a conversation that was kept: its end first, what came before on demand, and what another process adds. */
import type { Session } from "@orch/chat-runtime";
import type { Conversation } from "../sessions/conversation.ts";
import type { SessionActs } from "../sessions/session-acts.ts";
import { safe, visibleText } from "../terminal/safe-text.ts";
import { noticeEntry } from "../transcript/entry.ts";
import { Reader, type ReaderDoors } from "./reader.ts";
import { earlierEntries, replayEntries } from "./replay.ts";

/** One conversation on the screen. */
export class ShownSession {
  readonly #conversation: Conversation;
  readonly #sessions: SessionActs;
  readonly #doors: ReaderDoors;
  /** The index of the oldest turn that is shown. */
  #from = 0;
  #reader: Reader | undefined;
  #toldShortened = false;

  constructor(conversation: Conversation, sessions: SessionActs, doors: ReaderDoors) {
    this.#conversation = conversation;
    this.#sessions = sessions;
    this.#doors = doors;
    conversation.closing = () => this.clear();
    conversation.listener = {
      shortened: (messages) => this.#shortened(messages),
      warned: (warning) => doors.print(noticeEntry(visibleText(warning), "warning")),
    };
  }

  /** Shows the end of a session; gives whether another process holds it. Then it is followed. */
  show(session: Session): boolean {
    const { held } = this.#conversation;
    const begins = (from: number): void => {
      this.#from = from;
    };
    for (const entry of replayEntries(session, begins, held !== undefined)) this.#doors.print(entry);
    if (held === undefined) return false;
    this.#reader = new Reader(this.#conversation, this.#doors);
    this.#reader.follow(session, held);
    return true;
  }

  /** Shows as many turns as come before those that are shown; gives whether there were any. */
  async showEarlier(count: number): Promise<boolean> {
    const { sessionId } = this.#conversation;
    if (sessionId === undefined || this.#from === 0) return false;
    const { turns, earlier = 0 } = await this.#sessions.load(sessionId, { last: count, before: this.#from });
    this.#from = earlier;
    for (const entry of earlierEntries(turns, earlier)) this.#doors.print(entry);
    return true;
  }

  /** All of the session; `open` is what of it is in memory. */
  async whole(open: Session | undefined): Promise<Session | undefined> {
    const { sessionId, held } = this.#conversation;
    if (held === undefined && open?.earlier === undefined) return open;
    return sessionId === undefined ? undefined : this.#sessions.load(sessionId);
  }

  /** Forgets what is shown, and follows nothing. */
  clear(): void {
    this.#reader?.stop();
    this.#reader = undefined;
    this.#from = 0;
    this.#toldShortened = false;
  }

  /** Said once in a conversation: it is so from then on. */
  #shortened(messages: number): void {
    if (this.#toldShortened) return;
    this.#toldShortened = true;
    const sent = messages === 1 ? safe`the last message is` : safe`the last ${messages} messages are`;
    this.#doors.print(
      noticeEntry(
        safe`This conversation is long: ${sent} sent from here on. All of it is kept; the setting context.strategy changes this.`,
        "warning",
      ),
    );
  }
}
