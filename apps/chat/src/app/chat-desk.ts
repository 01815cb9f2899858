/** The desk of the commands: the open session and its cost, and how commands change both between turns. */
import type { Session, TurnRecord } from "@orch/chat-runtime";
import type { Graph, Spending } from "@orch/core";
import type { Command, Desk } from "../commands/command.ts";
import { GrantFile } from "../questions/grant-file.ts";
import type { RailState } from "../rail/rail-entry.ts";
import { type EndedCall, lastStoredCall } from "../rail/tool-calls.ts";
import type { Conversation } from "../sessions/conversation.ts";
import type { InteractiveContext } from "../sessions/interactive-context.ts";
import { keptSpending } from "../sessions/kept-spending.ts";
import { SessionActs } from "../sessions/session-acts.ts";
import { addSpending, NOTHING_SPENT, type SessionSpending } from "../sessions/session-spending.ts";
import { SpendingBook } from "../sessions/spending-ledger.ts";
import { type StateModelNames, StateModels } from "../sessions/state-models.ts";
import { clipboard } from "../terminal/clipboard.ts";
import { safe, safeText, visibleText } from "../terminal/safe-text.ts";
import { errorEntry, noticeEntry } from "../transcript/entry.ts";
import { answeredBefore } from "./answered-before.ts";
import type { DeskDoors } from "./desk-doors.ts";
import { PassedDesk } from "./passed-desk.ts";
import { APART } from "./replay.ts";
import { ShownSession } from "./shown-session.ts";
import { stoppedEntry } from "./stopped.ts";

/** The desk of one interactive chat. */
export class ChatDesk extends PassedDesk implements Desk {
  /** Whether the last turn was left in the middle, and the screen says where. */
  stopped = false;
  /** How many turns the session has. */
  turns = 0;
  /** What the session used. */
  spending: SessionSpending = NOTHING_SPENT;
  /** The same by model and by state. */
  book = new SpendingBook();
  /** The tool call that ended last, in turns of this process. */
  keptCall: EndedCall | undefined;
  /** The rail of the last turn. */
  lastRail: RailState | undefined;
  readonly grants: GrantFile;
  /** The model of the latest call, which need not be that of the chat: a state may have its own. */
  #latestModel: string | undefined;
  readonly #stateModels: StateModels;
  readonly sessions: SessionActs;
  readonly #shown: ShownSession;
  readonly #conversation: Conversation;
  readonly #context: InteractiveContext;
  readonly #doors: DeskDoors;
  #reloading: Promise<boolean> | undefined;

  constructor(conversation: Conversation, context: InteractiveContext, doors: DeskDoors) {
    super(context, doors);
    this.#conversation = conversation;
    this.#stateModels = new StateModels(context.stateModels);
    this.#context = context;
    this.#doors = doors;
    this.grants = new GrantFile(context);
    const { clock } = context;
    this.sessions = new SessionActs({ store: () => conversation.store, clock, random: context.random });
    const taken = (session: Session): Promise<void> => {
      this.#count(session);
      return this.#showApart();
    };
    this.#shown = new ShownSession(conversation, this.sessions, { clock, print: this.print, taken });
  }

  get orchestration(): string {
    return this.#conversation.names.orchestration;
  }

  get model(): string {
    return this.#conversation.names.model;
  }

  /** Tokens that the model reads at most, where that is known. */
  get contextWindow(): number | undefined {
    return this.#context.contextWindow(this.#latestModel ?? this.model);
  }

  get stateModels(): StateModelNames {
    return this.#conversation.names.states;
  }

  get commands(): readonly Command[] {
    return this.#doors.commands();
  }

  get graph(): Graph | undefined {
    return this.#conversation.graph;
  }

  get queue(): readonly string[] {
    return this.#doors.queue();
  }

  get rail(): RailState | undefined {
    return this.#doors.live()?.rail ?? this.lastRail;
  }

  get runningTurn(): string | undefined {
    return this.#doors.runningTurn();
  }

  get apart(): boolean {
    return this.#conversation.runtime?.apart !== undefined;
  }

  get sessionId(): string | undefined {
    return this.#conversation.sessionId;
  }

  get session(): Desk["session"] {
    return this.#conversation.runtime?.session;
  }

  get knownSessions(): Desk["knownSessions"] {
    return this.#conversation.known;
  }

  readonly listSessions: Desk["listSessions"] = () => this.#conversation.list();

  readonly findSession: Desk["findSession"] = (named) => this.#conversation.find(named);

  get lastCall(): EndedCall | undefined {
    return this.#doors.live()?.lastCall ?? this.keptCall ?? lastStoredCall(this.session?.turns ?? []);
  }

  /** Counts what a call used. */
  readonly spent = (spending: Spending, path?: string): void => {
    this.spending = addSpending(this.spending, spending);
    this.#latestModel = spending.model ?? this.#latestModel;
    this.book.add({ spending, ...(path !== undefined && { path }) });
  };

  /** What the row of a state says, in the words of the orchestration that answers. */
  readonly summarize = (state: string, output: unknown): string | undefined =>
    this.#context.summarize(this.orchestration, state, output);

  /** Begins as the command line says. */
  async begin(): Promise<void> {
    const { session } = this.#context;
    if (session.type === "new") return;
    const id =
      session.type === "id" ? await this.#conversation.find(session.id) : this.#conversation.known[0]?.id;
    if (id === undefined) {
      const none = safe`There is no earlier conversation here; this is a new one.`;
      return this.#conversation.isKept ? this.print(noticeEntry(none, "warning")) : undefined;
    }
    await this.resumeSession(id);
    const last = this.session?.turns.at(-1);
    if (last !== undefined && this.#conversation.runtime?.apart === undefined) await this.#asBefore(last);
  }

  async #asBefore(turn: Pick<TurnRecord, "labels" | "configuration">): Promise<void> {
    const names = answeredBefore(turn, this.#conversation.names, this.#context);
    if (names === undefined) return;
    await this.change(names).catch((error: unknown) => {
      if (names.model === this.model) throw error;
      // Its key may be gone since.
      this.print(errorEntry(error));
      return this.change({ orchestration: names.orchestration });
    });
  }

  readonly resumeSession = async (id: string): Promise<void> => {
    const session = await this.#conversation.resume(id);
    this.#reset();
    this.#count(session);
    if (this.#shown.show(session)) return;
    await this.#showApart();
    await this.#doors.background().showLeft();
  };

  readonly whole: Desk["whole"] = () => this.#shown.whole(this.session);

  readonly showEarlier: Desk["showEarlier"] = (count) => this.#shown.showEarlier(count);

  readonly renameSession: Desk["renameSession"] = async (title) => {
    await this.#conversation.runtime?.rename(title);
    await this.#conversation.list();
  };

  #count(session: Session): void {
    this.turns = session.turnCount;
    const { spending, ledger } = keptSpending(session);
    this.spending = spending;
    this.book.session = ledger;
  }

  readonly newSession = async (): Promise<void> => {
    await this.#conversation.renew();
    this.#reset();
    this.print(noticeEntry(safe`A new conversation. The last one is kept: /sessions`, "done"));
  };

  readonly copy: Desk["copy"] = (text) => {
    const { sequence, note } = clipboard(text, this.#context.env);
    // It moves no cursor, so it may stand between any two frames.
    if (sequence !== undefined) this.#context.stdout.write(sequence);
    return { taken: sequence !== undefined, note };
  };

  readonly undo: Desk["undo"] = async () => {
    await this.#conversation.undo();
    this.stopped = false;
  };

  /**
   * Loads the files of what answers again when they changed; `undefined` where there are none. Gives whether it can
   * answer; when not, the reason is on the screen.
   */
  reload(): Promise<boolean> | undefined {
    const reloaded =
      this.#reloading ??
      this.#conversation.reload()?.then(
        (what) => {
          const name = safeText(this.orchestration);
          if (what === "files")
            this.print(noticeEntry(safe`The files of ${name} changed, and are loaded again.`));
          if (what === "tools")
            this.print(noticeEntry(safe`${name} is loaded again with the tools that there are now.`));
          return true;
        },
        (error: unknown) => {
          this.print(errorEntry(error));
          return false;
        },
      );
    this.#reloading = reloaded?.finally(() => {
      this.#reloading = undefined;
    });
    return this.#reloading;
  }

  /** Loads the files of what answers again because one was written, and says what that means for a run that was left. */
  async codeChanged(): Promise<boolean> {
    if ((await this.reload()) === false) return false;
    if (this.#conversation.runtime?.apart?.status === "unfinished") await this.#showLeft(true);
    return true;
  }

  /** Says which files a message attaches; `undefined` where it names none. */
  tellAttached(text: string): Promise<void> | undefined {
    if (!text.includes("@")) return undefined;
    return this.#context.attached(text, this.#conversation.names).then((lines) => {
      for (const line of lines)
        this.print(noticeEntry(visibleText(line), line.startsWith("attached") ? "dim" : "warning"));
    });
  }

  readonly change: Desk["change"] = async (names) => {
    const next = { ...this.#conversation.names, ...names };
    await this.#conversation.compose({ ...next, states: this.#stateModels.of(next.orchestration) });
    this.#latestModel = undefined;
    const { orchestration, model } = this.#conversation.names;
    const what = this.models.find(({ id }) => id === model)?.description;
    const label = what === undefined ? safe`` : safe` (${safeText(what)})`;
    this.lastRail = undefined;
    const by = this.#context.usesModel(orchestration) ? safe` with ${safeText(model)}${label}` : safe``;
    const says = safe`${safeText(orchestration)}${by} answers from now on`;
    this.print(noticeEntry(says, "done"));
    this.sayModelHint({ orchestration, model });
  };

  readonly changeState: Desk["changeState"] = async (state, model) => {
    const { orchestration, model: general } = this.#conversation.names;
    const states = this.#stateModels.with(orchestration, state, model);
    await this.#conversation.compose({ ...this.#conversation.names, states });
    this.#stateModels.choose(orchestration, state, model);
    const holds = safeText(states[state] ?? general);
    this.print(noticeEntry(safe`${safeText(state)} uses ${holds} from now on`, "done"));
  };

  /** Says what the last turn left, if it has no answer. Nothing is started for that. */
  async #showApart(): Promise<void> {
    const turn = this.#conversation.runtime?.apart;
    if (turn === undefined) return;
    await this.#asBefore(turn);
    if (turn.status === "unfinished") await this.#showLeft();
    else this.print(APART);
  }

  /** Says where the run stopped that the last turn left, and whether it can go on. */
  async #showLeft(isReloaded = false): Promise<void> {
    const left = await this.#conversation.left();
    this.stopped = left.changed?.misfit === undefined;
    const open = await this.#conversation.asks();
    this.print(stoppedEntry(left, { isReloaded, ...(open !== undefined && { open }) }));
  }

  #reset(): void {
    this.#shown.clear();
    this.stopped = false;
    this.turns = 0;
    this.spending = NOTHING_SPENT;
    this.book = new SpendingBook();
    this.keptCall = undefined;
    this.lastRail = undefined;
  }
}
