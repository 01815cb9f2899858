/** The spans of one run of an orchestration: the run, its states, and the agents in them. */
import type { Context } from "@opentelemetry/api";
import { type EventError, type EventOf, type OrchestrationEvent, speech } from "@orch/core";
import { addCost } from "../../model/usage.ts";
import { type AgentEvent, agentEvents } from "../../words/events.ts";
import { estimatedIn } from "../estimated-in.ts";
import { AgentTrace } from "./agent-trace.ts";
import { ATTR, OPERATION } from "./conventions.ts";
import type { OpenSpan, SpanKit } from "./span-kit.ts";

/** What takes no time of its own. */
type Moment = EventOf<
  | `question.${"asked" | "answered"}`
  | `run.${"paused" | "continued" | "waiting"}`
  | `state.${"waiting" | "retrying" | "skipped" | "transition"}`
  | "signal.received"
>;

/** Follows the events of one run. Parents are found by path, so branches side by side never mix. */
export class RunTrace {
  readonly #kit: SpanKit;
  readonly #root: OpenSpan;
  readonly #states: Map<string, OpenSpan> = new Map();
  /** States that have ended, whose branches go on in the background. */
  readonly #left: Map<string, OpenSpan> = new Map();
  readonly #agents: Map<string, AgentTrace[]> = new Map();
  #tokens = { input: 0, output: 0 };
  /** Unknown once any part of it is. */
  #cost: number | undefined = 0;
  #estimated = false;

  constructor(
    kit: SpanKit,
    parent: Context,
    { orchestration, runId, path, time, input }: EventOf<"run.started">,
  ) {
    this.#kit = kit;
    this.#root = kit.start(`${OPERATION.workflow} ${orchestration}`, parent, time, {
      [ATTR.operation]: OPERATION.workflow,
      [ATTR.workflow]: orchestration,
      [ATTR.runId]: runId,
      [ATTR.path]: path,
      ...kit.said(ATTR.input, input),
    });
  }

  /** Gives true when the run is over. */
  on(event: OrchestrationEvent): boolean {
    switch (event.type) {
      case "run.completed":
      case "run.failed":
      case "run.cancelled":
      case "run.suspended":
        this.#end(event);
        return true;
      case "state.started":
        this.#begin(event);
        break;
      case "state.completed":
      case "state.failed":
        this.#finish(event);
        break;
      case "state.output":
        this.#output(event);
        break;
      case "state.usage":
        this.#spend(event);
        break;
      case "run.started":
      case "run.retried":
      case "events.missed":
      // It is about another run, which never began because this one has its id.
      case "run.refused":
        break;
      default:
        this.#mark(event);
    }
    return false;
  }

  /** Writes down what takes no time of its own, in the span that it belongs to. */
  #mark(event: Moment): void {
    const { time } = event;
    switch (event.type) {
      case "run.paused":
      case "run.continued":
      case "run.waiting":
        this.#kit.event(this.#root, event.type.slice("run.".length), time, {});
        return;
      case "signal.received": {
        const { signal, number, value } = event;
        const came = { [ATTR.signal]: signal, [ATTR.number]: number, ...this.#kit.said(ATTR.value, value) };
        this.#kit.event(this.#root, "signal", time, came);
        return;
      }
      case "state.waiting": {
        const { path, signal, condition, timeout } = event;
        this.#kit.event(this.#at(path), "waiting", time, {
          ...(signal !== undefined && { [ATTR.signal]: signal }),
          ...(condition !== undefined && { [ATTR.condition]: true }),
          ...(timeout !== undefined && { [ATTR.timeout]: timeout }),
        });
        return;
      }
      case "question.asked":
      case "question.answered": {
        const name = event.type === "question.asked" ? "question" : "answer";
        this.#kit.event(this.#at(event.path), name, time, { [ATTR.question]: event.question });
        return;
      }
      case "state.retrying":
        this.#kit.event(this.#at(event.path), "retry", time, {
          [ATTR.attempt]: event.attempt,
          [ATTR.delay]: event.delay,
          [ATTR.errorType]: typeOf(event.error),
        });
        return;
      case "state.skipped":
        this.#kit.event(this.#around(event.path), "skipped", time, { [ATTR.state]: event.state });
        return;
      case "state.transition": {
        const { from, to, cause, added } = event;
        this.#kit.event(this.#around(event.path), "transition", time, {
          ...{ [ATTR.from]: from, [ATTR.to]: to, [ATTR.cause]: cause },
          ...(added && { [ATTR.dossier]: added.dossier, ...this.#kit.said(ATTR.added, added.fields) }),
        });
      }
    }
  }

  #begin({ path, state, visit, kind, branches, input, time }: EventOf<"state.started">): void {
    const around = this.#around(path, this.#left).context;
    const span = this.#kit.start(`state ${state}`, around, time, {
      [ATTR.state]: state,
      [ATTR.path]: path,
      [ATTR.visit]: visit,
      [ATTR.kind]: kind,
      ...(branches !== undefined && { [ATTR.branches]: branches }),
      ...this.#kit.said(ATTR.input, input),
    });
    this.#states.set(path, span);
  }

  #finish(event: EventOf<"state.completed"> | EventOf<"state.failed">): void {
    const { path, time } = event;
    for (const trace of this.#agents.get(path) ?? []) trace.end(time);
    this.#agents.delete(path);
    const open = this.#states.get(path);
    if (open === undefined) return;
    this.#states.delete(path);
    if (event.type === "state.completed") {
      const { output, background } = event;
      open.span.setAttributes(this.#kit.said(ATTR.output, output));
      if (background !== undefined) {
        open.span.setAttribute(ATTR.background, background);
        this.#left.set(path, open);
      }
    } else if (event.cancelled) open.span.setAttribute(ATTR.cancelled, true);
    else this.#kit.fail(open, typeOf(event.error), event.error.message);
    this.#kit.end(open, time);
  }

  #output(event: EventOf<"state.output">): void {
    const said = agentEvents.of(event);
    if (said !== undefined) this.#agent(event.path, said, event.time);
    else if (speech.of(event) !== undefined) {
      for (const trace of this.#agents.get(event.path) ?? []) trace.spoke(event.time);
    }
  }

  #agent(path: string, event: AgentEvent, time: number): void {
    if (estimatedIn(event).length > 0) this.#estimated = true;
    const traces = this.#agents.get(path) ?? [];
    this.#agents.set(path, traces);
    let trace = traces.find(({ acting }) => acting === event.agent);
    if (event.type === "agent.started") {
      trace = new AgentTrace(this.#kit, this.#at(path).context);
      traces.push(trace);
    }
    trace?.on(event, time);
  }

  #spend({ spending }: EventOf<"state.usage">): void {
    this.#tokens.input += spending.inputTokens ?? 0;
    this.#tokens.output += spending.outputTokens ?? 0;
    this.#cost = addCost(this.#cost, spending.cost);
  }

  #end(event: EventOf<"run.completed" | "run.failed" | "run.cancelled" | "run.suspended">): void {
    const { time } = event;
    for (const traces of this.#agents.values()) for (const trace of traces) trace.end(time);
    // What is innermost was started last.
    for (const open of [...this.#states.values()].reverse()) this.#kit.end(open, time);
    const { span } = this.#root;
    const { input, output } = this.#tokens;
    if (input + output > 0) {
      span.setAttributes({ [ATTR.inputTokens]: input, [ATTR.outputTokens]: output });
      if (this.#cost !== undefined) span.setAttribute(ATTR.cost, this.#cost);
      if (this.#estimated) span.setAttribute(ATTR.estimated, true);
    }
    if (event.type === "run.completed") span.setAttributes(this.#kit.said(ATTR.output, event.output));
    else if (event.type === "run.cancelled") span.setAttribute(ATTR.cancelled, true);
    else this.#kit.fail(this.#root, typeOf(event.error), event.error.message);
    this.#kit.end(this.#root, time);
  }

  /** The state of this path, or what is around it. */
  #at(path: string): OpenSpan {
    return this.#states.get(path) ?? this.#around(path);
  }

  /**
   * The span of the enclosing activation. `research/searchAll#1` encloses `research/searchAll#1[2]/search#1`. What begins in the
   * background stands under a span that has ended, which takes no moments any more.
   */
  #around(path: string, left?: ReadonlyMap<string, OpenSpan>): OpenSpan {
    for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
      const holder = path.slice(0, at);
      const fan = withoutBranch(holder);
      const open = this.#states.get(holder) ?? this.#states.get(fan) ?? left?.get(fan);
      if (open !== undefined) return open;
    }
    return this.#root;
  }
}

function withoutBranch(path: string): string {
  return path.endsWith("]") ? path.slice(0, path.lastIndexOf("[")) : path;
}

function typeOf({ code, name }: EventError): string {
  return code ?? name;
}
