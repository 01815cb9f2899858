import type { Activation } from "../activation.ts";
import { charge } from "../budget.ts";
import type { CancelTimer } from "../clock.ts";
import type { QuestionNode, SleepNode } from "../composite/node.ts";
import type { AskOptions, RunContext, Spending } from "../context.ts";
import { FatalError } from "../errors/fatal-error.ts";
import { TimeoutError } from "../errors/timeout-error.ts";
import { leavesOf } from "../leaves.ts";
import { type PendingQuestion, Questions } from "../questions.ts";
import { execute, type StepDoors } from "../step.ts";
import type { Completion, RunState, TimerPurpose } from "../transition.ts";
import type { RunHost } from "./run-host.ts";

/** What a host in this process needs from outside. */
export type HostDoors = Pick<StepDoors, "runId" | "clock" | "random" | "recorder">;

/** What an outer host does besides. */
export interface HostHooks {
  /** Keeps a note of an operation, so that it is there after a restart. */
  readonly keep?: (operation: Activation, note: string, value: unknown) => void | Promise<void>;
  /** Decides whether an answer is the first. */
  readonly accept?: (id: string, value: unknown) => Promise<"accepted" | "duplicate" | "unknown">;
  /** Nothing goes on until somebody answers. */
  readonly waiting?: () => void;
  /** The context around a composite that is called by hand: it asks and pays for it. */
  readonly around?: Pick<RunContext, "ask" | "spend">;
}

/** Runs live in this process, and end with it. */
export class MemoryHost implements RunHost {
  readonly questions: Questions;
  readonly #run: RunState;
  readonly #doors: StepDoors;
  readonly #hooks: HostHooks;
  readonly #timers = new Set<CancelTimer>();
  #queue: Completion[] = [];
  #head = 0;
  #waiter: ((completion: Completion) => void) | undefined;
  #isWaiting = false;

  constructor(run: RunState, doors: HostDoors, hooks: HostHooks = {}) {
    this.#run = run;
    this.#hooks = hooks;
    this.questions = new Questions(doors.runId);
    const { keep } = hooks;
    this.#doors = {
      ...doors,
      spend: (operation, spending) => this.#spend(operation, spending),
      ask: (operation, question) => this.#ask(operation, question),
      keep:
        keep === undefined ? undefined : (operation, name, value) => keep(operation, `once:${name}`, value),
      values: () => run.values,
    };
  }

  /** Whether nothing goes on until somebody answers. */
  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  exec(operation: Activation): void {
    const { node } = operation;
    if (node !== undefined) {
      this.#keepWaiting(operation, node as SleepNode | QuestionNode);
      return;
    }
    try {
      const result = execute(operation, this.#doors);
      if (!isThenable(result)) {
        this.deliver({ kind: "completed", operation, value: result });
        return;
      }
      // A thenable that is no promise may throw or settle twice; resolve() makes a promise of it.
      Promise.resolve(result).then(
        (value) => this.deliver({ kind: "completed", operation, value }),
        (error: unknown) => this.deliver({ kind: "failed", operation, error }),
      );
    } catch (error) {
      this.deliver({ kind: "failed", operation, error });
    }
  }

  timer(activation: Activation, ms: number, purpose: TimerPurpose): void {
    this.#alarm(activation, ms, () => this.deliver({ kind: "timer", activation, purpose }));
  }

  /** Nothing to do: the run ignores what a dropped operation delivers. */
  drop(): void {}

  /** Checks an answer and hands it to the question that waits for it. */
  answer(id: string, value: unknown): Promise<void> {
    return this.questions.answer(id, value, this.#hooks.accept);
  }

  /** Hands a completion to the pump; also how a cancellation comes in. */
  deliver(completion: Completion): void {
    this.#isWaiting = false;
    if (this.#waiter === undefined) {
      this.#queue.push(completion);
      return;
    }
    const wake = this.#waiter;
    this.#waiter = undefined;
    wake(completion);
  }

  next(): Completion | Promise<Completion> {
    if (this.#head === this.#queue.length) {
      return new Promise((resolve) => {
        this.#waiter = resolve;
        this.#tellIfWaiting();
      });
    }
    const completion = this.#queue[this.#head++]!;
    if (this.#head === this.#queue.length) {
      this.#queue = [];
      this.#head = 0;
    }
    return completion;
  }

  close(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }

  #alarm(activation: Activation, ms: number, fire: () => void): void {
    const end = this.#doors.clock.after(ms, () => {
      this.#timers.delete(cancel);
      fire();
    });
    const cancel = (): void => {
      this.#timers.delete(cancel);
      end();
    };
    this.#timers.add(cancel);
    activation.attach().alarms.push(cancel);
  }

  #keepWaiting(operation: Activation, node: SleepNode | QuestionNode): void {
    const { signal } = operation;
    const stop = (): void => {
      this.questions.withdraw(operation.path);
      this.deliver({ kind: "failed", operation, error: signal.reason });
    };
    try {
      if (node.kind === "sleep") this.#sleep(operation, node);
      else this.#put(operation, node);
      if (signal.aborted) stop();
      else signal.addEventListener("abort", stop, { once: true });
    } catch (error) {
      this.deliver({ kind: "failed", operation, error });
    }
  }

  #sleep(operation: Activation, node: SleepNode): void {
    const { clock } = this.#doors;
    const due = this.#noted(operation, "slept", () => {
      const delay = node.delay(operation.input);
      if (Number.isFinite(delay) && delay >= 0) return clock.now() + delay;
      throw new FatalError(
        `The delay of "${operation.runnable.id}" is ${delay}: it has to be 0 or more milliseconds.`,
      );
    });
    this.#alarm(operation, Math.max(0, due - clock.now()), () =>
      this.deliver({ kind: "completed", operation, value: operation.input }),
    );
  }

  /** Puts the question of a state. */
  #put(operation: Activation, node: QuestionNode): void {
    const { path, runnable } = operation;
    const { timeout } = node;
    const asked = this.#noted(operation, "asked", () => ({
      prompt: node.ask(operation.input),
      at: this.#doors.clock.now(),
    }));
    if (timeout !== undefined) {
      this.#alarm(operation, Math.max(0, asked.at + timeout - this.#doors.clock.now()), () => {
        this.questions.withdraw(path);
        const error = new TimeoutError({ runnable: runnable.id, path, timeout });
        this.deliver({ kind: "failed", operation, error });
      });
    }
    const settle = (value: unknown): void => this.deliver({ kind: "completed", operation, value });
    this.#open({ operation, id: path, path, ...promptOf(asked), schema: node.answer, settle });
  }

  /** Puts a question that a runnable asks on its way. */
  #ask<TAnswer>(operation: Activation, question: AskOptions<TAnswer>): Promise<TAnswer> {
    const { around } = this.#hooks;
    const { name = "question", prompt, answer } = question;
    const id = `${operation.path}/${name}`;
    if (around !== undefined) return around.ask({ name: id, prompt, answer });
    const { notes } = operation.attach();
    const note = notes.get(`answered:${name}`);
    if (note !== undefined) return Promise.resolve(note.value as TAnswer | Promise<TAnswer>);
    const coming = new Promise<unknown>((resolve, reject) => {
      const { signal } = operation;
      const stop = (): void => {
        this.questions.withdraw(id);
        reject(signal.reason);
      };
      if (signal.aborted) {
        stop();
        return;
      }
      signal.addEventListener("abort", stop, { once: true });
      const settle = (value: unknown): void => {
        signal.removeEventListener("abort", stop);
        notes.set(`answered:${name}`, { kind: "kept", value });
        this.#isWaiting = false;
        Promise.resolve(this.#hooks.keep?.(operation, `answered:${name}`, value)).then(
          () => resolve(value),
          reject,
        );
      };
      const asked = this.#noted(operation, `asked:${name}`, () => ({ prompt, at: this.#doors.clock.now() }));
      this.#open({ operation, id, path: operation.path, ...promptOf(asked), schema: answer, settle });
    });
    notes.set(`answered:${name}`, { kind: "coming", value: coming });
    coming.catch(() => notes.delete(`answered:${name}`));
    return coming as Promise<TAnswer>;
  }

  #open(question: PendingQuestion): void {
    const { operation, id, prompt } = question;
    const { recorder } = this.#doors;
    this.questions.open({
      ...question,
      settle: (answer) => {
        recorder?.answered(operation, id, answer);
        question.settle(answer);
      },
    });
    recorder?.asked(operation, id, prompt);
    if (this.#waiter !== undefined) this.#tellIfWaiting();
  }

  /** What was noted of an operation, or what is noted now. */
  #noted<TValue>(operation: Activation, name: string, make: () => TValue): TValue {
    const { notes } = operation.attach();
    const note = notes.get(name);
    if (note !== undefined) return note.value as TValue;
    const value = make();
    notes.set(name, { kind: "kept", value });
    // What fails to be kept stops the run from within the hook.
    void this.#hooks.keep?.(operation, name, value);
    return value;
  }

  #spend(operation: Activation, spending: Spending): void {
    this.#doors.recorder?.usage(operation, spending);
    this.#hooks.around?.spend(spending);
    if (this.#hooks.keep !== undefined) operation.attach().spent.push(spending);
    for (const { activation, error } of charge(operation, spending)) {
      this.deliver({ kind: "stop", activation, error });
    }
  }

  #tellIfWaiting(): void {
    if (this.#isWaiting || this.questions.size === 0) return;
    for (const leaf of leavesOf(this.#run.root)) if (!this.questions.blocks(leaf)) return;
    this.#isWaiting = true;
    this.#doors.recorder?.waiting(
      this.#run.root,
      this.questions.list().map(({ id }) => id),
    );
    this.#hooks.waiting?.();
  }
}

function promptOf({ prompt, at }: { readonly prompt: unknown; readonly at: number }): {
  prompt: unknown;
  askedAt: number;
} {
  return { prompt, askedAt: at };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
