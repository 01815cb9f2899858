/** The events of a run as they may leave the process: what is sent to a browser is chosen, and each text is sent once. */
import type { Json, OrchestrationEvent } from "@orch/core";
import { canonical } from "../../platform/canonical.ts";
import { plainJson } from "../../platform/plain-json.ts";
import { sha256 } from "../../platform/sha256.ts";
import { type AgentEvent, agentEvents } from "../../words/events.ts";

/**
 * Gives the events of a run without what is only for its own process: no data of a provider (signatures, encrypted
 * reasoning), no usage, no input of a state, and of an agent's answer the pieces as they come (`speech`) and the whole
 * once, as the output of its state. An output that was told before, as that of the run often is, is left out of its event.
 *
 * @example
 * ```ts
 * for await (const event of publicEvents(run.events())) response.write(`data: ${JSON.stringify(event)}\n\n`);
 * ```
 */
export async function* publicEvents(
  events: AsyncIterable<OrchestrationEvent>,
): AsyncGenerator<OrchestrationEvent, void, undefined> {
  const told = new ToldValues();
  for await (const event of events) {
    const shown = shownOf(event, told);
    if (shown !== undefined) yield shown;
  }
}

function shownOf(event: OrchestrationEvent, told: ToldValues): OrchestrationEvent | undefined {
  switch (event.type) {
    case "state.usage":
      return undefined;
    case "state.output": {
      const agent = agentEvents.of(event);
      if (agent === undefined) return withoutOpaque(event);
      const data = agentShown(agent);
      return data && { ...event, data: withoutOpaque(data) };
    }
    case "run.started":
    case "state.started":
      return { ...event, input: undefined };
    case "state.completed":
    case "run.completed": {
      const output = withoutOpaque(event.output);
      return { ...event, output: told.add(output) ? output : undefined };
    }
    default:
      return withoutOpaque(event);
  }
}

/** The text of a model comes on `speech`, and whole as the output of the state. */
function agentShown(event: AgentEvent): AgentEvent | undefined {
  if (event.type === "agent.model" || event.type === "agent.message") return undefined;
  if (event.type !== "agent.nested") return event;
  const inner = agentShown(event.event);
  return inner && { ...event, event: inner };
}

/** Copies plain data without the fields named `opaque`; what is no object stays as it is. */
function withoutOpaque<TValue>(value: TValue): TValue {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutOpaque) as TValue;
  const kept = Object.entries(value).filter(([key]) => key !== "opaque");
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutOpaque(item)])) as TValue;
}

/** The outputs that were told, by their hashes: a long run holds none of their texts. */
class ToldValues {
  readonly #hashes = new Set<string>();

  /** Whether a value is new; one that is put together from what was told, as that of a fan-out, is not. */
  add(value: unknown): boolean {
    const json = plainJson(value);
    if (json === undefined) return true;
    const known = this.#has(json);
    this.#hashes.add(hashOf(json));
    return !known;
  }

  #has(json: Json): boolean {
    if (this.#hashes.has(hashOf(json))) return true;
    if (typeof json !== "object" || json === null) return false;
    const inner = Object.values(json);
    return inner.length > 0 && inner.every((item) => this.#hashes.has(hashOf(item)));
  }
}

function hashOf(json: Json): string {
  return sha256(canonical(json));
}
