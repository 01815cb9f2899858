/** The program behind the screen: takes keys and events, keeps the state, and carries out what follows from it. */
import { type Command, parseCommand } from "../commands/command.ts";
import { createCommands } from "../commands/commands.ts";
import type { FullScreenView } from "../full-screen/full-screen-view.ts";
import { HistoryFile } from "../input/history-file.ts";
import { Notifier } from "../questions/notification.ts";
import { Conversation } from "../sessions/conversation.ts";
import type { InteractiveContext } from "../sessions/interactive-context.ts";
import { safe, safeText } from "../terminal/safe-text.ts";
import type { WindowSize } from "../terminal/window-size.ts";
import { type Entry, errorEntry, noticeEntry } from "../transcript/entry.ts";
import { createHighlighter } from "../transcript/highlighter.ts";
import type { MarkdownStyle } from "../transcript/markdown.ts";
import { appFacts } from "./app-facts.ts";
import { type AppAction, type AppState, type Effect, reduceApp, type ScreenEffect } from "./app-state.ts";
import { AppTimers } from "./app-timers.ts";
import { ChatDesk } from "./chat-desk.ts";
import { CodeWatch } from "./code-watch.ts";
import { Dialog } from "./dialog.ts";
import type { FrameFacts } from "./frame.ts";
import { Look } from "./look.ts";
import { draftOf } from "./queue.ts";
import { runCommand } from "./run-command.ts";
import { RunViews } from "./run-views.ts";
import { Scroll } from "./scroll.ts";
import { startState } from "./start.ts";
import { Turns } from "./turns.ts";
import { welcomeEntry } from "./welcome.ts";

/** Text is not wrapped wider than this. */
const MAX_WIDTH = 120;

const NOT_KEPT = noticeEntry(safe`This conversation is not kept.`, "warning");

/** The terminal screen, as the program uses it. */
export interface Surface {
  readonly changed: () => void;
  /** Carries out what only the screen can. */
  readonly perform: (effect: ScreenEffect) => void;
  /** Fills the window with a view until it is closed; gives whether it was shown. Absent where nothing can be drawn. */
  readonly show?: (view: FullScreenView) => Promise<boolean>;
}

/** One interactive chat. */
export class InteractiveChat {
  readonly scroll: Scroll;
  readonly #context: InteractiveContext;
  readonly #conversation: Conversation;
  readonly #desk: ChatDesk;
  readonly #turns: Turns;
  readonly #watch: CodeWatch;
  readonly #history: HistoryFile;
  readonly #commands: readonly Command[];
  readonly #look: Look;
  readonly #dialog: Dialog;
  readonly #highlighter: NonNullable<MarkdownStyle["highlighter"]>;
  #surface: Surface | undefined;
  #size: WindowSize = { columns: 80, rows: 24 };
  #state: AppState;
  #version = 0;
  readonly #timers: AppTimers;
  #closed = false;

  constructor(context: InteractiveContext) {
    this.#state = startState(context);
    this.#context = context;
    this.#timers = new AppTimers(context.clock, this, () => this.#changed());
    const views = new RunViews(context, {
      isIdle: () => this.#state.phase === "idle",
      fork: (runtime, turn, fork) => this.#turns.fork(runtime, turn, fork),
      retry: () => this.#command("retry", "", ""),
    });
    this.#conversation = new Conversation(context, views.log.hear);
    this.#history = new HistoryFile(context.stateFolder, context.folder, context.keeps);
    this.#look = new Look(context, {
      changed: () => this.#changed(),
      vim: (on) => this.dispatch({ type: "vim", on }),
    });
    this.#highlighter = createHighlighter();
    this.scroll = new Scroll(() => this.style);
    this.#dialog = new Dialog(this);
    this.#desk = new ChatDesk(this.#conversation, context, {
      print: (entry) => this.print(entry),
      quit: () => void this.leave(),
      retry: () => this.#turns.retry(),
      retryState: (state) => this.#turns.retryState(state),
      background: () => this.#turns.background,
      show: async (view) => (await this.#surface?.show?.(view)) ?? false,
      openRun: views.open,
      runningTurn: () => this.#turns.live?.id,
      commands: () => this.#commands,
      live: () => this.#turns.live?.view,
      look: this.#look,
      ask: this.#dialog.ask,
      queue: () => this.#state.queue,
      requeue: (queue, text) => this.dispatch({ type: "queue", queue, ...(text !== undefined && { text }) }),
    });
    this.#turns = new Turns(this.#conversation, this.#desk, {
      ...{ clock: context.clock, keeps: context.keeps, style: () => this.style },
      print: (entry) => this.print(entry),
      changed: () => this.#changed(),
      dispatch: (action) => this.dispatch(action),
      notifier: new Notifier(context),
      isStopping: () => this.#state.phase === "stopping",
      attempt: (act) => this.#attempt(act),
    });
    this.#commands = createCommands(this.#desk);
    views.of(this.#conversation, this.#desk);
    this.#watch = new CodeWatch(context, this.#conversation, this.#desk, {
      dispatch: (action) => this.dispatch(action),
      attempt: (act) => this.#attempt(act),
    });
  }

  /** Changes with everything that is drawn. */
  get version(): number {
    return this.#version;
  }

  get style(): MarkdownStyle {
    const width = Math.max(1, Math.min(this.#size.columns - 1, MAX_WIDTH));
    return { width, theme: this.#look.theme, highlighter: this.#highlighter };
  }

  get size(): WindowSize {
    return this.#size;
  }

  get state(): AppState {
    return this.#state;
  }

  /** Whether a turn is drawn as it goes. */
  get isLive(): boolean {
    return this.#turns.live !== undefined;
  }

  /** Whether there is something to go on with. */
  get resumable(): string | undefined {
    return this.#context.keeps && this.#desk.turns > 0 ? this.#conversation.sessionId : undefined;
  }

  /** The facts from which the live region is drawn. */
  get frame(): FrameFacts {
    const view = this.#turns.live?.view;
    const { orchestration, model, stateModels, spending, contextWindow } = this.#desk;
    return {
      app: this.#state,
      turn: view,
      style: this.style,
      now: this.#context.clock.now(),
      orchestration,
      ...(this.#context.usesModel(orchestration) && { model }),
      stateModels,
      spending,
      ...(contextWindow !== undefined && { contextWindow }),
      ...(view && { rail: view.rail }),
      background: this.#turns.background.facts,
    };
  }

  /** Says hello. Nothing here waits for anything. */
  welcome(size: WindowSize): void {
    this.#size = size;
    this.dispatch({ type: "history", entries: this.#history.read() });
    const notices = this.#context.notices.map((notice) => noticeEntry(safeText(notice), "warning"));
    for (const entry of [welcomeEntry(this.#context), ...notices]) this.print(entry);
    // An earlier conversation goes on as it was.
    if (this.#context.session.type === "new") this.#desk.sayModelHint(this.#context);
  }

  /** Loads everything that the first paint did not need, then starts. Never rejects. */
  async start(surface: Surface): Promise<void> {
    this.#surface = surface;
    await this.#attempt(() => this.#conversation.openStore());
    if (!this.#conversation.isKept) this.print(NOT_KEPT);
    await Promise.all([
      this.#attempt(() => this.#conversation.compose(this.#conversation.names)),
      this.#attempt(async () => void (await this.#conversation.list())),
    ]);
    await this.#attempt(() => this.#desk.begin());
    this.#desk.sayModelHint(this.#conversation.names);
    this.dispatch({ type: "ended", stopped: false });
  }

  /** Leaves the turn that runs where it is, with all that was said on the screen, and then the program. What was not sent yet comes back with Up. */
  async leave(): Promise<void> {
    this.#history.append(draftOf(this.#state));
    await this.#conversation.park();
    this.#surface?.perform({ type: "quit" });
  }

  /** Stops everything and releases it. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timers.close();
    this.#watch.close();
    await this.#conversation.close().catch(() => undefined);
    await this.#history.settled();
  }

  resize(size: WindowSize): void {
    const { columns, rows } = this.#size;
    this.#size = size;
    if (size.columns !== columns || size.rows !== rows) this.#changed();
  }

  print(entry: Entry): void {
    this.scroll.print(entry);
    this.#changed();
  }

  dispatch(action: AppAction): void {
    if (this.#closed) return;
    const step = reduceApp(
      this.#state,
      action,
      appFacts(this.#size.columns, this.#commands, {
        isStopped: this.#desk.stopped,
        inbox: this.#context.inbox,
        appends: this.#look.appends,
        now: this.#context.clock.now(),
      }),
    );
    this.#state = step.state;
    this.#changed();
    this.#timers.hear(step.state.panel);
    for (const effect of step.effects) this.#carryOut(effect);
    this.#watch.check(this.#state.phase);
  }

  #carryOut(effect: Effect): void {
    switch (effect.type) {
      case "submit":
        this.#submit(effect.text);
        return;
      case "answer":
      case "grant":
        void this.#turns.live?.questions.perform(effect);
        return;
      case "reply":
        this.#dialog.reply(effect.text);
        return;
      case "remember":
        this.#history.append(effect.text);
        return;
      case "cancel":
        this.#turns.live?.cancel();
        return;
      case "say":
        this.print(effect.entry);
        return;
      case "command":
        this.#command(effect.name, "", "");
        return;
      case "open-run":
        void this.#attempt(() => this.#desk.openRun(""));
        return;
      case "quit":
        void this.leave();
        return;
      case "arm":
        this.#timers.arm(effect.ms);
        return;
      default:
        this.#surface?.perform(effect);
    }
  }

  #submit(text: string): void {
    const command = parseCommand(text);
    if (command === undefined) this.#turns.say(text);
    else this.#command(command.name, command.argument, text);
  }

  #command(name: string, argument: string, text: string): void {
    runCommand({ name, argument, text }, this.#commands, {
      print: (entry) => this.print(entry),
      phase: () => this.#state.phase,
      dispatch: (action) => this.dispatch(action),
      attempt: (act) => this.#attempt(act),
    });
  }

  /** Does something; a failure is a line on the screen, and the program goes on. */
  async #attempt(act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#context.log.fail(error);
      this.print(errorEntry(error));
    }
  }

  #changed(): void {
    this.#version += 1;
    this.#surface?.changed();
  }
}
