/**
 * One turn on its way to the screen. It takes events by the batch and draws what they amount to, so that a fast model costs
 * no more than a slow one.
 */
import { type AssistantMessage, agentEvents, textOf } from "@orch/agents";
import type { ChatEvent } from "@orch/chat-runtime";
import type { OrchestrationEvent } from "@orch/core";
import { endedCallLines, moreCallsLine, openCallLine } from "../rail/call-row.ts";
import { finishedLine } from "../rail/finished-line.ts";
import type { FinishedState, RailState } from "../rail/rail-entry.ts";
import { type RailEvent, railAdvance } from "../rail/rail-state.ts";
import { callEventOf, type EndedCall, type HeardCallEvent, ToolCalls } from "../rail/tool-calls.ts";
import { safe } from "../terminal/safe-text.ts";
import type { Line } from "../terminal/styled.ts";
import {
  type BlockPart,
  type BlockStream,
  type ClosedBlock,
  createBlockStream,
  drawMarkdown,
} from "../transcript/block-stream.ts";
import { citationsEntry } from "../transcript/citations.ts";
import { blockEntry, EMPTY_LINE, type Entry, noticeEntry, partEntry } from "../transcript/entry.ts";
import type { MarkdownStyle } from "../transcript/markdown.ts";

/** Calls under way that are drawn. */
const MAX_CALLS = 3;

/** The drawn entries of a turn, and the block of text that is still open. */
export class TurnView {
  #rail: RailState;
  readonly #print: (entry: Entry) => void;
  #stream: BlockStream | undefined;
  /** What was printed last of the block that is open. */
  #part: Entry | undefined;
  /** Who speaks: another state or another visit begins anew. */
  #speaker: string | undefined;
  /** What each speaker said of its latest message, and the speakers whose latest message is whole. */
  readonly #said = new Map<string, string>();
  readonly #whole = new Set<string>();
  readonly #calls = new ToolCalls();
  #lastCall: EndedCall | undefined;
  /** Whether the row above is text. */
  #afterText = false;
  /** Text and events that were taken and are not drawn yet. */
  #text = "";
  #run: RailEvent[] = [];
  /** Of the latest event, in milliseconds since the epoch. */
  #time = 0;
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

  /** The tool call that ended last. */
  get lastCall(): EndedCall | undefined {
    return this.#lastCall;
  }

  /** Whether text of the answer came. */
  get spoke(): boolean {
    return this.#speaker !== undefined;
  }

  /** Draws the next events of the turn. */
  take(events: readonly ChatEvent[], style: MarkdownStyle): void {
    for (const event of events) {
      this.#time = event.time;
      if (event.type === "message.delta") this.#takeText(event, style);
      else if (isRunEvent(event)) this.#takeRun(event, style);
    }
    this.#flush(style);
  }

  #takeText(event: Extract<ChatEvent, { readonly type: "message.delta" }>, style: MarkdownStyle): void {
    if (event.path !== this.#speaker || this.#stream === undefined) {
      this.#flush(style);
      this.#begin(event.path, style);
    }
    this.#text += event.text;
    this.#run.push(event);
  }

  #takeRun(event: OrchestrationEvent, style: MarkdownStyle): void {
    this.#run.push(event);
    if (event.type === "state.usage") return;
    if (event.type === "state.output") {
      const agent = agentEvents.of(event);
      const heard = agent === undefined ? undefined : callEventOf(agent);
      if (heard === undefined) return;
      this.#flush(style);
      this.#hear(heard, event.path, style);
      return;
    }
    this.#flushText(style);
    if (event.type !== "state.retrying") return;
    this.#endCalls(event.path);
    if (event.path === this.#speaker) this.#restart(style);
  }

  #flush(style: MarkdownStyle): void {
    this.#flushText(style);
    const run = this.#run;
    this.#run = [];
    if (run.length > 0) this.#advance(run);
  }

  #flushText(style: MarkdownStyle): void {
    const text = this.#text;
    this.#text = "";
    if (text !== "") this.#say(text, style);
  }

  /** The last rows of the open block, and the calls under way; those of lanes stand on the rail. */
  tail(rows: number, style: MarkdownStyle, now: number): readonly Line[] {
    const open = [...this.#calls.open].filter(({ path }) => !path.includes("["));
    const calls = open
      .slice(0, Math.min(MAX_CALLS, rows))
      .map((call) => openCallLine(call, now, style.width, style.theme));
    const more = open.length - calls.length;
    if (more > 0 && calls.length < rows) calls.push(moreCallsLine(more, style.theme));
    return [...(this.#stream?.live(rows - calls.length, style) ?? []), ...calls];
  }

  /** Ends the turn with its answer. Draws the parts of the answer that were not streamed. */
  complete(message: AssistantMessage, style: MarkdownStyle): void {
    this.#answer(textOf(message), style);
    for (const entry of citationsEntry(message)) this.#print(entry);
    this.#printFailed((failed) => failed);
    this.#printFooters();
  }

  /** Ends the turn without an answer. Text that was already shown stays. */
  abandon(style: MarkdownStyle): void {
    this.#close(style);
    for (const { path } of [...this.#calls.open]) this.#endCalls(path);
    // The error of the turn is printed below them and says why.
    this.#printFailed((failed) => ({ ...failed, summary: safe`failed` }));
    this.#printFooters();
  }

  /** The answer is one of the messages that were said, or it goes on with the last one, or nobody has said it. */
  #answer(text: string, style: MarkdownStyle): void {
    const open = this.#stream === undefined ? undefined : this.#said.get(this.#speaker ?? "");
    if (open !== undefined && text.startsWith(open)) this.#say(text.slice(open.length), style);
    this.#close(style);
    const isSaid = [...this.#said.values()].some((said) => said.trim() === text.trim());
    if (text.trim() === "" || isSaid) return;
    this.#print(EMPTY_LINE);
    this.#print((at) => drawMarkdown(text, at));
  }

  #begin(path: string, style: MarkdownStyle): void {
    this.#close(style);
    this.#print(EMPTY_LINE);
    this.#afterText = true;
    this.#speaker = path;
    // A speaker that another one interrupted goes on with its message.
    if (this.#whole.delete(path) || !this.#said.has(path)) this.#said.set(path, "");
    this.#stream = createBlockStream();
  }

  /** A message that is whole ends its text, and a call that ended is a row. */
  #hear(heard: HeardCallEvent, path: string, style: MarkdownStyle): void {
    const { event, inner } = heard;
    if (event.type === "agent.message" && event.message.role === "assistant" && inner === "") {
      this.#whole.add(path);
      if (path === this.#speaker) this.#close(style);
    }
    const ended = this.#calls.take(heard, path, this.#time);
    // What ran at the provider in the middle of a message stands between what was said before and after.
    if (ended.length > 0 && path === this.#speaker && inner === "") this.#close(style);
    this.#printCalls(ended);
  }

  /** Ends the calls of an activation that is over. */
  #endCalls(path: string): void {
    this.#printCalls(this.#calls.end(path, this.#time));
  }

  #printCalls(calls: readonly EndedCall[]): void {
    this.#lastCall = calls.at(-1) ?? this.#lastCall;
    for (const call of calls) {
      if (this.#afterText) this.#print(EMPTY_LINE);
      this.#afterText = false;
      this.#print(({ width, theme }) => endedCallLines(call, width, theme));
    }
  }

  /** Marks the text of a failed attempt as void: text in the scrollback cannot be removed. */
  #restart(style: MarkdownStyle): void {
    this.#close(style);
    this.#print(noticeEntry(safe`This attempt failed; the next begins anew.`, "retry"));
    if (this.#speaker !== undefined) this.#said.delete(this.#speaker);
    this.#speaker = undefined;
  }

  #say(text: string, style: MarkdownStyle): void {
    const path = this.#speaker ?? "";
    this.#said.set(path, (this.#said.get(path) ?? "") + text);
    for (const closed of this.#stream?.push(text, style) ?? []) this.#printBlock(closed);
    const settled = this.#stream?.settle(style);
    if (settled !== undefined) this.#printPart(settled);
  }

  #close(style: MarkdownStyle): void {
    for (const closed of this.#stream?.end(style) ?? []) this.#printBlock(closed);
    this.#stream = undefined;
  }

  #printBlock(closed: ClosedBlock): void {
    if (this.#part === undefined) this.#print(blockEntry(closed.block));
    else this.#printPart(closed);
    this.#part = undefined;
  }

  #printPart(part: BlockPart): void {
    this.#part = partEntry(part, this.#part);
    this.#print(this.#part);
  }

  #advance(events: readonly RailEvent[]): void {
    const { state, finished } = railAdvance(this.#rail, events);
    this.#rail = state;
    for (const each of finished) {
      this.#endCalls(each.path);
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

function isRunEvent(event: ChatEvent): event is OrchestrationEvent {
  return /^(?:state|run|question)\./.test(event.type);
}
