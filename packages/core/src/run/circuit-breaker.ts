import { HaltedError } from "../errors/halted-error.ts";
import { isTerminal } from "../errors/terminal.ts";
import type { Activation } from "../kernel/activation.ts";
import { runCensus } from "../kernel/census-of.ts";
import {
  type Breaker,
  type CircuitNode,
  circuitOf,
  circuitQuestion,
  HELD,
  heldError,
  metIn,
  takeChoice,
} from "../kernel/circuit.ts";
import { closedBy } from "../kernel/closed-by.ts";
import { leavesOf } from "../kernel/leaves.ts";
import type { RunState, Sink } from "../kernel/transition.ts";
import type { Waits } from "../kernel/waits.ts";
import { unlessAborted } from "../platform/unless-aborted.ts";
import type { CircuitChoice } from "../words/circuit.ts";
import type { RunAsking } from "./ask-in-run.ts";

/** The part of a driver that the circuit uses. */
export interface BreakerDoors
  extends RunAsking,
    Pick<Waits, "deliver" | "note">,
    Pick<Sink, "exec" | "halted"> {}

/** An operation that met a terminal error, and how it goes on. */
interface Held {
  readonly again: () => void;
  readonly fail: (error: unknown) => void;
}

/** Keeps the circuit of one run. */
export class CircuitBreaker implements Breaker {
  readonly #node: CircuitNode;
  readonly #run: RunState;
  readonly #driver: BreakerDoors;
  readonly #held = new Map<Activation, Held>();
  /** The operations that begin when the circuit is closed. */
  readonly #later = new Set<Activation>();

  constructor(node: CircuitNode, run: RunState, driver: BreakerDoors) {
    this.#node = node;
    this.#run = run;
    this.#driver = driver;
  }

  get chosen(): CircuitChoice | undefined {
    return this.#run.root.attached?.circuit?.chosen;
  }

  get #isOpen(): boolean {
    return this.#run.root.attached?.circuit?.isOpen === true;
  }

  holds(operation: Activation): boolean {
    const state = this.#run.root.attached?.circuit;
    // After a restart, what met the error or follows from a choice is not begun before the circuit goes on.
    const waits = state?.isOpen === true || state?.isPending === true || heldError(operation) !== undefined;
    if (!waits) return false;
    const { signal } = operation;
    this.#later.add(operation);
    // It ends like any operation that is aborted before it began.
    const stop = (): void => {
      if (this.#later.delete(operation)) this.#driver.exec(operation);
    };
    signal.addEventListener("abort", stop, { once: true });
    return !signal.aborted;
  }

  blocks(operation: Activation): boolean {
    return this.#isOpen && (this.#held.has(operation) || this.#later.has(operation));
  }

  async guard(operation: Activation, call: () => Promise<unknown>): Promise<unknown> {
    for (;;) {
      try {
        return await call();
      } catch (error) {
        if (operation.reason !== undefined || !isTerminal(error, this.#run.root.path)) throw error;
        await this.#hold(operation, error as Error);
      }
    }
  }

  restore(): void {
    const { root } = this.#run;
    const state = root.attached?.circuit;
    const met = metIn(root);
    if (state?.isPending === true) this.#act(this.#node.actOf(state.chosen!), met);
    else if (state?.isOpen === true) this.#ask(met);
    else if (met !== undefined) this.#open(met);
    this.#driver.answered(root);
  }

  /** Keeps back an operation that met a terminal error, until a person has chosen. */
  async #hold(operation: Activation, error: Error): Promise<void> {
    this.#driver.note(operation, HELD, error);
    await unlessAborted<void>(operation.signal, (resolve, reject) => {
      this.#held.set(operation, { again: resolve, fail: reject });
      if (!this.#isOpen) this.#open(error);
      // It may have been the last that went on.
      else this.#driver.answered(this.#run.root);
      return () => this.#held.delete(operation);
    });
  }

  #open(error: Error): void {
    const state = circuitOf(this.#run.root);
    state.asked += 1;
    state.isOpen = true;
    this.#ask(error);
  }

  #ask(error: Error | undefined): void {
    const { root } = this.#run;
    const name = circuitQuestion(circuitOf(root));
    const id = `${root.path}/${name}`;
    // What is being stopped asks nothing any more, also while what is under way in it has its grace time.
    if (root.reason !== undefined) return;
    const withdraw = (): void => this.#driver.withdraw(id, closedBy(root));
    root.signal.addEventListener("abort", withdraw);
    root.attach().alarms.push(withdraw);
    const settle = (value: unknown): void => {
      const choice = value as CircuitChoice;
      const { keep, questions, recorder } = this.#driver;
      const note = `answered:${name}`;
      const kept = Promise.resolve(keep === undefined ? choice : keep.call(this.#driver, root, note, choice));
      root.attach().notes.set(note, { kind: "kept", value: choice });
      recorder?.answered(root, id, choice);
      kept.then(
        (own) => {
          questions.taken(id);
          this.#choose(own as CircuitChoice);
        },
        () => {},
      );
    };
    // Nobody can be asked.
    const refuse = (): void => {
      circuitOf(root).isOpen = false;
      this.#act("stop", error);
    };
    const prompt = (): unknown => this.#node.ask(error!);
    this.#driver.put({ operation: root, name, prompt, schema: this.#node.answer, settle, refuse });
  }

  #choose(choice: CircuitChoice): void {
    const { root } = this.#run;
    const met = metIn(root);
    this.#act(takeChoice(root, this.#node, choice, this.#driver), met);
    this.#driver.answered(root);
  }

  #act(act: "go-on" | "stop" | "end", met: Error | undefined): void {
    const { root } = this.#run;
    circuitOf(root).isPending = false;
    const held = [...this.#held];
    this.#held.clear();
    if (act === "stop") {
      const error = new HaltedError({ runnable: root.runnable.id, ...runCensus(root) }, met!);
      for (const [operation, one] of held) this.#held.set(operation, one);
      this.#driver.deliver({ kind: "stop", activation: root, error });
      return;
    }
    if (act === "go-on") for (const [, { again }] of held) again();
    else this.#failHeld(new Map(held));
    const later = [...this.#later];
    this.#later.clear();
    for (const operation of later) if (!operation.over) this.#driver.exec(operation);
  }

  /** What met the error fails. After a restart nothing of it is under way. */
  #failHeld(held: ReadonlyMap<Activation, Held>): void {
    for (const operation of leavesOf(this.#run.root)) {
      const error = heldError(operation);
      if (error === undefined) continue;
      const one = held.get(operation);
      operation.attached!.notes.delete(HELD);
      this.#later.delete(operation);
      if (one === undefined) this.#driver.deliver({ kind: "failed", operation, error });
      else one.fail(error);
    }
  }
}
