/** What the chat can run: something that answers messages, drawn if it can be. */

import type { Model } from "@orch/agents";
import { textOf } from "@orch/agents";
import {
  type OrchestrationRuntimeOptions,
  orchestrationRuntime,
  type RuntimeConfiguration,
  type Turn,
} from "@orch/chat-runtime";
import type { Clock, Graph, Orchestration } from "@orch/core";

/** What an orchestration is made from. */
export interface OrchestrationContext {
  readonly model: Model;
  /** The folder that may be read. */
  readonly root: string;
  readonly clock: Clock;
  readonly limits: {
    /** Model calls that an agent may make for one message. */
    readonly maxTurns: number;
    /** Branches of a fan-out that run at once. */
    readonly concurrency: number;
  };
}

/** Something that answers messages. */
export interface ChatOrchestration extends RuntimeConfiguration {
  readonly graph: Graph;
  /** The same with a typed input in place of the message, for `orch run`. */
  readonly withInput?: (input: unknown) => RuntimeConfiguration;
}

/** Makes it: the default export of an orchestration's file. */
export type OrchestrationFactory = (
  context: OrchestrationContext,
) => ChatOrchestration | Promise<ChatOrchestration>;

/** Lets an orchestration answer messages. */
export function chatOrchestration<TInput, TOutput>(
  orchestration: Orchestration<TInput, TOutput>,
  options: OrchestrationRuntimeOptions<TInput, TOutput>,
): ChatOrchestration {
  const name = options.name ?? orchestration.id;
  return {
    ...orchestrationRuntime(orchestration, options),
    name,
    graph: orchestration.graph,
    withInput: (input) =>
      orchestrationRuntime(orchestration, { ...options, name, toInput: () => input as TInput }),
  };
}

/** An orchestration that nobody described further: it takes the message's text, and its output is shown as it is. */
export function plainOrchestration(orchestration: Orchestration<string, unknown>): ChatOrchestration {
  return chatOrchestration(orchestration, {
    toInput: ({ message }: Turn) => textOf(message),
    toMessage: (output) => (typeof output === "string" ? output : JSON.stringify(output, undefined, 2)),
  });
}

/** Draws what has no graph of its own as one state. */
export function singleState(configuration: RuntimeConfiguration): ChatOrchestration {
  const { name } = configuration;
  const node = { id: name, kind: "runnable", start: true, finish: true } as const;
  return { ...configuration, graph: { id: name, nodes: [node], edges: [] } };
}
