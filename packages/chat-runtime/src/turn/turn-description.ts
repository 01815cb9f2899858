/** Where a turn is now, as plain JSON, folded from its events. */
import type { Usage } from "@orch/agents";
import { parseJson } from "@orch/core";
import type { ChatEvent } from "./chat-event.ts";

/** A picture of a turn that is being answered: plain JSON that nothing changes afterwards. */
export interface TurnDescription {
  readonly turnId: string;
  readonly sessionId: string;
  readonly configuration: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly status: "answering" | "waiting" | "stopping";
  /** The states that are open, the one that began first before the others. */
  readonly states: readonly { readonly path: string; readonly state: string; readonly since: number }[];
  /** The questions without an answer. A prompt that is no JSON is `null`. */
  readonly questions: readonly { readonly question: string; readonly prompt: unknown }[];
  /** Spent so far. */
  readonly usage?: Usage;
  /** In US dollars; absent when the cost of a call is unknown. */
  readonly cost?: number;
  /** In US dollars, the part that is known, where `cost` is absent. */
  readonly knownCost?: number;
  /** The last events, at most 20, pieces of text left out. */
  readonly lastEvents: readonly { readonly type: string; readonly time: number; readonly path?: string }[];
}

const LAST = 20;

/** Follows the events of one turn. */
export class TurnProgress {
  readonly #states = new Map<string, TurnDescription["states"][number]>();
  readonly #questions = new Map<string, TurnDescription["questions"][number] & { readonly path: string }>();
  readonly #last: TurnDescription["lastEvents"][number][] = [];

  see(event: ChatEvent): void {
    switch (event.type) {
      case "state.started":
        this.#states.set(event.path, { path: event.path, state: event.state, since: event.time });
        break;
      case "state.completed":
      case "state.failed":
        this.#states.delete(event.path);
        // What was not answered in time is asked no more.
        for (const { question, path } of this.#questions.values())
          if (path === event.path) this.#questions.delete(question);
        break;
      case "question.asked":
        this.#questions.set(event.question, {
          question: event.question,
          prompt: jsonOf(event.prompt),
          path: event.path,
        });
        break;
      case "question.answered":
        this.#questions.delete(event.question);
        break;
      case "message.delta":
      case "state.output":
        return;
      default:
    }
    const path = "path" in event && typeof event.path === "string" ? { path: event.path } : {};
    this.#last.push({ type: event.type, time: event.time, ...path });
    if (this.#last.length > LAST) this.#last.shift();
  }

  describe(): Pick<TurnDescription, "states" | "questions" | "lastEvents"> {
    return {
      states: [...this.#states.values()],
      questions: [...this.#questions.values()].map(({ question, prompt }) => ({ question, prompt })),
      lastEvents: [...this.#last],
    };
  }
}

function jsonOf(prompt: unknown): unknown {
  try {
    return parseJson(JSON.stringify(prompt) ?? "null");
  } catch {
    return null;
  }
}
