/**
 * What an agent does, as one stream:
 *
 *     agent.started
 *       agent.turn.started               one model call and its tools
 *         agent.model *                  the model's own events, as they come
 *         agent.retrying *               a failed call that is made again, before any output
 *         agent.message                  the assistant message, whole
 *         tool.approval *                asked, then approved or denied
 *         tool.started  tool.progress *  tool.completed        per call; results in call order
 *         agent.message                  the tool message, if tools ran
 *       agent.turn.completed
 *     agent.completed                    exactly once, last
 */
import type { Json } from "@orch/core";
import type { Message, ToolResultPart } from "./message.ts";
import type { ModelEvent, ModelFailure, Usage } from "./model.ts";
import type { StopReason } from "./result.ts";

interface Base {
  /** The agent's name. */
  readonly agent: string;
  /** From 1. */
  readonly turn: number;
}

export type AgentEvent = Base &
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
    /** A person is asked about a call, and what was said. A call that is denied never starts. */
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
    /** `duration` is in milliseconds. A call that could not start (unknown tool, bad arguments, denied) completes too. */
    | {
        readonly type: "tool.completed";
        readonly id: string;
        readonly name: string;
        readonly result: ToolResultPart;
        readonly duration: number;
      }
    /** What one model call used. `model` is the one that answered; `cost` in US dollars, absent when unknown. */
    | {
        readonly type: "agent.turn.completed";
        readonly usage: Usage;
        readonly model: string;
        readonly cost?: number;
      }
    | { readonly type: "agent.warning"; readonly warning: string }
    | { readonly type: "agent.completed"; readonly stopReason: StopReason; readonly usage: Usage }
  );

type EventBody<TEvent> = TEvent extends unknown ? Omit<TEvent, keyof Base> : never;

/** Sends an event on; who runs and which turn it is are filled in on the way. */
export type EmitEvent = (event: EventBody<AgentEvent>) => void;
