/**
 * What an agent does, as one stream:
 *
 *     agent.started
 *       agent.guardrail *                one tripped; also around tools and answers
 *       agent.turn.started               one model call and its tools
 *         agent.compacted                the model sees less than was said
 *         agent.model *                  the model's own events, as they come
 *         agent.retrying *               a failed call that is made again, before any output
 *         agent.message                  the assistant message, whole
 *         tool.approval *                asked, then approved or denied
 *         tool.deferred *                the caller runs it
 *         tool.started  tool.progress *  tool.completed        per call; results in call order
 *         tool.question *                asked by the tool in the middle of its call, then answered
 *         agent.nested *                 what an agent that is a tool does, as its own events
 *         agent.message                  the tool message, if tools ran
 *       agent.turn.completed
 *       agent.handoff                    another agent goes on; `agent` of later events is the new one
 *     agent.completed                    exactly once, last
 */
import { type Channel, channel, type Json } from "@orch/core";
import type { GuardrailStop } from "./guardrail.ts";
import type { Message, ToolResultPart } from "./message.ts";
import type { ModelEvent, ModelFailure, Usage } from "./model.ts";
import type { StopReason } from "./result.ts";

/** What model calls used. `model` is the one that answered; `cost` in US dollars, absent when unknown. */
export interface Spent {
  readonly usage: Usage;
  readonly model: string;
  readonly cost?: number;
}

/** What every event of an agent says. */
export interface AgentEventBase {
  /** The agent's name. */
  readonly agent: string;
  /** From 1. */
  readonly turn: number;
}

/** What happens in the run of an agent, discriminated by `type`. */
export type AgentEvent = AgentEventBase &
  (
    | { readonly type: "agent.started"; readonly model: string }
    | { readonly type: "agent.turn.started" }
    | { readonly type: "agent.model"; readonly event: ModelEvent }
    | {
        readonly type: "agent.retrying";
        readonly attempt: number;
        readonly delay: number;
        readonly failure: ModelFailure;
      }
    | { readonly type: "agent.message"; readonly message: Message }
    /** A person is asked about a call, and has decided. `input` of an approval are the arguments that run. A denied call never starts. */
    | {
        readonly type: "tool.approval";
        readonly id: string;
        readonly name: string;
        readonly input: Json;
        readonly status: "asked" | "approved" | "denied";
        readonly reason?: string;
      }
    | { readonly type: "tool.started"; readonly id: string; readonly name: string; readonly input: Json }
    | { readonly type: "tool.progress"; readonly id: string; readonly name: string; readonly data: unknown }
    /** A tool asks a person in the middle of its call, and has its answer; `left` where the call ended without one. */
    | {
        readonly type: "tool.question";
        readonly id: string;
        readonly name: string;
        readonly prompt: unknown;
        readonly status: "asked" | "answered" | "left";
      }
    /** `duration` is in milliseconds. A call that could not start (unknown tool, bad arguments, denied) completes too. */
    | {
        readonly type: "tool.completed";
        readonly id: string;
        readonly name: string;
        readonly result: ToolResultPart;
        readonly duration: number;
        /** Set when the tool ran before, in an earlier try of this run, and is not run again. */
        readonly replayed?: true;
      }
    /** The call belongs to a tool that is run outside; it waits for a result. */
    | { readonly type: "tool.deferred"; readonly id: string; readonly name: string; readonly input: Json }
    /** A guardrail tripped: the run stops, or the model is told. `id` is the tool call it is about. */
    | ({
        readonly type: "agent.guardrail";
        readonly action: "stop" | "tell";
        readonly id?: string;
      } & GuardrailStop)
    /** The conversation goes to another agent. */
    | { readonly type: "agent.handoff"; readonly from: string; readonly to: string }
    /** `prepare` leaves something out: how many messages there are, and how many the model sees. Usage, where it called a model. */
    | ({ readonly type: "agent.compacted"; readonly from: number; readonly to: number } & Partial<Spent>)
    /** `path` names the tool calls that lead to the inner agent, outermost first, like `call_1/call_4`. */
    | { readonly type: "agent.nested"; readonly path: string; readonly event: AgentEvent }
    /** The turn has ended, with the usage of its model call. */
    | ({
        readonly type: "agent.turn.completed";
        /** Set when the model was called before, in an earlier try of this run, and is not paid again. */
        readonly replayed?: true;
      } & Spent)
    | { readonly type: "agent.warning"; readonly warning: string }
    | { readonly type: "agent.completed"; readonly stopReason: StopReason; readonly usage: Usage }
  );

/**
 * The channel on which an agent's state sends what the agent does. Text that its model writes is not on it: the state
 * says that on `speech` of `@orch/core`, so that each piece of text travels once.
 */
export const agentEvents: Channel<AgentEvent> = /* @__PURE__ */ channel("agent");

type EventBody<TEvent> = TEvent extends unknown ? Omit<TEvent, keyof AgentEventBase> : never;

/** Takes events of a run that no reader wants; what is only for events need not be made then. */
export const unheard = (): void => {};

/** Emits an event. The emitter adds the agent's name and the turn. */
export type EmitEvent = (event: EventBody<AgentEvent>) => void;
