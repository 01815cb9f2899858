/** The spans of one run of an agent: the agent, its model calls, its tools, and the agents that are tools. */
import type { Attributes, Context } from "@opentelemetry/api";
import { addCost } from "../../model/usage.ts";
import type { AgentEvent } from "../../words/events.ts";
import type { AssistantMessage, AssistantPart } from "../../words/message.ts";
import type { FinishEvent, Usage } from "../../words/model.ts";
import { ATTR, OPERATION } from "./conventions.ts";
import { ProviderCallTrace } from "./provider-call-trace.ts";
import type { OpenSpan, SpanKit } from "./span-kit.ts";

/** How a run may stop without having failed. */
const FINE: ReadonlySet<string> = new Set(["done", "needs-approval", "refusal", "guardrail", "aborted"]);

type EventOf<TType extends AgentEvent["type"]> = Extract<AgentEvent, { readonly type: TType }>;

/** Follows the events of one run, in their order. */
export class AgentTrace {
  readonly #kit: SpanKit;
  readonly #parent: Context;
  readonly #tools: Map<string, OpenSpan> = new Map();
  readonly #nested: Map<string, AgentTrace> = new Map();
  #name = "";
  #model = "";
  #agent: OpenSpan | undefined;
  #call: (OpenSpan & { readonly began: number; spoke: boolean }) | undefined;
  readonly #atProvider: ProviderCallTrace;
  #failure: string | undefined;
  /** Unknown once the price of any call is. */
  #cost: number | undefined = 0;

  constructor(kit: SpanKit, parent: Context) {
    this.#kit = kit;
    this.#atProvider = new ProviderCallTrace(kit);
    this.#parent = parent;
  }

  /** The agent that acts now, while the run is open. */
  get acting(): string | undefined {
    return this.#agent === undefined ? undefined : this.#name;
  }

  on(event: AgentEvent, time: number): void {
    if (event.type === "agent.nested") this.#inside(event, time);
    else if (event.type === "agent.started") {
      this.#model = event.model;
      this.#enter(event.agent, time);
    } else if (this.#agent !== undefined) this.#goOn(this.#agent, event, time);
  }

  #goOn(agent: OpenSpan, event: AgentEvent, time: number): void {
    switch (event.type) {
      case "agent.turn.started":
        this.#beginCall(agent, time);
        break;
      case "agent.model":
        this.#heard(event, time);
        break;
      case "agent.turn.completed":
        this.#endTurn(event, time);
        break;
      case "agent.handoff":
        this.#note(event, time);
        this.#leave(time);
        this.#enter(event.to, time);
        break;
      case "agent.completed":
        this.#complete(agent, event, time);
        break;
      case "tool.started":
        this.#beginTool(agent, event, time);
        break;
      case "tool.completed":
        this.#endTool(agent, event, time);
        break;
      default:
        this.#note(event, time);
    }
  }

  /** Ends what is still open, when the events stop before the run did. */
  end(time: number): void {
    for (const trace of this.#nested.values()) trace.end(time);
    this.#nested.clear();
    this.#leave(time);
  }

  #enter(name: string, time: number): void {
    this.#name = name;
    const attributes = { [ATTR.operation]: OPERATION.agent, [ATTR.agent]: name, ...modelOf(this.#model) };
    this.#agent = this.#kit.start(`${OPERATION.agent} ${name}`, this.#parent, time, attributes);
  }

  #leave(time: number): void {
    for (const tool of this.#tools.values()) this.#kit.end(tool, time);
    this.#tools.clear();
    this.#atProvider.endAll(time);
    if (this.#call !== undefined) this.#kit.end(this.#call, time);
    this.#call = undefined;
    if (this.#agent !== undefined) this.#kit.end(this.#agent, time);
    this.#agent = undefined;
  }

  /** What happens at one moment becomes an event of the model call, if one is open, else of the agent. */
  #note(event: AgentEvent, time: number): void {
    const open = this.#call ?? this.#agent;
    const noted = this.#notable(event);
    if (open !== undefined && noted !== undefined) this.#kit.event(open, noted[0], time, noted[1]);
  }

  #notable(event: AgentEvent): readonly [string, Attributes] | undefined {
    switch (event.type) {
      case "agent.retrying": {
        const { attempt, delay, failure } = event;
        return ["retry", { [ATTR.attempt]: attempt, [ATTR.delay]: delay, [ATTR.errorType]: failure.kind }];
      }
      case "agent.handoff":
        return ["handoff", { [ATTR.from]: event.from, [ATTR.to]: event.to }];
      case "agent.compacted":
        return ["compacted", { [ATTR.from]: event.from, [ATTR.to]: event.to }];
      case "agent.guardrail":
        return ["guardrail", { [ATTR.status]: event.action }];
      case "agent.warning":
        return ["warning", this.#kit.said(ATTR.text, event.warning)];
      case "tool.approval":
        return ["approval", { [ATTR.tool]: event.name, [ATTR.status]: event.status }];
      case "tool.question":
        return ["question", { [ATTR.tool]: event.name, [ATTR.status]: event.status }];
      case "tool.deferred":
        return ["deferred", { [ATTR.tool]: event.name }];
      default:
        return undefined;
    }
  }

  #beginCall(agent: OpenSpan, time: number): void {
    const model = modelOf(this.#model);
    const attributes = { [ATTR.operation]: OPERATION.chat, [ATTR.requestStream]: true, ...model };
    const name = `${OPERATION.chat} ${model[ATTR.requestModel] ?? ""}`.trim();
    this.#call = {
      ...this.#kit.start(name, agent.context, time, attributes, "client"),
      began: time,
      spoke: false,
    };
  }

  #heard({ event }: EventOf<"agent.model">, time: number): void {
    const call = this.#call;
    if (call === undefined) return;
    if (event.type === "finish") {
      this.#endCall(call, event, time);
      return;
    }
    if (event.type === "provider-call") this.#atProvider.begin(call, event, time);
    if (event.type === "part" && event.part.type === "provider-call")
      this.#atProvider.end(call, event.part, time);
    if (event.type === "text" || event.type === "reasoning" || event.type === "tool-input") this.spoke(time);
  }

  /** The model of the call under way, if there is one, wrote something. */
  spoke(time: number): void {
    const call = this.#call;
    if (call === undefined || call.spoke) return;
    call.spoke = true;
    call.span.setAttribute(ATTR.firstChunk, Math.max(0, time - call.began) / 1_000);
  }

  #endCall(call: OpenSpan, { message, usage }: FinishEvent, time: number): void {
    this.#atProvider.endAll(time);
    const { origin, finish } = message;
    call.span.setAttributes({
      [ATTR.provider]: origin.provider,
      [ATTR.responseModel]: origin.model,
      [ATTR.finishReasons]: [finish.reason],
      ...usageOf(usage),
      ...this.#kit.said(ATTR.outputMessages, [messageOf(message)]),
    });
    const { error } = finish;
    this.#failure = error?.kind;
    if (finish.reason === "aborted") call.span.setAttribute(ATTR.cancelled, true);
    else if (error !== undefined) {
      const status = error.status === undefined ? "" : ` (${error.status})`;
      this.#kit.fail(call, `${error.kind}${status}`, error.message);
      call.span.setAttribute(ATTR.errorType, error.kind);
    }
    this.#kit.end(call, time);
    this.#call = undefined;
  }

  /** A model that was called in an earlier try is not called, and its span has no end of its own. */
  #endTurn({ replayed, cost }: EventOf<"agent.turn.completed">, time: number): void {
    if (!replayed) this.#cost = addCost(this.#cost, cost);
    if (this.#call === undefined) return;
    if (replayed) this.#call.span.setAttribute(ATTR.replayed, true);
    this.#kit.end(this.#call, time);
    this.#call = undefined;
  }

  #beginTool(agent: OpenSpan, { id, name, input }: EventOf<"tool.started">, time: number): void {
    this.#tools.set(
      id,
      this.#kit.start(`${OPERATION.tool} ${name}`, agent.context, time, {
        [ATTR.operation]: OPERATION.tool,
        [ATTR.tool]: name,
        [ATTR.toolCallId]: id,
        [ATTR.toolType]: "function",
        ...this.#kit.said(ATTR.toolArguments, input),
      }),
    );
  }

  /** A call that could not start has a span without length. */
  #endTool(agent: OpenSpan, event: EventOf<"tool.completed">, time: number): void {
    const { id, name, result, replayed } = event;
    if (!this.#tools.has(id)) this.#beginTool(agent, { ...event, type: "tool.started", input: null }, time);
    const open = this.#tools.get(id)!;
    this.#tools.delete(id);
    open.span.setAttributes({
      ...(replayed && { [ATTR.replayed]: true }),
      ...(result.denied && { [ATTR.denied]: true }),
      ...this.#kit.said(ATTR.toolResult, result.output),
    });
    if (result.isError && !result.denied) {
      const says = typeof result.output === "string" ? result.output : `The tool ${name} failed.`;
      this.#kit.fail(open, "tool_error", says);
    }
    this.#kit.end(open, time);
  }

  #complete(agent: OpenSpan, { stopReason, usage }: EventOf<"agent.completed">, time: number): void {
    agent.span.setAttributes({
      [ATTR.stopReason]: stopReason,
      ...usageOf(usage),
      ...(this.#cost !== undefined && { [ATTR.cost]: this.#cost }),
    });
    if (!FINE.has(stopReason)) this.#kit.fail(agent, this.#failure ?? stopReason, undefined);
    this.end(time);
  }

  /** The events of an agent that is a tool stand under the call that leads to it. */
  #inside({ path, event }: EventOf<"agent.nested">, time: number): void {
    const [first = "", ...rest] = path.split("/");
    let trace = this.#nested.get(first);
    if (trace === undefined || (rest.length === 0 && event.type === "agent.started")) {
      trace = new AgentTrace(this.#kit, (this.#tools.get(first) ?? this.#agent)?.context ?? this.#parent);
      this.#nested.set(first, trace);
    }
    trace.on(
      rest.length === 0 ? event : { ...event, type: "agent.nested", path: rest.join("/"), event },
      time,
    );
  }
}

/** `provider/model` in its two parts. */
function modelOf(name: string): { readonly [key: string]: string } {
  const slash = name.indexOf("/");
  if (slash < 0) return {};
  return { [ATTR.provider]: name.slice(0, slash), [ATTR.requestModel]: name.slice(slash + 1) };
}

/** Tokens as the conventions count them: totals are inclusive, as ours are. */
export function usageOf(usage: Usage): Attributes {
  return {
    [ATTR.inputTokens]: usage.input,
    [ATTR.outputTokens]: usage.output,
    ...(usage.cacheRead !== undefined && { [ATTR.cacheRead]: usage.cacheRead }),
    ...(usage.cacheWrite !== undefined && { [ATTR.cacheWrite]: usage.cacheWrite }),
    ...(usage.reasoning !== undefined && { [ATTR.reasoning]: usage.reasoning }),
    ...(usage.estimated && { [ATTR.estimated]: true }),
  };
}

/** A message in the form that the conventions give it. */
function messageOf({ content, finish }: AssistantMessage): unknown {
  return { role: "assistant", parts: content.map(partOf), finish_reason: finish.reason };
}

function partOf(part: AssistantPart): unknown {
  switch (part.type) {
    case "text":
    case "reasoning":
    case "refusal":
      return { type: part.type, content: part.text };
    case "tool-call":
      return { type: "tool_call", id: part.id, name: part.name, arguments: part.input ?? part.rawInput };
    case "provider-call":
      return { type: "server_tool_call", id: part.id, name: part.name, server_tool_call: part.input ?? null };
    case "file":
      return { type: "file", mime_type: part.mediaType };
  }
}
