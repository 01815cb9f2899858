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

/** What a context hides: one object, because V8 reads and makes each private field by keys, compiled too. */
interface Behind {
  readonly operation: Activation;
  readonly scope: ContextScope;
  readonly attempt: number;
  readonly doors: StepDoors;
  isOver: boolean;
}

/**
 * The context of one attempt. What costs something is made when it is read. When the attempt is over or was aborted, no call
 * of it has an effect: each throws or rejects with the reason.
 */
export class OwnContext implements RunContext, EngineContext {
  readonly #behind: Behind;

  constructor(behind: Behind) {
    this.#behind = behind;
  }

  get attempt(): number {
    return this.#behind.attempt;
  }

  get runId(): string {
    return this.#behind.doors.runId;
  }

  get path(): string {
    return this.#behind.operation.path;
  }

  get key(): string {
    return `${this.#behind.doors.runId}/${this.#behind.operation.path}`;
  }

  get visit(): number {
    return this.#behind.operation.visit;
  }

  get signal(): AbortSignal {
    return this.#behind.scope.signal;
  }

  get emit(): RunContext["emit"] {
    return ({ name, of }, data) => {
      // In plain JavaScript the data may stand in the place of the channel, and data may have a name.
      if (of === undefined) {
        const fix = "Pass a channel first: ctx.emit(speech, text).";
        throw new FatalError("ctx.emit takes a channel first, and was given something else.", { fix });
      }
      OwnContext.#admit(this);
      this.#behind.doors.recorder?.output(this.#behind.operation, name, data);
    };
  }

  get spend(): (spending: Spending) => void {
    return (spending) => {
      OwnContext.#admit(this);
      this.#behind.doors.spend(this.#behind.operation, checkedSpending(spending));
    };
  }

  get choice(): RunContext["choice"] {
    return this.#behind.doors.circuit?.chosen;
  }

  get left(): RunContext["left"] {
    return () => this.#behind.doors.budgets.left(this.#behind.operation);
  }

  get reserve(): RunContext["reserve"] {
    return (most) =>
      refused(OwnContext.#givenUp(this)) ??
      this.#behind.doors.budgets.reserve(this.#behind.operation, checkedSpending(most));
  }

  get ask(): RunContext["ask"] {
    return (question) =>
      refused(OwnContext.#givenUp(this)) ?? this.#behind.doors.ask(this.#behind.operation, question);
  }

  get once(): RunContext["once"] {
    return (name, make) =>
      refused(OwnContext.#givenUp(this)) ??
      once(this.#behind.operation, `once:${name}`, make, this.#behind.doors.keep);
  }

  get state(): RunContext["state"] {
    return <TFields>(shared: SharedState<TFields>): StateView<TFields> =>
      openState(
        shared,
        { operation: this.#behind.operation, admit: () => OwnContext.#admit(this) },
        () => this.#behind.doors.values,
      );
  }

  /** The attempt has ended. */
  end(): void {
    this.#behind.isOver = true;
  }

  /** Throws the reason why this attempt may do nothing more. */
  static #admit(context: OwnContext): void {
    const reason = OwnContext.#givenUp(context);
    if (reason !== undefined) throw reason;
  }

  /** Why this attempt may do nothing more; `undefined` while it goes on. */
  static #givenUp(context: OwnContext): Error | undefined {
    const { operation, scope, attempt, isOver } = context.#behind;
    const { reason } = scope;
    if (reason !== undefined) return reason;
    const { over, path, runnable } = operation;
    if (!over && !isOver) return undefined;
    return runnable.errors.tooLate({ runnable: runnable.id, path, attempt });
  }

  get "orch.behind"(): BehindAttempt {
    return {
      operation: this.#behind.operation,
      doors: this.#behind.doors,
      admit: () => OwnContext.#admit(this),
    };
  }

  get now(): () => number {
    return () => this.#behind.doors.clock.now();
  }

  get random(): Random {
    return this.#behind.doors.random;
  }
}

/** A rejection with `reason`, where there is one. It is handled, because work that was given up may not look at it. */
function refused(reason: Error | undefined): Promise<never> | undefined {
  if (reason === undefined) return undefined;
  const refusal = Promise.reject(reason);
  refusal.catch(() => {});
  return refusal;
}
