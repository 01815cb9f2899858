/**
 * What happens with runs in the background. The rule: a turn stands in the conversation where it was asked, and its answer is
 * shown as a block of its own when it is there, never between the lines of another answer.
 */
import { textOf } from "@orch/agents";
import type { ChatRuntime, TurnRecord } from "@orch/chat-runtime";
import type { Conversation } from "../sessions/conversation.ts";
import { type SafeText, safe, visibleText } from "../terminal/safe-text.ts";
import { EMPTY_LINE, type Entry, noticeEntry, type Tone, userEntry } from "../transcript/entry.ts";
import { type Answer, ENDED_HERE } from "./answer.ts";
import { AnswerDesk, type AskingTurn } from "./answer-desk.ts";
import { Background, type BackgroundFacts, type BackgroundRun, titleOf } from "./background.ts";

type Going = NonNullable<BackgroundRun["going"]>;

/** The part of the turns that it uses. */
export interface BackgroundDoors {
  readonly print: (entry: Entry) => void;
  /** Whether a run outlives the program. */
  readonly keeps: boolean;
  /** The turn that is drawn as it goes. */
  readonly live: () => Answer | undefined;
  /** Takes the turn that runs from the screen. */
  readonly take: () => Going | undefined;
  /** Draws a turn as the one that runs. */
  readonly show: (going: Going) => void;
  /** Goes on with a turn that nobody drives here. */
  readonly goOn: (turnId: string) => void;
  /** Lets another orchestration answer. */
  readonly change: (orchestration: string) => Promise<void>;
}

/** The background of one chat. */
export class BackgroundRuns {
  readonly #conversation: Conversation;
  readonly #doors: BackgroundDoors;
  readonly #runs = new Background();
  /** The questions that wait here, in the background and before the user. */
  readonly answers: AnswerDesk;
  /** What waits for the end of the answer that is drawn. */
  #blocks: Entry[] = [];

  constructor(conversation: Conversation, doors: BackgroundDoors) {
    this.#conversation = conversation;
    this.#doors = doors;
    this.answers = new AnswerDesk(() => this.#asking(), doors.print);
  }

  /** Whether no turn is drawn as it goes. */
  get #isFree(): boolean {
    return this.#doors.live() === undefined;
  }

  get facts(): BackgroundFacts {
    return this.#runs.facts;
  }

  /** Lets the turn that runs go on in the background. */
  leave(): void {
    const turnId = this.#conversation.runtime?.background();
    const going = turnId === undefined ? undefined : this.#doors.take();
    if (turnId === undefined || going === undefined) {
      this.#say(safe`Nothing is being answered that could go on in the background.`, "warning");
      return;
    }
    going.printed.hold();
    const message = textOf(going.answer.message);
    const run = this.#runs.add({ turnId, message, going });
    this.#say(safe`${titleOf(run)} goes on in the background: /fg ${run.number} brings it back.`, "retry");
    this.answers.tell(askingTurn({ ...run, going }), true);
  }

  /** Brings a run back, or goes on with one that was left by an earlier program. */
  async bringBack(named: string): Promise<void> {
    const run = this.#runs.find(named);
    if (run === undefined) {
      const { numbers } = this.#runs;
      const none = safe`Nothing is in the background; /bg leaves an answer there.`;
      this.#say(
        numbers.length === 0 ? none : safe`In the background there are ${visibleText(numbers.join(", "))}.`,
        "warning",
      );
      return;
    }
    const { going, turnId } = run;
    if (going !== undefined && this.#conversation.runtime?.foreground(turnId) === true) {
      this.#runs.remove(run);
      for (const entry of [userEntry(run.message), ...going.printed.release()]) this.#doors.print(entry);
      this.#doors.show(going);
      return;
    }
    const orchestration = this.#turnOf(run)?.labels?.["orchestration"];
    if (orchestration !== undefined && orchestration !== this.#conversation.names.orchestration)
      await this.#doors.change(orchestration);
    this.#doors.goOn(turnId);
    this.#runs.remove(run);
  }

  /** The turns here that may ask. */
  #asking(): readonly AskingTurn[] {
    const live = this.#doors.live();
    return [...(live === undefined ? [] : [{ answer: live }]), ...this.#runs.going.map(askingTurn)];
  }

  /** Says in lines what a run asks. */
  asks(answer: Answer): void {
    const run = this.#runs.going.find(({ going }) => going.answer === answer);
    if (run !== undefined) this.answers.tell(askingTurn(run));
  }

  /** Tells the end of a turn in the background; `false` for any other. */
  ended(answer: Answer, runtime: ChatRuntime): boolean {
    const run = this.#runs.of(answer);
    if (run === undefined) return false;
    this.#runs.remove(run);
    const status = runtime.session?.turns.find(({ id }) => id === run.turnId)?.status ?? "unfinished";
    const held = run.going?.printed.release() ?? [];
    if (status === "unfinished") {
      const what = this.#doors.keeps ? safe`is left in the background; its run is kept.` : ENDED_HERE;
      this.#say(safe`${titleOf(run)} ${what}`, "skipped");
      return true;
    }
    const [how, tone] = ENDS[status] ?? ENDS["failed"]!;
    const later = this.#isFree ? safe`` : safe` It is shown below this answer.`;
    this.#say(safe`In the background ${titleOf(run)} ${how}.${later}`, tone);
    this.#blocks.push(userEntry(run.message), ...held, EMPTY_LINE);
    if (status === "failed") {
      const { number } = this.#runs.add({ turnId: run.turnId, message: run.message });
      this.#blocks.push(
        noticeEntry(safe`It stays apart from the conversation: /fg ${number} tries it again.`),
      );
    }
    if (this.#isFree) this.printEnded();
    return true;
  }

  /** Shows what ended while another answer was drawn. */
  printEnded(): void {
    for (const entry of this.#blocks.splice(0)) this.#doors.print(entry);
  }

  /** Tells of the runs that an earlier program left in the background of this conversation. Nothing is started for that. */
  async showLeft(): Promise<void> {
    const { runtime } = this.#conversation;
    for (const turn of runtime?.session?.turns ?? []) {
      if (turn.status !== "unfinished" || turn.id === runtime?.apart?.id) continue;
      const kept = this.#conversation.keptRun(turn.id);
      const status = await kept?.status().catch(() => undefined);
      if (status !== "running" && status !== "waiting") continue;
      const open = (await kept?.questions().catch(() => [])) ?? [];
      const [message] = turn.messages;
      const run = this.#runs.add({ turnId: turn.id, message: message === undefined ? "" : textOf(message) });
      const asks = open.length === 0 ? safe`` : safe`, ${open.length} open`;
      this.#say(
        safe`Left in the background: ${titleOf(run)}${asks}. /fg ${run.number} goes on with it.`,
        "retry",
      );
    }
  }

  #turnOf({ turnId }: BackgroundRun): TurnRecord | undefined {
    return this.#conversation.runtime?.session?.turns.find(({ id }) => id === turnId);
  }

  #say(text: SafeText, tone: Tone): void {
    this.#doors.print(noticeEntry(text, tone));
  }
}

function askingTurn({ going, ...run }: BackgroundRun & { readonly going: Going }): AskingTurn {
  return { answer: going.answer, behind: { title: titleOf(run), number: run.number } };
}

const ENDS: { readonly [status: string]: readonly [SafeText, Tone] } = {
  completed: [safe`has its answer`, "done"],
  cancelled: [safe`was stopped`, "skipped"],
  failed: [safe`failed`, "failed"],
};
