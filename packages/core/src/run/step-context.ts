/** What a runnable is given with its input: where its attempt stands, and its ways to the outside. */

import { FatalError } from "../errors/fatal-error.ts";
import { checkNumbers, SPENT } from "../errors/number-range.ts";
import type { Activation } from "../kernel/activation.ts";
import { openState } from "../kernel/open-state.ts";
import type { Scope } from "../platform/cancel.ts";
import type { Random } from "../platform/random.ts";
import type { RunContext, Spending } from "../words/context.ts";
import type { SharedState, StateView } from "../words/shared-state.ts";
import type { BehindAttempt, EngineContext } from "./by-hand.ts";
import { once } from "./once.ts";
import type { StepDoors } from "./step.ts";

/** @throws OptionError (`ORCH_OPTION`) for a figure that cannot be counted. */
function checkedSpending(spending: Spending): Spending {
  const { inputTokens, cachedTokens, outputTokens, cost } = spending;
  checkNumbers(SPENT, { inputTokens, cachedTokens, outputTokens, cost });
  return spending;
}

/** What aborts an attempt: its activation, or the end of its own time. */
export type ContextScope = Pick<Scope, "signal" | "reason">;

/**
 * The context of one attempt. What costs something is made when it is read. When the attempt is over or was aborted, no call
 * of it has an effect: each throws or rejects with the reason.
 */
class OwnContext implements RunContext, EngineContext {
  readonly #operation: Activation;
  readonly #scope: ContextScope;
  readonly #doors: StepDoors;
  declare readonly attempt: number;
  #isOver: boolean;

  constructor(operation: Activation, scope: ContextScope, attempt: number, doors: StepDoors) {
    this.#operation = operation;
    this.#scope = scope;
    this.#doors = doors;
    this.attempt = attempt;
    this.#isOver = false;
  }

  get runId(): string {
    return this.#doors.runId;
  }

  get path(): string {
    return this.#operation.path;
  }

  get key(): string {
    return `${this.#doors.runId}/${this.#operation.path}`;
  }

  get visit(): number {
    return this.#operation.visit;
  }

  get signal(): AbortSignal {
    return this.#scope.signal;
  }

  get emit(): RunContext["emit"] {
    return ({ name, of }, data) => {
      // In plain JavaScript the data may stand in the place of the channel, and data may have a name.
      if (of === undefined) {
        const fix = "Pass a channel first: ctx.emit(speech, text).";
        throw new FatalError("ctx.emit takes a channel first, and was given something else.", { fix });
      }
      OwnContext.#admit(this);
      this.#doors.recorder?.output(this.#operation, name, data);
    };
  }

  get spend(): (spending: Spending) => void {
    return (spending) => {
      OwnContext.#admit(this);
      this.#doors.spend(this.#operation, checkedSpending(spending));
    };
  }

  get choice(): RunContext["choice"] {
    return this.#doors.circuit?.chosen;
  }

  get left(): RunContext["left"] {
    return () => this.#doors.budgets.left(this.#operation);
  }

  get reserve(): RunContext["reserve"] {
    return (most) =>
      refused(OwnContext.#givenUp(this)) ??
      this.#doors.budgets.reserve(this.#operation, checkedSpending(most));
  }

  get ask(): RunContext["ask"] {
    return (question) => refused(OwnContext.#givenUp(this)) ?? this.#doors.ask(this.#operation, question);
  }

  get once(): RunContext["once"] {
    return (name, make) =>
      refused(OwnContext.#givenUp(this)) ?? once(this.#operation, `once:${name}`, make, this.#doors.keep);
  }

  get state(): RunContext["state"] {
    return <TFields>(shared: SharedState<TFields>): StateView<TFields> =>
      openState(
        shared,
        { operation: this.#operation, admit: () => OwnContext.#admit(this) },
        () => this.#doors.values,
      );
  }

  /** The attempt has ended. */
  end(): void {
    this.#isOver = true;
  }

  /** Throws the reason why this attempt may do nothing more. */
  static #admit(context: OwnContext): void {
    const reason = OwnContext.#givenUp(context);
    if (reason !== undefined) throw reason;
  }

  /** Why this attempt may do nothing more; `undefined` while it goes on. */
  static #givenUp(context: OwnContext): Error | undefined {
    const { reason } = context.#scope;
    if (reason !== undefined) return reason;
    const { over, path, runnable } = context.#operation;
    if (!over && !context.#isOver) return undefined;
    return runnable.errors.tooLate({ runnable: runnable.id, path, attempt: context.attempt });
  }

  get "orch.behind"(): BehindAttempt {
    return { operation: this.#operation, doors: this.#doors, admit: () => OwnContext.#admit(this) };
  }

  get now(): () => number {
    return () => this.#doors.clock.now();
  }

  get random(): Random {
    return this.#doors.random;
  }
}

/** The context of an attempt as the one who calls the runnable has it. */
export type StepContext = RunContext & {
  /** The attempt has ended. */
  readonly end: () => void;
};

/** Makes the context of an attempt. */
export function stepContext(
  operation: Activation,
  scope: ContextScope,
  attempt: number,
  doors: StepDoors,
): StepContext {
  return new OwnContext(operation, scope, attempt, doors);
}

/** A rejection with `reason`, where there is one. It is handled, because work that was given up may not look at it. */
function refused(reason: Error | undefined): Promise<never> | undefined {
  if (reason === undefined) return undefined;
  const refusal = Promise.reject(reason);
  refusal.catch(() => {});
  return refusal;
}
