/** What a page shows of public events, by the rules of docs/server.md. Doors that keep the events' own words test with it too. */
import type { PublicEvent, PublicQuestionAsked } from "../src/words/public-event.ts";

/** Texts by the path of their state. */
export class ShownTexts {
  readonly #texts = new Map<string, string>();
  readonly #questions = new Map<string, PublicQuestionAsked>();

  get texts(): readonly string[] {
    return [...this.#texts.values()].filter((text) => text !== "");
  }

  get questions(): readonly PublicQuestionAsked[] {
    return [...this.#questions.values()];
  }

  take(event: PublicEvent): void {
    switch (event.type) {
      case "text.delta":
        this.#texts.set(event.path, (this.#texts.get(event.path) ?? "") + event.text);
        break;
      case "text.cut":
        this.#texts.delete(event.path);
        break;
      case "state.completed":
        if (typeof event.output === "string") this.#texts.set(event.path, event.output);
        break;
      case "question.asked":
        this.#questions.set(event.question, event);
        break;
      case "question.answered":
        this.#questions.delete(event.question);
        break;
      default:
    }
  }
}
