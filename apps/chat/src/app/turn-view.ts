/**
 * One turn on its way to the screen. It takes events by the batch and draws what they amount to, so that a fast model costs
 * no more than a slow one.
 */
import { type AssistantMessage, textOf } from "@orch/agents";
import type { ChatEvent } from "@orch/chat-runtime";
import type { FinishedState, RailState } from "../rail/rail-entry.ts";
import { finishedLine } from "../rail/rail-lines.ts";
import { type RailEvent, railAdvance } from "../rail/rail-state.ts";
import { safe } from "../terminal/safe-text.ts";
import type { Line } from "../terminal/styled.ts";
import { type BlockStream, createBlockStream, drawMarkdown } from "../transcript/block-stream.ts";
import { citationsEntry } from "../transcript/citations.ts";
import { blockEntry, EMPTY_LINE, type Entry, noticeEntry } from "../transcript/entry.ts";
import type { MarkdownStyle } from "../transcript/markdown.ts";

/** The drawn entries of a turn, and the block of text that is still open. */
export class TurnView {
  #rail: RailState;
  readonly #print: (entry: Entry) => void;
  #stream: BlockStream | undefined;
  /** Who speaks: another state or another visit begins anew. */
  #speaker: string | undefined;
  #spoken = "";
  /** States that spoke and ended or were stopped: their line stands under what they said. */
  readonly #footers: FinishedState[] = [];
  /** States that failed: if the turn fails with them, it says why. */
  #failed: FinishedState[] = [];
  /** Whether the flow has one state only: a line about it would say nothing that the answer or its end does not. */
  readonly #lone: boolean;

  constructor(rail: RailState, print: (entry: Entry) => void) {
    this.#rail = rail;
    this.#lone = rail.ahead.length === 1;
    this.#print = print;
  }

  get rail(): RailState {
    return this.#rail;
  }

  /** Whether text of the answer came. */
  get spoke(): boolean {
    return this.#speaker !== undefined;
  }

  /** Draws the next events of the turn. */
  take(events: readonly ChatEvent[], style: MarkdownStyle): void {
    let text = "";
    let run: RailEvent[] = [];
    const flushText = (): void => {
      if (text !== "") this.#say(text, style);
      text = "";
    };
    const flushRun = (): void => {
      if (run.length > 0) this.#advance(run);
      run = [];
    };
    for (const event of events) {
      if (event.type === "message.delta") {
        if (event.path !== this.#speaker) {
          flushText();
          flushRun();
          this.#begin(event.path, style);
        }
        text += event.text;
        run.push(event);
      } else if (isRunEvent(event)) {
        if (event.type !== "state.output" && event.type !== "state.usage") flushText();
        run.push(event);
        if (event.type === "state.retrying" && event.path === this.#speaker) this.#restart(style);
      }
    }
    flushText();
    flushRun();
  }

  /** The last rows of the open block. */
  tail(rows: number, style: MarkdownStyle): readonly Line[] {
    return this.#stream?.live(rows, style) ?? [];
  }

  /** Ends the turn with its answer. Draws the parts of the answer that were not streamed. */
  complete(message: AssistantMessage, style: MarkdownStyle): void {
    const text = textOf(message);
    if (this.#stream !== undefined && text.startsWith(this.#spoken)) {
      this.#say(text.slice(this.#spoken.length), style);
      this.#close(style);
    } else {
      this.#close(style);
      if (text.trim() !== "" && text.trim() !== this.#spoken.trim()) {
        this.#print(EMPTY_LINE);
        this.#print((at) => drawMarkdown(text, at));
      }
    }
    for (const entry of citationsEntry(message)) this.#print(entry);
    this.#printFailed((failed) => failed);
    this.#printFooters();
  }

  /** Ends the turn without an answer. Text that was already shown stays. */
  abandon(style: MarkdownStyle): void {
    this.#close(style);
    // The error of the turn is printed below them and says why.
    this.#printFailed((failed) => ({ ...failed, summary: safe`failed` }));
    this.#printFooters();
  }

  #begin(path: string, style: MarkdownStyle): void {
    this.#close(style);
    this.#print(EMPTY_LINE);
    this.#speaker = path;
    this.#spoken = "";
    this.#stream = createBlockStream();
  }

  /** Marks the text of a failed attempt as void: text in the scrollback cannot be removed. */
  #restart(style: MarkdownStyle): void {
    this.#close(style);
    this.#print(noticeEntry(safe`This attempt failed; the next begins anew.`, "retry"));
    this.#speaker = undefined;
  }

  #say(text: string, style: MarkdownStyle): void {
    this.#spoken += text;
    for (const { block } of this.#stream?.push(text, style) ?? []) this.#print(blockEntry(block));
  }

  #close(style: MarkdownStyle): void {
    for (const { block } of this.#stream?.end(style) ?? []) this.#print(blockEntry(block));
    this.#stream = undefined;
  }

  #advance(events: readonly RailEvent[]): void {
    const { state, finished } = railAdvance(this.#rail, events);
    this.#rail = state;
    for (const each of finished) {
      if (!each.shown || (this.#lone && each.depth === 0)) continue;
      if (each.status !== "failed") this.#printFailed((failed) => failed);
      if (each.status === "failed") this.#failed.push(each);
      else if (this.#speaker?.startsWith(each.path) === true) this.#footers.push(each);
      else this.#printState(each);
    }
  }

  #printFailed(change: (failed: FinishedState) => FinishedState): void {
    for (const each of this.#failed) this.#printState(change(each));
    this.#failed = [];
  }

  #printState(finished: FinishedState): void {
    this.#print(({ width, theme }) => [finishedLine(finished, width, theme)]);
  }

  #printFooters(): void {
    if (this.#footers.length > 0) this.#print(EMPTY_LINE);
    // Its text stands above; a summary of it would say it twice.
    for (const each of this.#footers.splice(0))
      this.#printState({ ...each, summary: each.status === "done" ? safe`answered` : safe`stopped` });
  }
}

function isRunEvent(event: ChatEvent): event is Exclude<RailEvent, { readonly type: "message.delta" }> {
  return /^(?:state|run|question)\./.test(event.type);
}
