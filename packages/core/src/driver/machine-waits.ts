import type { OpenTimer } from "../durable/folded.ts";
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

/** A time that a run waits for. */
interface Wake {
  readonly activation: Activation;
  /** In milliseconds since the epoch. */
  readonly due: number;
  readonly ms: number;
  readonly fire: () => void;
}

/** The open wakes and questions of a run as plain data. */
export interface WaitsForm {
  /** When each wake is due, in milliseconds since the epoch, by its id. */
  readonly w: readonly (readonly [id: string, due: number])[];
  /** The open questions, oldest first. */
  readonly q: readonly DriverQuestion[];
}

/** The wakes that a run may have while nothing in it is being stopped. */
const RESTFUL = /!(?:wait|retry|deadline)$/;

/** The open wakes and questions of a run. */
export class MachineWaits implements Waits {
  readonly clock: Clock;
  readonly deliver: (completion: Completion) => void;
  readonly #run: MachineRun;
  readonly #wakes = new Map<string, Wake>();
  readonly #questions = new Map<string, Pending>();
  readonly #answered = new Set<string>();
  readonly #closed = new Map<string, ClosedQuestion>();
  /** What was kept, while the waits are begun again. */
  #kept:
    | { readonly dues: ReadonlyMap<string, number>; readonly questions: ReadonlyMap<string, DriverQuestion> }
    | undefined;

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

  /** The open waits as plain data; `undefined` while something is being stopped or checked. */
  get form(): WaitsForm | undefined {
    const w = [...this.#wakes].map(([id, { due }]) => [id, due] as const);
    const pending = [...this.#questions.values()];
    if (pending.some(({ isTaken }) => isTaken) || !w.every(([id]) => RESTFUL.test(id))) return undefined;
    return { w, q: pending.map(({ question }) => question) };
  }

  /** The deadlines of machines. */
  get deadlines(): readonly OpenTimer[] {
    return [...this.#wakes].flatMap(([id, { activation, due, ms }]) =>
      id.endsWith("!deadline") ? [{ activation, due, ms, purpose: "deadline" as const }] : [],
    );
  }

  /** Has the waits begun again by `begin`, as they were kept. Gives false when those are others. */
  restore({ w, q }: WaitsForm, begin: () => void): boolean {
    this.#kept = { dues: new Map(w), questions: new Map(q.map((question) => [question.id, question])) };
    begin();
    this.#kept = undefined;
    return (
      reorder(this.#wakes, w) &&
      reorder(
        this.#questions,
        q.map(({ id }) => [id] as const),
      )
    );
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
    const due = this.#kept?.dues.get(id) ?? this.#run.now + ms;
    this.#wakes.set(id, { activation, due, ms, fire });
    const { effects } = this.#run.arrival;
    effects.push({ kind: "wake", id, due });
    activation.attach().alarms.push(() => {
      if (this.#wakes.delete(id)) this.#run.arrival.effects.push({ kind: "drop", id });
    });
  }

  /** Takes a wake. Gives false when nothing waits for it any more. */
  woke(id: string): boolean {
    const wake = this.#wakes.get(id);
    this.#wakes.delete(id);
    wake?.fire();
    return wake !== undefined;
  }

  /** Only a sleep notes something of itself. */
  note(operation: Activation, name: string, value: unknown): void {
    this.#run.arrival.own(name, () => value as Json);
    operation.attach().notes.set(name, { kind: "kept", value });
  }

  /** The machine looks for itself what it waits for. */
  awaits(): void {}

  put({ operation, prompt, schema, settle }: NewQuestion): number {
    const { codec, arrival, recorder } = this.#run;
    const { path, runnable } = operation;
    const take = (value: Json | undefined): void => settle(codec.decode(value));
    if (this.#kept !== undefined) return this.open(path, path, null, schema, take);
    const shown = arrival.own(
      "asked",
      () => codec.encode(prompt(), `the prompt of "${runnable.id}"`) ?? null,
    );
    recorder.asked(operation, path, {
      prompt: codec.decode(shown),
      ...given({ schema: jsonSchemaOf(schema) }),
    });
    return this.open(path, path, shown, schema, take);
  }

  /** Opens a question. Returns the time at which it was asked. */
  open(id: string, path: string, prompt: Json, schema: Schema | undefined, take: Pending["take"]): number {
    const fresh: DriverQuestion = { id, path, prompt, askedAt: this.#run.now, turn: 1 };
    const question = this.#kept?.questions.get(id) ?? fresh;
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

/** Puts what a map holds into an order. Gives false when it holds other keys. */
function reorder<TValue>(
  map: Map<string, TValue>,
  order: readonly (readonly [key: string, ...unknown[]])[],
): boolean {
  const held = new Map(map);
  map.clear();
  for (const [key] of order) {
    const value = held.get(key);
    if (value !== undefined) map.set(key, value);
  }
  return map.size === held.size && map.size === order.length;
}
