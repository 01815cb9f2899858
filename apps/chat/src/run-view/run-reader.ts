/**
 * Reads a run from its events, as they come. A run of the past is read from its kept events; one of this process has its
 * live output too: what was said, and the tool calls.
 */
import { agentEvents } from "@orch/agents";
import type { ChatEvent } from "@orch/chat-runtime";
import { type EventOf, type OrchestrationEvent, speech } from "@orch/core";
import { agentNote } from "../rail/agent-note.ts";
import type { RailStatus } from "../rail/rail-entry.ts";
import { laneOf } from "../rail/rail-lane.ts";
import { parentOf } from "../rail/rail-parents.ts";
import { callEventOf } from "../rail/tool-calls.ts";
import { cameText } from "../terminal/wait-text.ts";
import { CallReader } from "./call-reader.ts";
import { isTextEvent } from "./is-text-event.ts";
import type { KeptWork } from "./kept-work.ts";
import { type OpenRun, type OpenStep, openStep } from "./open-step.ts";
import { QuestionReader } from "./question-reader.ts";
import { IDLE_RUN, type RunRecord, type RunStep, type StateStep } from "./run-record.ts";

/** Characters that are kept of what one state said. */
const MAX_TEXT = 1_000_000;

/** The record of these events. */
export function readRun(events: Iterable<ChatEvent>): RunRecord {
  const reader = new RunReader();
  for (const event of events) reader.take(event);
  return reader.record;
}

/** Reads one run. */
export class RunReader {
  /** The kept events, for a replay and for an export, and what agents did. */
  readonly events: OrchestrationEvent[] = [];
  /** Of the latest kept event. */
  #seq = 0;
  readonly #steps: RunStep[] = [];
  readonly #states = new Map<string, OpenStep>();
  readonly #questions = new QuestionReader();
  readonly #calls = new CallReader((path) => this.#insideOf(path));
  #run: OpenRun = { ...IDLE_RUN };
  /** How long the run had ended before it was tried again, in milliseconds. */
  #rested = 0;

  /** The run as it was read so far. Its steps are those of the reader, and change with the next event. */
  get record(): RunRecord {
    const { waiting } = this.#questions;
    const { status } = this.#run;
    return {
      ...this.#run,
      status: status === "running" && waiting > 0 ? "waiting" : status,
      steps: this.#steps,
      waiting,
    };
  }

  /** Takes the next event. An event that it knows already changes nothing. */
  take(event: ChatEvent): void {
    if (event.type === "message.delta") {
      this.#say(event.path, event.text);
      return;
    }
    if (event.type.startsWith("turn.")) return;
    const told = event as OrchestrationEvent;
    const kept = !("part" in told);
    if (kept && told.seq <= this.#seq) return;
    if (kept) this.#seq = told.seq;
    if (kept || !isTextEvent(told)) this.events.push(told);
    this.#takeRun(told);
  }

  /** Takes what the journal of the run has of its agents' work, where no event told of it. */
  takeWork(work: readonly KeptWork[]): void {
    for (const { path, isEstimated } of work) if (isEstimated) this.#estimate(path);
    for (const { path, text, calls } of this.#calls.some ? [] : work) {
      const state = this.#states.get(path);
      if (state?.text === "") state.text = text.slice(0, MAX_TEXT);
      state?.inside.unshift(...calls);
    }
  }

  /** The path of the only state that the run entered, whose agent all messages of the turn are from. */
  get lonePath(): string | undefined {
    return this.#states.size === 1 ? [...this.#states.keys()][0] : undefined;
  }

  #takeRun(event: OrchestrationEvent): void {
    if (this.#run.status === "waiting" && !("part" in event)) this.#run.status = "running";
    switch (event.type) {
      case "run.started":
        this.#run = {
          ...this.#run,
          status: "running",
          runId: event.runId,
          orchestration: event.orchestration,
          input: event.input,
          startedAt: event.time,
        };
        return;
      case "run.completed":
        this.#end("done", event.duration, { output: { value: event.output } });
        return;
      case "run.failed":
        this.#end("failed", event.duration, { error: event.error });
        return;
      case "run.cancelled":
        this.#end("cancelled", event.duration, { reason: event.reason });
        return;
      case "run.refused":
        this.#end("failed", 0, { error: event.error });
        return;
      case "run.suspended":
        this.#run.status = "cancelled";
        this.#note(event, "this process let go of the run");
        return;
      case "run.retried": {
        const { duration: worked = 0, error: _, reason: __, ...run } = this.#run;
        this.#rested = Math.max(0, event.time - run.startedAt - worked);
        this.#run = { ...run, status: "running" };
        this.#note(event, "the run was tried again");
        return;
      }
      case "run.paused":
      case "signal.received":
        this.#note(event, event.type === "run.paused" ? `the run waits: ${event.reason}` : cameText(event));
        return;
      case "events.missed":
        this.#note(event, `events ${event.from} to ${event.to} are lost`);
        return;
      case "run.waiting":
        this.#run.status = "waiting";
        return;
      case "run.continued":
        return;
      default:
        this.#takeState(event);
    }
  }

  #takeState(event: Extract<OrchestrationEvent, { type: `state.${string}` | `question.${string}` }>): void {
    switch (event.type) {
      case "state.started":
        this.#start(event);
        return;
      case "state.completed":
        this.#endState(event, { status: "done", output: { value: event.output } });
        return;
      case "state.failed":
        this.#endState(event, { status: event.cancelled ? "cancelled" : "failed", error: event.error });
        return;
      case "state.retrying": {
        const { attempt, delay, error } = event;
        const state = this.#states.get(event.path);
        state?.attempts.push({ attempt, delay, error });
        if (state !== undefined) state.status = "retrying";
        if (state !== undefined && state.text !== "")
          state.text += `\n\n[attempt ${attempt} failed here]\n\n`;
        this.#calls.end(event.path, event.time);
        return;
      }
      case "state.skipped":
        this.#skip(event);
        return;
      case "state.transition":
        this.#move(event);
        return;
      case "state.output":
        this.#output(event);
        return;
      case "state.usage":
        this.#spend(event);
        return;
      case "state.waiting": {
        const state = this.#states.get(event.path);
        if (state !== undefined) Object.assign(state, { status: "waiting", wait: event });
        return;
      }
      case "question.asked":
        this.#status(event.path, "waiting");
        this.#questions.ask(event, this.#insideOf(event.path));
        return;
      case "question.answered":
        this.#questions.answer(event);
        this.#status(event.path, "running");
        return;
      default:
        event satisfies never;
    }
  }

  #start(event: EventOf<"state.started">): void {
    const { path } = event;
    const before = event.again === true ? this.#states.get(path) : undefined;
    if (before !== undefined) {
      before.status = "running";
      delete before.duration;
      delete before.error;
      return;
    }
    const parent = parentOf(this.#states, path);
    const step = openStep(event, parent);
    this.#states.set(path, step);
    this.#into(parent, step);
  }

  /** Lanes stand in the order of their keys in a list, and everything else as it came. */
  #into(parent: OpenStep | undefined, step: RunStep): void {
    const steps = parent?.inside ?? this.#steps;
    const lane = "lane" in step ? Number(step.lane) : Number.NaN;
    const after = steps.findIndex((other) => "lane" in other && Number(other.lane) > lane);
    if (after < 0) steps.push(step);
    else steps.splice(after, 0, step);
  }

  #endState(
    { path, time, duration }: EventOf<"state.completed"> | EventOf<"state.failed">,
    end: Pick<StateStep, "status" | "output" | "error">,
  ): void {
    this.#calls.end(path, time);
    const state = this.#states.get(path);
    if (state !== undefined) Object.assign(state, { ...end, duration });
    this.#questions.close(path);
  }

  #skip({ path, state, time }: EventOf<"state.skipped">): void {
    const parent = parentOf(this.#states, path);
    const lane = parent === undefined ? undefined : laneOf(path, parent);
    this.#into(parent, {
      type: "skip",
      key: `skip:${path}`,
      time,
      state,
      ...(lane !== undefined && { lane }),
    });
  }

  #move(event: EventOf<"state.transition">): void {
    const { path, seq, time, from, to, cause, advancers, error, added } = event;
    const step = { type: "move", key: `move:${seq}`, time, from, to, cause, advancers } as const;
    this.#into(parentOf(this.#states, path), { ...step, ...(error && { error }), ...(added && { added }) });
  }

  #output(event: EventOf<"state.output">): void {
    const text = speech.of(event);
    if (typeof text === "string") return void this.#say(event.path, text);
    const agent = agentEvents.of(event);
    const heard = agent === undefined ? undefined : callEventOf(agent);
    if (agentNote(event)?.type === "estimate") this.#estimate(event.path);
    if (heard !== undefined) this.#calls.take(heard, event.path, event.time);
  }

  #say(path: string, text: string): void {
    const state = this.#states.get(path);
    if (state === undefined || state.text.length >= MAX_TEXT) return;
    state.text += text.slice(0, MAX_TEXT - state.text.length);
    if (state.status === "retrying") state.status = "running";
  }

  #spend({ path, spending }: EventOf<"state.usage">): void {
    const tokens = (spending.inputTokens ?? 0) + (spending.outputTokens ?? 0);
    const cost = spending.cost ?? 0;
    this.#run.tokens += tokens;
    this.#run.cost += cost;
    if (spending.cost === undefined && tokens > 0) this.#run.unpriced++;
    let state = this.#states.get(path);
    if (state !== undefined && spending.model !== undefined && !state.models.includes(spending.model))
      state.models.push(spending.model);
    while (state !== undefined) {
      state.tokens += tokens;
      state.cost += cost;
      state = parentOf(this.#states, state.path);
    }
  }

  #estimate(path: string): void {
    this.#run.isEstimated = true;
    for (let state = this.#states.get(path); state !== undefined; state = parentOf(this.#states, state.path))
      state.isEstimated = true;
  }

  #status(path: string, status: RailStatus): void {
    const state = this.#states.get(path);
    if (state !== undefined) state.status = status;
  }

  #insideOf(path: string): RunStep[] {
    return this.#states.get(path)?.inside ?? this.#steps;
  }

  #note({ seq, time }: OrchestrationEvent, text: string): void {
    this.#steps.push({ type: "note", key: `note:${seq} ${this.#steps.length}`, time, text });
  }

  #end(status: RailStatus, duration: number, end: Pick<RunRecord, "output" | "error" | "reason">): void {
    this.#run = { ...this.#run, ...end, status, duration: Math.max(0, duration - this.#rested) };
    this.#questions.close();
  }
}
