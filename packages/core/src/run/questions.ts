/** The questions of one run: which are open, and what an answer does. */

import { AlreadyAnsweredError } from "../errors/already-answered-error.ts";
import { InvalidAnswerError } from "../errors/invalid-answer-error.ts";
import { UnattendedError } from "../errors/unattended-error.ts";
import { UnknownQuestionError } from "../errors/unknown-question-error.ts";
import type { Activation } from "../kernel/activation.ts";
import type { NewQuestion } from "../kernel/waits.ts";
import { checked, type SchemaIssue } from "../words/schema.ts";

/** A question that waits for its answer, as plain data. */
export interface OpenQuestion {
  /** Give it back with the answer. It is the same after a restart. */
  readonly id: string;
  /** The activation that asks. */
  readonly path: string;
  /** What the human is shown. */
  readonly prompt: unknown;
  /** In milliseconds since the epoch. */
  readonly askedAt: number;
}

/** An open question, with what is behind it. */
export interface PendingQuestion
  extends OpenQuestion,
    Pick<NewQuestion, "operation" | "schema" | "settle" | "refuse"> {}

/** Keeps the questions of one run. */
export class Questions {
  readonly #runId: string;
  readonly #open = new Map<string, PendingQuestion>();
  /** How many questions each activation waits for. */
  readonly #asking = new Map<string, number>();
  readonly #answered = new Set<string>();

  constructor(runId: string) {
    this.#runId = runId;
  }

  /** The ids of the open questions, oldest first. */
  get ids(): string[] {
    return [...this.#open.keys()];
  }

  get size(): number {
    return this.#open.size;
  }

  /** The questions that can be answered now, oldest first. */
  list(): OpenQuestion[] {
    return [...this.#open.values()].map(({ id, path, prompt, askedAt }) => ({ id, path, prompt, askedAt }));
  }

  /** Whether the operation waits for an answer. */
  blocks(operation: Activation): boolean {
    return (this.#asking.get(operation.path) ?? 0) > 0;
  }

  open(question: PendingQuestion): void {
    this.withdraw(question.id);
    this.#open.set(question.id, question);
    this.#asking.set(question.path, (this.#asking.get(question.path) ?? 0) + 1);
  }

  /** Takes a question back, and gives it if it was open. */
  withdraw(id: string): PendingQuestion | undefined {
    const question = this.#open.get(id);
    if (question === undefined) return undefined;
    this.#open.delete(id);
    const left = this.#asking.get(question.path)! - 1;
    if (left > 0) this.#asking.set(question.path, left);
    else this.#asking.delete(question.path);
    return question;
  }

  /** Remembers that a question was answered before this process. */
  remember(id: string): void {
    this.#answered.add(id);
  }

  isOpen(id: string): boolean {
    return this.#open.has(id);
  }

  /** Ends a question whose kept answer cannot be used. */
  refuse(id: string, error: Error): void {
    this.withdraw(id)?.refuse(error);
  }

  /** Ends all questions, because the run has no way to be answered. */
  refuseAll(): void {
    for (const id of this.ids) this.refuse(id, new UnattendedError({ question: id }));
  }

  /**
   * Checks an answer and gives it to the question. `accept` may refuse it, because a store has one already.
   *
   * @throws UnknownQuestionError, AlreadyAnsweredError, InvalidAnswerError; the question stays as it was.
   */
  async answer(
    id: string,
    value: unknown,
    accept?: (id: string, value: unknown) => Promise<"accepted" | "duplicate" | "unknown">,
  ): Promise<void> {
    const question = this.#open.get(id);
    if (question === undefined) throw this.#refusal(id);
    const refuse = (issues: readonly SchemaIssue[]): Error =>
      new InvalidAnswerError({ runId: this.#runId, question: id, issues });
    const answer = await checked(question.schema, value, refuse);
    if (accept !== undefined && (await accept(id, value)) === "duplicate") throw this.#duplicate(id);
    if (this.#open.get(id) !== question) {
      // Another answer may have come while this one was checked. A kept answer is taken when the run is resumed.
      if (accept === undefined || this.#answered.has(id)) throw this.#refusal(id);
      return;
    }
    this.withdraw(id);
    this.#answered.add(id);
    question.settle(answer);
  }

  #refusal(id: string): Error {
    if (this.#answered.has(id)) return this.#duplicate(id);
    return new UnknownQuestionError({ runId: this.#runId, question: id, open: this.ids });
  }

  #duplicate(id: string): Error {
    return new AlreadyAnsweredError({ runId: this.#runId, question: id });
  }
}
