/** What happens in a turn, as updates for a client: text once, thoughts, tool calls, and the rail as a plan. */
import type { SessionUpdate } from "@agentclientprotocol/sdk";
import { type AskedCall, agentEvents, textOf } from "@orch/agents";
import type { ChatEvent } from "@orch/chat-runtime";
import type { RailState } from "../rail/rail-entry.ts";
import { type RailEvent, railAdvance } from "../rail/rail-state.ts";
import { callEventOf } from "../rail/tool-calls.ts";
import { CLEANER_START, cleanDelta } from "../terminal/cleaner.ts";
import { type SafeText, safe, safeText } from "../terminal/safe-text.ts";
import { planOf } from "./plan-of.ts";
import { ToolUpdates } from "./tool-updates.ts";

/** What stands behind text that counts no more. */
const CUT = safe`\n\n*(cut here; it is tried again)*\n\n`;

/** Follows one turn. */
export class TurnUpdates {
  readonly #turnId: string;
  readonly #tools: ToolUpdates;
  #rail: RailState;
  #plan = "[]";
  /** The message that is being written, from 1. */
  #message = 1;
  #cleaner = CLEANER_START;
  /** All text of the turn, and that of the attempt at each path. */
  #said = "";
  readonly #saidAt = new Set<string>();

  constructor(turnId: string, folder: string, rail: RailState) {
    this.#turnId = turnId;
    this.#tools = new ToolUpdates(turnId, folder);
    this.#rail = rail;
  }

  /** The entry of a call that a person is asked about. */
  callOf(call: AskedCall): string | undefined {
    return this.#tools.idOf(call);
  }

  take(event: ChatEvent): readonly SessionUpdate[] {
    return [...this.#told(event), ...this.#planned(event)];
  }

  /** Words of the program's own, in a message by themselves. */
  say(text: SafeText): SessionUpdate {
    this.#message++;
    const update = this.#chunk(text);
    this.#message++;
    return update;
  }

  #told(event: ChatEvent): readonly SessionUpdate[] {
    switch (event.type) {
      case "message.delta":
        this.#saidAt.add(event.path);
        return this.#delta(event.text);
      case "state.output":
        return this.#agent(event);
      case "state.retrying":
        return [...this.#tools.stop(event.path), ...this.#cut(event.path)];
      case "state.failed":
        return [...this.#tools.stop(event.path), ...this.#cut(event.path)];
      case "state.completed":
        this.#saidAt.delete(event.path);
        return this.#tools.stop(event.path);
      case "turn.completed":
        return this.#rest(safeText(textOf(event.message)));
      default:
        return [];
    }
  }

  #delta(delta: string): readonly SessionUpdate[] {
    const { state, text } = cleanDelta(this.#cleaner, delta);
    this.#cleaner = state;
    this.#said += text;
    return text === "" ? [] : [this.#chunk(text)];
  }

  #agent(event: Extract<ChatEvent, { readonly type: "state.output" }>): readonly SessionUpdate[] {
    const told = agentEvents.of(event);
    if (told === undefined) return [];
    if (told.type === "agent.model" && told.event.type === "reasoning") {
      const text = safeText(told.event.delta);
      return text === "" ? [] : [{ ...this.#chunk(text), sessionUpdate: "agent_thought_chunk" }];
    }
    const call = callEventOf(told);
    return call === undefined ? [] : this.#tools.take(call, event.path);
  }

  /** What an attempt said is marked, because the next one says it anew. */
  #cut(path: string): readonly SessionUpdate[] {
    if (!this.#saidAt.delete(path)) return [];
    const update = this.#chunk(CUT);
    this.#message++;
    this.#cleaner = CLEANER_START;
    this.#said = "";
    return [update];
  }

  /** The part of the answer that did not come in pieces; of an answer that came torn, all of it. */
  #rest(text: SafeText): readonly SessionUpdate[] {
    if (text === "" || this.#said.endsWith(text)) return [];
    const isBegun = this.#said !== "" && text.startsWith(this.#said);
    if (!isBegun && this.#said !== "") this.#message++;
    return [this.#chunk(isBegun ? safeText(text.slice(this.#said.length)) : text)];
  }

  #chunk(text: SafeText): Extract<SessionUpdate, { readonly sessionUpdate: "agent_message_chunk" }> {
    return {
      sessionUpdate: "agent_message_chunk",
      messageId: `${this.#turnId}/${this.#message}`,
      content: { type: "text", text },
    };
  }

  #planned(event: ChatEvent): readonly SessionUpdate[] {
    if (!movesRail(event)) return [];
    this.#rail = railAdvance(this.#rail, [event]).state;
    if (event.type === "state.output" || event.type === "message.delta") return [];
    const entries = [...planOf(this.#rail)];
    const plan = JSON.stringify(entries);
    if (plan === this.#plan) return [];
    this.#plan = plan;
    return [{ sessionUpdate: "plan", entries }];
  }
}

function movesRail(event: ChatEvent): event is RailEvent {
  return event.type === "message.delta" || !event.type.startsWith("turn.");
}
