/** The turns of the chat: each is sent or tried again, drawn to its end, and then the next one may begin. */
import { textOf } from "@orch/agents";
import type { ChatRuntime, TurnFork, TurnRecord, TurnStream } from "@orch/chat-runtime";
import type { Notifier } from "../questions/notification.ts";
import type { PanelAction } from "../questions/panel.ts";
import { railStart } from "../rail/rail-start.ts";
import type { Conversation } from "../sessions/conversation.ts";
import { type SafeText, safe, visibleText } from "../terminal/safe-text.ts";
import { errorEntry, noticeEntry, userEntry } from "../transcript/entry.ts";
import { Answer, type AnswerDoors } from "./answer.ts";
import type { AppAction } from "./app-state.ts";
import type { BackgroundRun } from "./background.ts";
import { BackgroundRuns } from "./background-runs.ts";
import type { ChatDesk } from "./chat-desk.ts";
import { HeldPrint } from "./held-print.ts";
import { holderText } from "./reader.ts";
import { APART } from "./replay.ts";
import { noStateText, stateIn } from "./retried-state.ts";
import { TurnView } from "./turn-view.ts";

/** The part of the chat that turns use. */
export interface TurnDoors extends Pick<AnswerDoors, "clock" | "style" | "print" | "changed" | "keeps"> {
  readonly dispatch: (action: AppAction) => void;
  readonly notifier: Notifier;
  /** Whether the user stopped the turn that runs. */
  readonly isStopping: () => boolean;
  /** Does something; a failure is a line on the screen. */
  readonly attempt: (act: () => Promise<unknown>) => Promise<void>;
}

const NONE: PanelAction = { type: "questions", questions: [] };

/** One turn after the other. */
export class Turns {
  /** The turn that runs. */
  live: Answer | undefined;
  readonly background: BackgroundRuns;
  /** What each answer prints by. */
  readonly #printed = new WeakMap<Answer, HeldPrint>();
  readonly #conversation: Conversation;
  readonly #desk: ChatDesk;
  readonly #doors: TurnDoors;

  constructor(conversation: Conversation, desk: ChatDesk, doors: TurnDoors) {
    this.#conversation = conversation;
    this.#desk = desk;
    this.#doors = doors;
    this.background = new BackgroundRuns(conversation, {
      ...{ print: doors.print, keeps: doors.keeps },
      live: () => this.live,
      take: () => this.#take(),
      show: (run) => this.#show(run),
      goOn: (turnId) => this.#goOn(turnId),
      change: (orchestration) => desk.change({ orchestration }),
    });
  }

  /** Sends a message, to new code when the files of what answers changed. */
  say(text: string): void {
    const { held } = this.#conversation;
    if (held !== undefined) {
      // It stays in the input: it can be sent as soon as the conversation is closed there.
      this.#doors.print(noticeEntry(safe`Not sent: ${holderText(held)}.`, "warning"));
      this.#doors.dispatch({ type: "ended", stopped: true });
      this.#desk.edit(text);
      return;
    }
    this.#doors.print(userEntry(text));
    const reloaded = this.#desk.reload();
    const attached = this.#desk.tellAttached(text);
    if (reloaded === undefined && attached === undefined) {
      this.#send(text);
      return;
    }
    this.#doors.dispatch({ type: "phase", phase: "busy" });
    void this.#doors.attempt(async () => {
      await attached;
      if ((await reloaded) ?? true) this.#send(text);
      else this.#doors.dispatch({ type: "ended", stopped: true });
    });
  }

  #send(text: string): void {
    const { runtime, failure } = this.#conversation;
    if (runtime === undefined) {
      this.#doors.print(errorEntry(failure));
      this.#doors.dispatch({ type: "ended", stopped: true });
      return;
    }
    this.#desk.turns += 1;
    this.#follow(runtime, runtime.send(text));
  }

  /** Tries the last turn again that stays apart. */
  async retry(): Promise<void> {
    const { runtime, failure } = this.#conversation;
    if (runtime === undefined) throw failure;
    if (runtime.apart !== undefined) await this.#asIn(runtime.apart);
    if ((await this.#desk.reload()) === false) return;
    if ((await this.#conversation.left()).changed?.misfit !== undefined) return this.#sendAnew(runtime);
    const turn = runtime.retry();
    // Where the screen says that it stopped, its message stands above.
    if (!this.#desk.stopped) this.#doors.print(userEntry(textOf(turn.message), false));
    this.#follow(runtime, turn);
  }

  /** Goes on with a fork of the run of an earlier turn, as a new turn. Rejects where it cannot be forked. */
  async fork(runtime: ChatRuntime, turn: TurnRecord, fork: TurnFork): Promise<void> {
    await this.#asIn(turn);
    const forked = await runtime.fork(turn, fork);
    this.#desk.turns += 1;
    this.#doors.print(userEntry(textOf(forked.message)));
    this.#doors.print(noticeEntry(forkedFrom(fork), "retry"));
    this.#follow(runtime, forked);
  }

  /** Lets answer again what answered a turn: its run is one of that orchestration, and goes on with no other. */
  async #asIn({ labels }: Pick<TurnRecord, "labels">): Promise<void> {
    const orchestration = labels?.["orchestration"];
    if (orchestration !== undefined && orchestration !== this.#conversation.names.orchestration)
      await this.#desk.change({ orchestration });
  }

  /** Sends the message of a turn again whose run fits the code of now no more. */
  async #sendAnew(runtime: ChatRuntime): Promise<void> {
    const message = runtime.apart?.messages[0];
    await this.#desk.undo();
    if (message?.role !== "user") return;
    this.#doors.print(userEntry(textOf(message)));
    this.#follow(runtime, runtime.send(message));
  }

  /** Runs the last turn again from one of its states on, as a new turn; what came before is not run again. */
  async retryState(state: string): Promise<void> {
    const { runtime } = this.#conversation;
    const turn = runtime?.session?.turns.findLast(({ status }) => status !== "dropped");
    if (runtime === undefined || turn === undefined) {
      this.#doors.print(noticeEntry(safe`No run is kept here yet.`, "warning"));
      return;
    }
    await this.#asIn(turn);
    const found = stateIn(await this.#conversation.eventsOf(turn.id), state);
    if ("path" in found) await this.fork(runtime, turn, { before: found.path });
    else this.#doors.print(noticeEntry(noStateText(state, found.states), "warning"));
  }

  /** Hands the turn that runs over to the background. */
  #take(): BackgroundRun["going"] {
    const answer = this.live;
    const printed = answer && this.#printed.get(answer);
    if (answer === undefined || printed === undefined) return undefined;
    this.live = undefined;
    this.#desk.lastRail = answer.view.rail;
    this.#doors.dispatch({ type: "panel", action: NONE });
    this.#doors.dispatch({ type: "ended", stopped: false });
    return { answer, printed };
  }

  /** Draws a turn of the background as the one that runs. */
  #show({ answer }: NonNullable<BackgroundRun["going"]>): void {
    this.live = answer;
    this.#doors.dispatch({ type: "phase", phase: "running" });
    this.#asks(answer, { type: "questions", questions: answer.questions.shown });
  }

  #goOn(turnId: string): void {
    const { runtime, failure } = this.#conversation;
    if (runtime === undefined) throw failure;
    const turn = runtime.retry(turnId);
    this.#doors.print(userEntry(textOf(turn.message)));
    this.#follow(runtime, turn);
  }

  /** Questions are answered in the panel; those of a run in the background are told in a line. */
  #asks(answer: Answer, action: PanelAction): void {
    if (this.live === answer) this.#doors.dispatch({ type: "panel", action });
    else this.background.asks(answer);
    this.#doors.changed();
  }

  #follow(runtime: ChatRuntime, turn: TurnStream): void {
    const { graph } = this.#conversation;
    const states = graph?.nodes.map(({ id }) => id);
    const rail = railStart(graph?.id ?? runtime.configuration.name, states, this.#desk.summarize);
    const printed = new HeldPrint(this.#doors.print);
    const view = new TurnView(rail, printed.print);
    const answer: Answer = new Answer(turn, view, {
      ...this.#doors,
      print: printed.print,
      questions: {
        orchestration: this.#desk.orchestration,
        granted: this.#desk.grants.list,
        grant: this.#desk.grants.add,
        panel: (action) => this.#asks(answer, action),
        put: () => this.#doors.notifier.tell("A question waits for you"),
      },
      spent: this.#desk.spent,
      estimated: () => {
        this.#desk.spending = { ...this.#desk.spending, isEstimated: true };
      },
    });
    this.#printed.set(answer, printed);
    this.live = answer;
    this.#desk.book.begin();
    this.#desk.stopped = false;
    this.#doors.dispatch({ type: "phase", phase: "running" });
    void this.#answer(answer, runtime);
  }

  async #answer(answer: Answer, runtime: ChatRuntime): Promise<void> {
    await answer.follow();
    if (this.background.ended(answer, runtime)) {
      this.#doors.changed();
      await this.#conversation.list().catch(() => undefined);
      return;
    }
    // Of a turn that was left in the middle the next start tells.
    if (runtime.apart !== undefined && runtime.apart.status !== "unfinished") this.#doors.print(APART);
    this.#desk.lastRail = answer.view.rail;
    this.#desk.keptCall = answer.view.lastCall ?? this.#desk.keptCall;
    this.live = undefined;
    this.background.printEnded();
    this.#doors.dispatch({ type: "panel", action: NONE });
    this.#doors.notifier.ended(answer.duration);
    // What waits was written before anybody knew that this one would have no answer, and may be about it.
    const isApart = runtime.apart !== undefined;
    this.#doors.dispatch({ type: "ended", stopped: this.#doors.isStopping() || isApart });
    // For the completion of /resume; the list stays as it was when this fails.
    await this.#conversation.list().catch(() => undefined);
  }
}

function forkedFrom({ before, after, ...given }: TurnFork): SafeText {
  const place = visibleText((before ?? after ?? "").replace(/^[^/]*\//, ""));
  if ("output" in given) return safe`forked: ${place} gives another output`;
  return "input" in given
    ? safe`forked: ${place} runs again with another input`
    : safe`forked: ${place} runs again`;
}
