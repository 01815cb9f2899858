import type { Json } from "../durable/json.ts";
import type { Closed } from "../errors/question-closed-error.ts";
import type { Activation } from "../kernel/activation.ts";
import type { WaitNode } from "../kernel/node.ts";
import type { Completion } from "../kernel/transition.ts";
import type { NewQuestion, Waits } from "../kernel/waits.ts";
import type { Clock } from "../platform/clock.ts";
import { given } from "../platform/given.ts";
import { jsonSchemaOf, type Schema, type SchemaIssue } from "../words/schema.ts";
import type { CheckedAnswer } from "./arrival.ts";
import type { ClosedQuestion } from "./closed-question.ts";
import type { DriverQuestion } from "./effect.ts";
import type { MachineRun } from "./machine-run.ts";

/** A question that is open. */
interface Pending {
  question: DriverQuestion;
  /** Absent where only the runnable that asks knows it. */
  readonly schema: Schema | undefined;
  /** Takes an answer that fits, or that no schema could check. */
  readonly take: (value: Json | undefined) => void;
  /** Whether an answer of this turn is being checked by its runnable. */
  isTaken: boolean;
}

/** The open wakes and questions of a run. */
export class MachineWaits implements Waits {
  readonly clock: Clock;
  readonly deliver: (completion: Completion) => void;
  readonly #run: MachineRun;
  readonly #wakes = new Map<string, () => void>();
  readonly #questions = new Map<string, Pending>();
  readonly #answered = new Set<string>();
  readonly #closed = new Map<string, ClosedQuestion>();

  constructor(run: MachineRun) {
    this.#run = run;
    this.clock = { now: () => run.now, after: () => () => {} };
    this.deliver = (completion) => run.deliver(completion);
  }

  /** The ids of the open questions, oldest first. */
  get questions(): readonly string[] {
    return [...this.#questions.keys()];
  }

  /** Whether a time may end something. */
  get hasWakes(): boolean {
    return this.#wakes.size > 0;
  }

  /** Begins a sleep or a question. When a sleep is due is decided once. */
  begin(operation: Activation): void {
    const slept = this.#run.arrival.recallOwn("slept");
    if (slept !== undefined) operation.attach().notes.set("slept", { kind: "kept", value: slept.value });
    (operation.node as WaitNode).wait(operation, this);
  }

  alarm(operation: Activation, ms: number, fire: () => void): void {
    this.wake(`${operation.path}!wait`, operation, ms, fire);
  }

  /** Calls `fire` when a wake of this id arrives, unless the activation has ended by then. */
  wake(id: string, activation: Activation, ms: number, fire: () => void): void {
    // A grace time that runs already is not begun again.
    if (this.#wakes.has(id)) return;
    this.#wakes.set(id, fire);
    const { effects } = this.#run.arrival;
    effects.push({ kind: "wake", id, due: this.#run.now + ms });
    activation.attach().alarms.push(() => {
      if (this.#wakes.delete(id)) this.#run.arrival.effects.push({ kind: "drop", id });
    });
  }

  /** Takes a wake. Gives false when nothing waits for it any more. */
  woke(id: string): boolean {
    const fire = this.#wakes.get(id);
    this.#wakes.delete(id);
    fire?.();
    return fire !== undefined;
  }

  /** Only a sleep notes something of itself. */
  note(_operation: Activation, name: string, value: unknown): void {
    this.#run.arrival.own(name, () => value as Json);
  }

  /** The machine looks for itself what it waits for. */
  awaits(): void {}

  put({ operation, prompt, schema, settle }: NewQuestion): number {
    const { codec, arrival, recorder } = this.#run;
    const { path, runnable } = operation;
    const shown = arrival.own(
      "asked",
      () => codec.encode(prompt(), `the prompt of "${runnable.id}"`) ?? null,
    );
    recorder.asked(operation, path, {
      prompt: codec.decode(shown),
      ...given({ schema: jsonSchemaOf(schema) }),
    });
    return this.open(path, path, shown, schema, (value) => settle(codec.decode(value)));
  }

  /** Opens a question. Returns the time at which it was asked. */
  open(id: string, path: string, prompt: Json, schema: Schema | undefined, take: Pending["take"]): number {
    const question: DriverQuestion = { id, path, prompt, askedAt: this.#run.now, turn: 1 };
    this.#questions.set(id, { question, schema, take, isTaken: false });
    this.#run.arrival.effects.push({ kind: "ask", id, question });
    return question.askedAt;
  }

  withdraw(id: string, closed: Closed): void {
    if (!this.#questions.delete(id)) return;
    this.#closed.set(id, { kind: "closed", ...closed });
    this.#run.arrival.effects.push({ kind: "drop", id });
  }

  isOpen(id: string): boolean {
    return this.#questions.has(id);
  }

  /** Takes an answer. Gives false when it is not the first of its turn, or the question is not open. */
  answer(id: string, answer: CheckedAnswer): boolean {
    const pending = this.#questions.get(id);
    if (pending === undefined || pending.isTaken) return false;
    if (answer.kind === "refused") this.refuse(id, answer.issues);
    else {
      pending.isTaken = true;
      if (answer.kind === "accepted") this.accept(id);
      pending.take(answer.value);
    }
    return true;
  }

  /** Closes a question, because its answer counts. */
  accept(id: string): void {
    const pending = this.#questions.get(id);
    if (pending === undefined) return;
    this.#questions.delete(id);
    this.#answered.add(id);
    this.#run.arrival.effects.push({ kind: "verdict", id, turn: pending.question.turn });
  }

  /** Asks again, because an answer did not fit. */
  refuse(id: string, issues: readonly SchemaIssue[]): void {
    const pending = this.#questions.get(id)!;
    const { turn } = pending.question;
    pending.isTaken = false;
    pending.question = { ...pending.question, turn: turn + 1 };
    const { effects } = this.#run.arrival;
    effects.push({ kind: "verdict", id, turn, issues }, { kind: "ask", id, question: pending.question });
  }

  /** Checks an answer, and changes nothing. */
  async check(id: string, answer: Json): Promise<CheckedAnswer | ClosedQuestion | "duplicate" | "unknown"> {
    const pending = this.#questions.get(id);
    if (pending?.isTaken === true || this.#answered.has(id)) return "duplicate";
    if (pending === undefined) return this.#closed.get(id) ?? "unknown";
    if (pending.schema === undefined) return { kind: "unchecked", value: answer };
    const { codec } = this.#run;
    const result = await pending.schema["~standard"].validate(codec.decode(answer));
    if (result.issues !== undefined) return { kind: "refused", issues: result.issues };
    try {
      const value = codec.encode(result.value, `the answer to "${id}"`);
      return value === undefined ? { kind: "accepted" } : { kind: "accepted", value };
    } catch (error) {
      return { kind: "refused", issues: [{ message: (error as Error).message }] };
    }
  }
}
