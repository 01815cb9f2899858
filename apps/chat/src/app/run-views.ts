/** Opens the view of a run: of the one that is on its way, or of any turn of the session. */
import type { ChatRuntime, TurnRecord } from "@orch/chat-runtime";
import type { Desk } from "../commands/command.ts";
import { failureWords } from "../errors/failure-words.ts";
import { editOutside } from "../process/outside-editor.ts";
import { keptWork, workOfMessages } from "../run-view/kept-work.ts";
import { RunLog } from "../run-view/run-log.ts";
import { RunReader } from "../run-view/run-reader.ts";
import { RunView } from "../run-view/run-view.ts";
import type { RunFork, RunViewStart } from "../run-view/run-view-doors.ts";
import type { RunViewNote } from "../run-view/run-view-state.ts";
import type { Conversation } from "../sessions/conversation.ts";
import type { InteractiveContext } from "../sessions/interactive-context.ts";
import { writeNewFile } from "../sessions/new-file.ts";
import { type SafeText, safe, safeText, visibleText } from "../terminal/safe-text.ts";
import { noticeEntry } from "../transcript/entry.ts";
import type { ChatDesk } from "./chat-desk.ts";
import { earlierTurn } from "./earlier-turn.ts";

/** How long events are collected before they are drawn, in milliseconds. */
const COLLECT = 50;

/** The part of the chat that the view of a run uses. */
export interface RunViewsDoors {
  /** Whether nothing runs, so that a fork may. */
  readonly isIdle: () => boolean;
  readonly fork: (runtime: ChatRuntime, turn: TurnRecord, fork: RunFork) => Promise<void>;
  /** Tries the last turn again, after the view. */
  readonly retry: () => void;
}

/** The views of runs. */
export class RunViews {
  readonly log = new RunLog();
  readonly #context: InteractiveContext;
  readonly #doors: RunViewsDoors;
  #conversation: Conversation | undefined;
  #desk: ChatDesk | undefined;

  constructor(context: InteractiveContext, doors: RunViewsDoors) {
    this.#context = context;
    this.#doors = doors;
  }

  /** Told where the runs are, and who asks for them. */
  of(conversation: Conversation, desk: ChatDesk): void {
    this.#conversation = conversation;
    this.#desk = desk;
  }

  /** Opens the view of a turn: the newest one, the n-th from the end, or one by a part of its id. Resolves when it is closed. */
  readonly open: Desk["openRun"] = async (named, start) => {
    const desk = this.#desk!;
    const session = this.#conversation?.runtime?.session;
    const { turns = [], earlier = 0 } = session ?? {};
    const live = desk.runningTurn;
    const ids = [
      ...turns.map(({ id }) => id),
      ...(live === undefined || turns.some(({ id }) => id === live) ? [] : [live]),
    ];
    const shown = named === "" ? ids.at(-1) : turnNamed(ids, named);
    const before =
      shown === undefined && session !== undefined
        ? await earlierTurn(named, { session: session.id, earlier, later: ids.length }, desk.sessions)
        : undefined;
    const id = shown ?? before?.id;
    if (id === undefined) {
      desk.print(noticeEntry(missing(named, earlier + ids.length), "warning"));
      return;
    }
    const view = this.#viewOf(id, before ?? turns.find((turn) => turn.id === id), start);
    if (await desk.show(view)) return;
    desk.print(
      noticeEntry(
        safe`A run is looked into on a screen of its own, and this terminal can only append. /export json has it all.`,
        "warning",
      ),
    );
  };

  #viewOf(id: string, turn: TurnRecord | undefined, start: RunViewStart | undefined): RunView {
    const heard = this.log.of(id);
    const reader = heard ?? new RunReader();
    const { env, folder, clock, programs, stdin } = this.#context;
    const desk = this.#desk!;
    const hasEditor = [env["VISUAL"], env["EDITOR"]].some((editor) => editor !== undefined && editor !== "");
    return new RunView(
      {
        record: () => ({ ...reader.record, ...(turn?.usage?.estimated && { isEstimated: true }) }),
        events: () => reader.events,
        graph: () => desk.graph,
        theme: () => desk.look.theme,
        now: clock.now,
        follow: (changed, failed) =>
          heard === undefined ? this.#follow(id, turn, reader, changed, failed) : () => undefined,
        copy: desk.copy,
        write: (name, text) => written(folder, name, text),
        records: () => this.#context.readRecords(id),
        fork: (fork) => this.#fork(id, fork),
        retry: () => this.#retry(id),
        edit: hasEditor
          ? async (text) => {
              // Nobody listens now, but the stream goes on reading until it has noticed.
              await new Promise<void>((resolve) => clock.after(0, resolve));
              stdin.pause();
              return editOutside(text, env, programs);
            }
          : undefined,
        failure: sentenceOf,
      },
      start,
    );
  }

  /** Reads a run from where it is kept, and goes on with it while somebody drives it. */
  #follow(
    id: string,
    turn: TurnRecord | undefined,
    reader: RunReader,
    changed: () => void,
    failed: (reason: SafeText) => void,
  ): () => void {
    const abort = new AbortController();
    let collecting: (() => void) | undefined;
    const soon = (): void => {
      collecting ??= this.#context.clock.after(COLLECT, () => {
        collecting = undefined;
        changed();
      });
    };
    const read = async (): Promise<void> => {
      try {
        const run = this.#conversation?.keptRun(id);
        for await (const event of run?.events({ signal: abort.signal }) ?? []) {
          reader.take(event);
          soon();
        }
        reader.takeWork(keptWork((await this.#context.readRecords(id)) ?? []));
        const { lonePath } = reader;
        if (turn !== undefined && lonePath !== undefined)
          reader.takeWork([workOfMessages(turn.messages, lonePath)]);
        changed();
      } catch (error) {
        failed(safe`This turn has no run that can be read. ${sentenceOf(error)}`);
      }
    };
    void read();
    return () => {
      collecting?.();
      abort.abort();
    };
  }

  async #fork(id: string, fork: RunFork): Promise<SafeText | undefined> {
    const runtime = this.#conversation?.runtime;
    const turn = runtime?.session?.turns.find((each) => each.id === id);
    if (!this.#doors.isIdle()) return this.#busyWith(id);
    if (runtime === undefined) return sentenceOf(this.#conversation?.failure);
    if (turn === undefined)
      return safe`This run is no turn of the conversation that is open, so it cannot be forked here.`;
    await this.#doors.fork(runtime, turn, fork);
    return undefined;
  }

  #retry(id: string): SafeText | undefined {
    const apart = this.#conversation?.runtime?.apart;
    if (apart?.id !== id)
      return safe`This run has its answer, or a later message came. f forks it from the chosen state.`;
    if (!this.#doors.isIdle()) return this.#busyWith(id);
    this.#doors.retry();
    return undefined;
  }

  /** Why nothing can be started now. */
  #busyWith(id: string): SafeText {
    return this.#desk?.runningTurn === id
      ? safe`This run has not ended. It can be forked or tried again when it has, or when Esc Esc has stopped it.`
      : safe`Another run is on its way. Fork or try again when it has ended.`;
  }
}

function turnNamed(ids: readonly string[], named: string): string | undefined {
  if (/^[1-9]\d{0,5}$/.test(named)) return ids.at(-Number(named));
  const fits = ids.filter((id) => id.includes(named));
  return ids.includes(named) ? named : fits.length === 1 ? fits[0] : undefined;
}

function missing(named: string, count: number): SafeText {
  if (count === 0) return safe`There is no run yet. Ask something first.`;
  return safe`No turn here is "${visibleText(named)}". Of ${count}: 1 is the last one, 2 the one before, or a part of an id.`;
}

async function written(folder: string, name: string, text: string): Promise<RunViewNote> {
  const shown = visibleText(name);
  for (let number = 1; number < 100; number++) {
    const at = number === 1 ? name : name.replace(/(\.\w+)$/, `-${number}$1`);
    const end = await writeNewFile(folder, at, text);
    if (end === "written") return { text: safe`The run is in ${visibleText(at)}`, tone: "done" };
    if (end !== "exists") break;
  }
  return { text: safe`${shown} cannot be written to this folder, so nothing was written.`, tone: "warning" };
}

function sentenceOf(error: unknown): SafeText {
  const { says, fix } = failureWords(error);
  return fix === undefined ? safeText(says) : safe`${safeText(says)} ${safeText(fix)}`;
}
