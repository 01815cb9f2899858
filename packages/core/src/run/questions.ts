/**
 * The questions of one run: which are open, and what an answer does. What competes for a question goes through the
 * run's own queue: an answer is on its way until the run has taken it, and counts if nothing before it closed the question.
 */

import { InvalidAnswerError } from "../errors/invalid-answer-error.ts";
import { type Closed, QuestionClosedError } from "../errors/question-closed-error.ts";
import { UnattendedError } from "../errors/unattended-error.ts";
import type { Activation } from "../kernel/activation.ts";
import type { Breaker } from "../kernel/circuit.ts";
import { closedBy } from "../kernel/closed-by.ts";
import { leavesOf } from "../kernel/leaves.ts";
import type { Completion } from "../kernel/transition.ts";
import type { Asked, NewQuestion, Standing, Waits } from "../kernel/waits.ts";
import { checked, type JsonSchema, type SchemaIssue } from "../words/schema.ts";
import { QuestionEnds } from "./question-ends.ts";

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
  /** What an answer has to look like, as a JSON Schema; absent where the library of the schema gives none. */
  readonly schema?: JsonSchema;
}

/** An open question, with what is behind it. */
export interface PendingQuestion
  extends Pick<OpenQuestion, "id" | "path">,
    Pick<NewQuestion, "operation" | "schema" | "settle" | "refuse"> {
  readonly asked: Asked;
}

/** An answer on its way into the run. */
export interface Taking {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  /** The number of the request that brought it; absent where it was given in this process. */
  readonly request: number | undefined;
}

/** Keeps the questions of one run. */
export class Questions {
  readonly ends: QuestionEnds = new QuestionEnds();
  readonly #runId: string;
  readonly #open = new Map<string, PendingQuestion>();
  /** How many questions each activation waits for. */
  readonly #asking = new Map<string, number>();
  /** Answers on their way, by question. */
  readonly #taking = new Map<string, Taking>();
  /** Questions from before this process that their operations have not asked again. */
  readonly #coming = new Map<string, PromiseWithResolvers<void>>();
  readonly #tell: (id: string) => void;
  /** What waits for signals and conditions; absent until something does. */
  besides: Standing | undefined;
  /** Why this process does not drive the run any more. */
  #halted: Error | undefined;

  /** `taking` is told when the run has taken the answer to a question state. Default: it counts at once. */
  constructor(runId: string, taking?: (id: string) => void) {
    this.#runId = runId;
    this.#tell = taking ?? ((id) => this.taken(id));
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
    return [...this.#open.values()].map(({ id, path, asked }) => ({ id, path, ...asked }));
  }

  /** Whether the operation waits for an answer. */
  blocks(operation: Activation): boolean {
    return (this.#asking.get(operation.path) ?? 0) > 0;
  }

  /** Whether everything that is open in a run waits for an answer, a signal or a condition, and goes on with it. */
  blockAll(root: Activation, circuit?: Pick<Breaker, "blocks">): boolean {
    if (this.size === 0 && this.besides === undefined) return false;
    for (const leaf of leavesOf(root)) {
      const waits = this.blocks(leaf) || circuit?.blocks(leaf) === true || this.besides?.holds(leaf) === true;
      if (leaf.reason !== undefined || !waits) return false;
    }
    return true;
  }

  /** An operation asked this before, and asks it again: an answer waits until it does, or has ended. */
  expect(id: string, operation: Activation): void {
    this.#coming.set(id, Promise.withResolvers());
    operation.attach().alarms.push(() => this.#came(id));
  }

  #came(id: string): void {
    this.#coming.get(id)?.resolve();
    this.#coming.delete(id);
  }

  open(question: PendingQuestion): void {
    this.#remove(question.id);
    this.#came(question.id);
    this.ends.reopened(question.id);
    this.#open.set(question.id, question);
    this.#asking.set(question.path, (this.#asking.get(question.path) ?? 0) + 1);
    const { operation, id, path } = question;
    if (id === path) operation.attach().alarms.push(() => this.left(operation));
  }

  /** Takes an open question back, because something else closed it; gives it if it was open. */
  withdraw(id: string, closed: Closed): PendingQuestion | undefined {
    const question = this.#remove(id);
    if (question !== undefined && this.#halted === undefined) this.ends.closed(id, closed);
    return question;
  }

  /** An operation has ended: what it still asks is not wanted any more. */
  delivered(completion: Completion): void {
    if (completion.kind !== "completed" && completion.kind !== "failed") return;
    const { operation } = completion;
    if (!this.blocks(operation)) return;
    const error = completion.kind === "failed" ? completion.error : undefined;
    for (const question of this.#open.values())
      if (question.operation === operation) this.withdraw(question.id, closedBy(operation, error));
  }

  isOpen(id: string): boolean {
    return this.#open.has(id);
  }

  /**
   * Ends all questions, and all else that is waited for, because the run has no way to be answered. Later, because one is only being asked now, if that is
   * due then: a timer may still end the question or a composite around it.
   */
  refuseSoon(isDue: () => boolean, host: Pick<Waits, "deliver">): void {
    const refuse = (): void => {
      if (!isDue()) return;
      this.refuseAll();
      this.besides?.refuse(host);
    };
    void Promise.resolve().then(refuse);
  }

  /** Ends all questions, because the run has no way to be answered. */
  refuseAll(): void {
    for (const id of this.ids) {
      const error = new UnattendedError({ question: id });
      this.ends.closed(id, { by: "ended", reason: "the run has no way to be answered" });
      this.#remove(id)?.refuse(error);
    }
  }

  /**
   * Checks an answer and gives it to the question. Resolves when the run has taken it, and where the run is kept when that
   * is on disk. `admit` throws when the answer cannot be kept. `request` is the number of the request that brought it.
   *
   * @throws UnknownQuestionError, AlreadyAnsweredError, QuestionClosedError, InvalidAnswerError; the answer changed nothing.
   */
  async answer(
    id: string,
    value: unknown,
    admit?: (id: string, answer: unknown) => void,
    request?: number,
  ): Promise<void> {
    for (;;) {
      const question = this.#open.get(id);
      const coming = this.#coming.get(id);
      if (coming !== undefined) {
        await coming.promise;
        continue;
      }
      if (question === undefined) {
        // Another answer may be on its way, and it is not known yet whether that one counts.
        await this.#taking.get(id)?.promise.catch(() => {});
        throw this.#refusal(id);
      }
      const refuse = (issues: readonly SchemaIssue[]): Error =>
        new InvalidAnswerError({ runId: this.#runId, question: id, issues });
      const answer = await checked(question.schema, value, refuse);
      admit?.(id, answer);
      if (this.#halted !== undefined) throw this.#halted;
      // Something else may have closed it meanwhile, or it was asked anew.
      if (this.#open.get(id) !== question) continue;
      this.#remove(id);
      return this.bring(id, request, () => question.settle(answer));
    }
  }

  /** Brings an answer that fits on its way into the run; resolves when it counts. */
  bring(id: string, request: number | undefined, settle: () => void): Promise<void> {
    const taking: Taking = { ...Promise.withResolvers<void>(), request };
    // Who gave the answer may not look at it any more.
    taking.promise.catch(() => {});
    this.#taking.set(id, taking);
    settle();
    return taking.promise;
  }

  /** Brings a kept answer to a question state that was asked before this process. */
  bringTo(operation: Activation, request: number, settle: () => void): void {
    operation.attach().alarms.push(() => this.left(operation));
    void this.bring(operation.path, request, settle);
  }

  /** The answer that is on its way to a question. */
  takingOf(id: string): Taking | undefined {
    return this.#taking.get(id);
  }

  /** A question state has ended: the answer on its way ended it, or comes too late. */
  left(operation: Activation): void {
    const { path, reason } = operation;
    if (!this.#taking.has(path)) return;
    if (reason === undefined) this.#tell(path);
    else this.#lost(path, closedBy(operation));
  }

  /** The run has taken the answer that is on its way, and it counts. */
  taken(id: string): void {
    this.ends.answered(id);
    this.#taking.get(id)?.resolve();
    this.#taking.delete(id);
  }

  /** Something closed the question before the answer that is on its way was taken. */
  #lost(id: string, closed: Closed): void {
    this.ends.closed(id, closed);
    this.#taking.get(id)?.reject(new QuestionClosedError({ runId: this.#runId, question: id, ...closed }));
    this.#taking.delete(id);
  }

  /** This process stops driving the run. What is on its way does not count here. */
  halt(error: Error): void {
    this.#halted ??= error;
    for (const id of [...this.#coming.keys()]) this.#came(id);
    for (const taking of this.#taking.values()) taking.reject(error);
    this.#taking.clear();
  }

  #remove(id: string): PendingQuestion | undefined {
    const question = this.#open.get(id);
    if (question === undefined) return undefined;
    this.#open.delete(id);
    const left = this.#asking.get(question.path)! - 1;
    if (left > 0) this.#asking.set(question.path, left);
    else this.#asking.delete(question.path);
    return question;
  }

  #refusal(id: string): Error {
    if (this.#halted !== undefined && !this.ends.isKnown(id)) return this.#halted;
    return this.ends.refusal(this.#runId, id, this.ids);
  }
}
