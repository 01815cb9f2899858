/**
 * Where a run stands, from its events: a pure reducer. It is applied to a batch of events at a time and
 * copies its map once per batch, so that a run of many branches costs linear time.
 */
import type { ChatEvent } from "@orch/chat-runtime";
import type { EventOf, OrchestrationEvent } from "@orch/core";
import { CLEANER_START, cleanDelta } from "../terminal/cleaner.ts";
import { promptText } from "../terminal/prompt-text.ts";
import { type SafeText, safe, safeText } from "../terminal/safe-text.ts";
import { waitText } from "../terminal/wait-text.ts";
import { type AgentNote, agentNote } from "./agent-note.ts";
import { lastLine } from "./last-line.ts";
import {
  type FinishedState,
  MAX_GRID,
  MAX_ROWS,
  type RailEntry,
  type RailState,
  type RailStatus,
  RUN_ENDS,
} from "./rail-entry.ts";
import { entered, namesOf, reopened } from "./rail-lane.ts";
import { depthOf, isInsideWide, parentOf } from "./rail-parents.ts";
import { enterPlace, placeOf } from "./rail-places.ts";
import { reasonOf, summaryOf } from "./summary.ts";

/** What moves a rail: the events of a run, and the text that went to the transcript in place of one. */
export type RailEvent = OrchestrationEvent | Extract<ChatEvent, { readonly type: "message.delta" }>;

/** Applies events in their order. `finished` has a line for each state that ended in them, exactly once. */
export function railAdvance(
  state: RailState,
  events: readonly RailEvent[],
): { readonly state: RailState; readonly finished: readonly FinishedState[] } {
  const draft = new RailDraft(state);
  for (const event of events) draft.apply(event);
  return { state: draft.state, finished: draft.finished };
}

class RailDraft {
  state: RailState;
  readonly finished: FinishedState[] = [];
  readonly #entries: Map<string, RailEntry>;
  readonly #places: Map<string, RailStatus>;

  constructor(state: RailState) {
    this.#entries = new Map(state.entries);
    this.#places = new Map(state.places);
    this.state = { ...state, entries: this.#entries, places: this.#places };
  }

  #pause(reason: string | undefined): void {
    const { paused: _, ...state } = this.state;
    this.state = reason === undefined ? state : { ...state, paused: safeText(reason.replaceAll("\n", " ")) };
  }

  apply(event: RailEvent): void {
    switch (event.type) {
      case "run.started":
      case "run.retried":
        this.#begin(event);
        return;
      case "run.completed":
      case "run.failed":
      case "run.cancelled":
      case "run.refused":
      case "run.suspended":
        this.#pause(undefined);
        this.state = { ...this.state, status: RUN_ENDS[event.type], endedAt: event.time };
        return;
      case "run.paused":
      case "run.continued":
        this.#pause(event.type === "run.paused" ? event.reason : undefined);
        return;
      case "state.started":
        this.#start(event);
        return;
      case "state.completed":
        this.#end(event, "done", this.#summary(event), event.background);
        return;
      case "state.failed":
        this.#end(event, event.cancelled ? "cancelled" : "failed", reasonOf(event.error));
        return;
      case "state.retrying":
        this.#retry(event);
        return;
      case "state.skipped":
        this.#skip(event.path);
        return;
      case "state.output":
        this.#output(event);
        return;
      case "message.delta":
        this.#note(event.path, { type: "text", delta: event.text }, event.time);
        return;
      case "state.usage":
        this.#spend(event.path, (event.spending.inputTokens ?? 0) + (event.spending.outputTokens ?? 0));
        return;
      case "question.asked":
      case "state.waiting":
        this.#wait(event);
        return;
      case "question.answered":
        this.#change(event.path, { status: "running", line: safe`` });
        return;
      case "signal.received":
      case "state.transition":
      case "run.waiting":
      case "events.missed":
        return;
      default:
        event satisfies never;
    }
  }

  #retry({ path, attempt, time, delay, error }: EventOf<"state.retrying">): void {
    const retry = { attempt, until: time + delay, reason: reasonOf(error) };
    this.#change(path, { status: "retrying", retry, line: safe``, cleaner: CLEANER_START });
  }

  #wait(event: EventOf<"question.asked"> | EventOf<"state.waiting">): void {
    const line = event.type === "state.waiting" ? waitText(event) : promptText(event.prompt);
    this.#change(event.path, { status: "waiting", line, written: 0 });
  }

  #begin(event: EventOf<"run.started"> | EventOf<"run.retried">): void {
    const { endedAt: _, ...state } = this.state;
    this.state = { ...state, status: "running" };
    if (event.type === "run.retried") return;
    this.state = { ...this.state, orchestration: safeText(event.orchestration), startedAt: event.time };
  }

  #start(event: Extract<OrchestrationEvent, { type: "state.started" }>): void {
    const { path, visit, kind, time, branches = 0 } = event;
    const kept = event.again === true ? this.#entries.get(path) : undefined;
    const state = safeText(event.state);
    const around = parentOf(this.#entries, path);
    const parent = around !== undefined && event.again === true ? reopened(around, state) : around;
    const { lane, name, earlier } = namesOf(path, state, parent);
    // An earlier visit gives its place to this one, and a branch to what takes its result.
    const before = [...this.#siblings(parent, earlier)];
    for (const entry of before) this.#remove(entry);
    this.state = {
      ...this.state,
      count: this.state.count + 1,
      ahead: parent === undefined ? this.state.ahead.filter((each) => each !== name) : this.state.ahead,
    };
    if (parent !== undefined) this.#entries.set(parent.path, entered(parent, lane, state));
    enterPlace(this.#places, placeOf(path), lane === undefined && kind !== "runnable");
    this.#entries.set(path, {
      path,
      ...(parent !== undefined && { parent: parent.path }),
      name,
      visit,
      kind,
      lane: lane !== undefined,
      status: "running",
      order: before[0]?.order ?? this.state.count,
      startedAt: time,
      tokens: 0,
      line: safe``,
      cleaner: CLEANER_START,
      written: 0,
      branches,
      ...(kept?.branch !== undefined && { branch: kept.branch }),
      started: kept?.started ?? 0,
      done: kept?.done ?? 0,
      failed: kept?.failed ?? 0,
      skipped: kept?.skipped ?? 0,
    });
  }

  /** Entries of this name in the same machine or fan-out. */
  *#siblings(parent: RailEntry | undefined, name: SafeText | undefined): Generator<RailEntry> {
    if (name === undefined) return;
    for (const entry of this.#entries.values())
      if (entry.parent === parent?.path && entry.name === name) yield entry;
  }

  #summary({ state, output }: EventOf<"state.completed">): SafeText {
    return summaryOf(output, this.state.summarize?.(state, output));
  }

  #end(
    event: { readonly path: string; readonly time: number; readonly duration: number },
    status: FinishedState["status"],
    summary: SafeText,
    background = 0,
  ): void {
    const entry = this.#entries.get(event.path);
    if (entry === undefined) return;
    const { retry: _, ...rest } = entry;
    this.#places.set(placeOf(event.path), status);
    if (entry.kind !== "runnable" && background === 0) this.#removeInside(entry.path);
    this.#entries.set(event.path, { ...rest, status, endedAt: event.time, line: summary, background });
    const parent = entry.parent === undefined ? undefined : this.#entries.get(entry.parent);
    const wide = parent !== undefined && entry.lane && parent.branches > MAX_GRID;
    const shown =
      !(entry.lane && parent !== undefined && parent.branches > MAX_ROWS) &&
      !isInsideWide(this.#entries, parent);
    const { path, name, visit, lane, tokens, isEstimated } = entry;
    const depth = depthOf(this.#entries, parent);
    this.finished.push({
      ...{ path, name, status, visit, depth, lane, shown, summary, tokens },
      ...(isEstimated && { isEstimated }),
      duration: event.duration,
    });
    if (parent === undefined) return;
    const counter = status === "done" ? { done: parent.done + 1 } : { failed: parent.failed + 1 };
    const left = Math.max(0, (parent.background ?? 0) - 1);
    this.#entries.set(parent.path, { ...parent, ...counter, background: left });
    if (wide) this.#entries.delete(event.path);
    // The last branch in the background has ended.
    if (parent.endedAt !== undefined && left === 0) this.#removeInside(parent.path);
  }

  #skip(path: string): void {
    this.#places.set(placeOf(path), "skipped");
    const parent = parentOf(this.#entries, path);
    if (parent !== undefined) this.#entries.set(parent.path, { ...parent, skipped: parent.skipped + 1 });
  }

  #output(event: EventOf<"state.output">): void {
    const note = agentNote(event);
    if (note?.type === "estimate") this.#spend(event.path, 0, true);
    else if (note !== undefined) this.#note(event.path, note, event.time);
  }

  #note(path: string, note: Exclude<AgentNote, { type: "estimate" }>, time: number): void {
    const entry = this.#entries.get(path);
    if (entry === undefined) return;
    switch (note.type) {
      case "text": {
        const { state: cleaner, text } = cleanDelta(entry.cleaner, note.delta);
        const line = lastLine(entry.written === 0 ? text : entry.line + text);
        const written = entry.written + text.length;
        this.#change(path, {
          status: "running",
          line,
          cleaner,
          written,
          writingSince: entry.writingSince ?? time,
        });
        return;
      }
      case "tool":
        // Text after a tool begins a line of its own.
        this.#change(path, { status: "running", line: note.label, written: 0 });
        return;
      case "tool-end":
        this.#change(path, { written: 0 });
        return;
      case "retry": {
        const retry = { attempt: note.attempt, until: time + note.delay, reason: note.reason };
        this.#change(path, { status: "retrying", retry });
        return;
      }
    }
  }

  #change(path: string, change: Partial<RailEntry>): void {
    const entry = this.#entries.get(path);
    if (entry === undefined || entry.endedAt !== undefined) return;
    const { retry: _, ...rest } = entry;
    this.#entries.set(path, change.status === "running" ? { ...rest, ...change } : { ...entry, ...change });
  }

  #spend(path: string, tokens: number, isEstimated?: true): void {
    this.state = { ...this.state, tokens: this.state.tokens + tokens };
    let entry = this.#entries.get(path);
    while (entry !== undefined) {
      this.#entries.set(entry.path, {
        ...entry,
        tokens: entry.tokens + tokens,
        ...(isEstimated && { isEstimated }),
      });
      entry = entry.parent === undefined ? undefined : this.#entries.get(entry.parent);
    }
  }

  #remove(entry: RailEntry): void {
    this.#entries.delete(entry.path);
    if (entry.kind !== "runnable") this.#removeInside(entry.path);
  }

  #removeInside(path: string): void {
    for (const key of this.#entries.keys())
      if (key.startsWith(`${path}/`) || key.startsWith(`${path}[`)) this.#entries.delete(key);
  }
}
