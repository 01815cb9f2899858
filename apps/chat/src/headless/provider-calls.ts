/** What providers did by themselves in a turn, for the object that a script reads. */
import { type AgentEvent, agentEvents, type Citation, type ProviderCallPart } from "@orch/agents";
import type { ChatEvent } from "@orch/chat-runtime";
import type { Json } from "@orch/core";

/** A call of a tool that ran at the provider: a search of the web, code, and the like. */
export interface ProviderCall {
  /** The activation whose agent it is, and the calls that lead to an agent that is a tool. */
  readonly path: string;
  readonly id: string;
  /** The provider's name of the tool, like `web_search`. */
  readonly name: string;
  /** `running` where the message ended before the result came. */
  readonly status: ProviderCallPart["status"];
  readonly input?: Json;
  /** What it gave, in short, or what went wrong. */
  readonly output?: string;
  /** What it found. */
  readonly sources?: readonly Citation[];
}

/** The calls of a turn, in the order of their messages. A message that is told once more changes nothing. */
export class ProviderCalls {
  readonly #calls = new Map<string, ProviderCall>();

  get all(): readonly ProviderCall[] {
    return [...this.#calls.values()];
  }

  take(event: ChatEvent): void {
    if (event.type !== "state.output") return;
    let told: AgentEvent | undefined = agentEvents.of(event);
    let path = event.path;
    while (told?.type === "agent.nested") {
      path += `/${told.path}`;
      told = told.event;
    }
    if (told?.type !== "agent.message" || told.message.role !== "assistant") return;
    for (const part of told.message.content)
      if (part.type === "provider-call") this.#calls.set(`${path} ${part.id}`, callOf(part, path));
  }
}

/** The call without what only its provider can read. */
function callOf({ id, name, status, input, output, sources }: ProviderCallPart, path: string): ProviderCall {
  return {
    path,
    id,
    name,
    status,
    ...(input !== undefined && { input }),
    ...(output !== undefined && { output }),
    ...(sources !== undefined && { sources }),
  };
}
