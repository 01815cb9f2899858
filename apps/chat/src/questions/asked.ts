/** What is asked in a run, with all that a person needs to decide: who asks, what is asked about, and what fits. */
import { type AskedCall, askedCall } from "@orch/agents";
import type { ChatEvent } from "@orch/chat-runtime";
import { type OpenQuestion, questionsAfter } from "../sessions/open-questions.ts";

/** A question with what it is about. */
export interface Asked extends OpenQuestion {
  readonly state: string;
  /** The tool call it is about; absent for every other question. */
  readonly call?: AskedCall;
  /** What the state that asks was entered with. */
  readonly about?: unknown;
}

/** Follows the events of a run, and tells what is open after each. */
export class AskedQuestions {
  #open: readonly Asked[] = [];
  /** What the states were entered with that may ask. */
  readonly #inputs = new Map<string, unknown>();

  /** The open questions, oldest first. The list is another one when it changed. */
  get open(): readonly Asked[] {
    return this.#open;
  }

  take(event: ChatEvent): void {
    if (event.type === "state.started") this.#inputs.set(event.path, event.input);
    const before = this.#open;
    const after = questionsAfter(before, event);
    if (after !== before) this.#open = after.map((question) => this.#about(question));
    if (event.type === "state.completed" || event.type === "state.failed") this.#inputs.delete(event.path);
  }

  #about(question: OpenQuestion): Asked {
    const known = this.#open.find((one) => one === question);
    if (known !== undefined) return known;
    const asked = { ...question, state: question.state ?? question.path };
    const call = askedCall(question);
    if (call !== undefined) return { ...asked, call };
    const about = this.#inputs.get(question.path);
    return about === undefined ? asked : { ...asked, about };
  }
}
