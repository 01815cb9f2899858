/** What a structured answer says so far, while it is being written. */
import type { Json } from "@orch/core";
import { GrowingJson } from "../../platform/growing-json.ts";
import type { AgentEvent } from "../../words/events.ts";
import type { ModelEvent } from "../../words/model.ts";

/** The tool that is the answer where a model cannot be given a schema otherwise. */
const ANSWER_TOOL = /^final_answer_*$/;

/**
 * Reads a structured answer while an agent writes it. What it gives is for showing only: it was not held against the schema, and the
 * agent may be asked to write it again. The answer itself is the run's `output`.
 *
 * @example
 * ```ts
 * const reader = new OutputSoFar();
 * for await (const event of streamAgent(writer, "a poem")) {
 *   const sofar = reader.hear(event);
 *   if (sofar !== undefined) show(sofar);
 * }
 * ```
 */
export class OutputSoFar {
  #json = new GrowingJson();
  #turn = 0;

  /** Hears an event of the agent. Gives the value so far where the event changed it. */
  hear(event: AgentEvent): Json | undefined {
    if (event.turn !== this.#turn || event.type === "agent.retrying") {
      this.#turn = event.turn;
      this.#json = new GrowingJson();
    }
    return event.type === "agent.model" ? this.add(pieceOf(event.event)) : undefined;
  }

  /** Hears a piece of text, where the agent is a state and its text travels on `speech`. */
  add(piece: string): Json | undefined {
    return this.#json.add(piece) ? this.#json.value() : undefined;
  }
}

function pieceOf(event: ModelEvent): string {
  if (event.type === "text") return event.delta;
  return event.type === "tool-input" && ANSWER_TOOL.test(event.name) ? event.delta : "";
}
