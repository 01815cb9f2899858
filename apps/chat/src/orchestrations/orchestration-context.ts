/** The arguments and the result of the function that an orchestration file exports. */
import type { Model } from "@orch/agents";
import type { RuntimeConfiguration } from "@orch/chat-runtime";
import type { Clock } from "@orch/core";

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

/** Makes the orchestration or configuration that answers messages: the default export of an orchestration file. */
export type OrchestrationFactory = (
  context: OrchestrationContext,
) => RuntimeConfiguration | Promise<RuntimeConfiguration>;
