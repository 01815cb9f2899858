/** Which states are open, and what they ask. */
import type { ChatEvent } from "@orch/chat-runtime";

/** A question that its state asks no more. */
export interface ClosedQuestion {
  readonly path: string;
  readonly state: string;
  readonly question: string;
}

/** Follows which states are open. */
export class OpenPlaces {
  readonly #open = new Set<string>();
  readonly #questions = new Map<string, ClosedQuestion>();

  /** The paths of the open states, the one that began first before the others. */
  get paths(): readonly string[] {
    return [...this.#open];
  }

  /** Takes an event in; gives the questions that it closed without an answer. */
  see(event: ChatEvent): readonly ClosedQuestion[] {
    switch (event.type) {
      case "state.started":
        this.#open.add(event.path);
        return [];
      case "question.asked": {
        const { path, state, question } = event;
        this.#questions.set(question, { path, state, question });
        return [];
      }
      case "question.answered":
        this.#questions.delete(event.question);
        return [];
      case "state.completed":
      case "state.failed":
        this.#open.delete(event.path);
        return this.#closedAt(event.path);
      default:
        return [];
    }
  }

  #closedAt(path: string): readonly ClosedQuestion[] {
    if (this.#questions.size === 0) return [];
    const closed = [...this.#questions.values()].filter((asked) => asked.path === path);
    for (const { question } of closed) this.#questions.delete(question);
    return closed;
  }
}
