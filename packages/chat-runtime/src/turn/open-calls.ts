/** The model calls of a turn that are on their way, by the events of its agents. */
import { type AgentEvent, agentEvents } from "@orch/agents";
import type { OrchestrationEvent } from "@orch/core";

/** Counts calls that were stopped, as by a timeout or a lost race: nobody is told what they used. */
export class OpenCalls {
  /** The paths of their states, by state and agent. */
  readonly #open = new Map<string, string>();
  #stopped = 0;

  /** How many are on their way. */
  get going(): number {
    return this.#open.size;
  }

  /** How many were stopped. */
  get stopped(): number {
    return this.#stopped;
  }

  hear(event: OrchestrationEvent): void {
    switch (event.type) {
      case "state.output": {
        const said = agentEvents.of(event);
        if (said !== undefined) this.#told(event.path, "", said);
        break;
      }
      case "state.retrying":
      case "state.completed":
      case "state.failed":
        if (this.#open.size > 0) this.#stop(event.path);
        break;
      default:
    }
  }

  #told(path: string, place: string, said: AgentEvent): void {
    switch (said.type) {
      case "agent.nested":
        this.#told(path, said.path, said.event);
        break;
      case "agent.turn.started":
        this.#open.set(`${path} ${place}`, path);
        break;
      case "agent.message":
        // A tool message follows the message of a model.
        if (said.message.role === "assistant") this.#open.delete(`${path} ${place}`);
        break;
      case "agent.turn.completed":
      case "agent.completed":
        this.#open.delete(`${path} ${place}`);
        break;
      default:
    }
  }

  #stop(path: string): void {
    for (const [call, of] of this.#open)
      if (of === path) {
        this.#open.delete(call);
        this.#stopped += 1;
      }
  }
}
