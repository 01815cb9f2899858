/** Reads the questions of a run into the steps of the states that ask them. */
import type { EventOf } from "@orch/core";
import type { QuestionStep, RunStep } from "./run-record.ts";

/** A question that is being read. */
type AskedStep = { -readonly [TKey in keyof QuestionStep]: QuestionStep[TKey] } & { readonly path: string };

/** Follows questions from being asked to their end. */
export class QuestionReader {
  readonly #asked = new Map<string, AskedStep>();

  /** How many wait for an answer. */
  get waiting(): number {
    return [...this.#asked.values()].filter(({ status }) => status === "waiting").length;
  }

  ask({ path, question: id, time, prompt, schema }: EventOf<"question.asked">, into: RunStep[]): void {
    const before = this.#asked.get(id);
    if (before !== undefined) {
      before.status = "waiting";
      return;
    }
    const key = `question:${path} ${id}`;
    const asked: AskedStep = {
      ...{ type: "question", key, path, id, time, prompt, status: "waiting" },
      ...(schema && { schema }),
    };
    this.#asked.set(id, asked);
    into.push(asked);
  }

  answer({ question, answer }: EventOf<"question.answered">): void {
    const asked = this.#asked.get(question);
    if (asked !== undefined) Object.assign(asked, { status: "done", answer: { value: answer } });
  }

  /** Closes what an activation asks, or what anything asks. */
  close(path?: string): void {
    for (const asked of this.#asked.values())
      if (asked.status === "waiting" && (path === undefined || asked.path === path)) asked.status = "skipped";
  }
}
