/** Performs one attempt of a runnable: here, or in a process that has only the definition and the operation. */
import { type Codec, strictJson } from "../durable/codec.ts";
import { type Json, readJson } from "../durable/json.ts";
import { writeFromJson, writeToJson } from "../durable/record-codec.ts";
import { errorJson, revive } from "../durable/revive.ts";
import { CancelledError } from "../errors/cancelled-error.ts";
import { messageOf } from "../errors/message-of.ts";
import { Activation } from "../kernel/activation.ts";
import type { Compiled } from "../kernel/compiled.ts";
import { giveDossier } from "../kernel/dossier.ts";
import { StateValues, settledWrites } from "../kernel/state-values.ts";
import { adopted } from "../platform/adopted.ts";
import { type Clock, endOfTurn, systemClock } from "../platform/clock.ts";
import { given } from "../platform/given.ts";
import { isThenable } from "../platform/is-thenable.ts";
import { type Random, systemRandom } from "../platform/random.ts";
import { unlessAborted } from "../platform/unless-aborted.ts";
import { GatePlaces } from "../run/gate-places.ts";
import { once } from "../run/once.ts";
import { UNLIMITED } from "../run/reservations.ts";
import { retryDelay } from "../run/retry-delay.ts";
import { attemptOnce, execute, type StepDoors } from "../run/step.ts";
import type { AskOptions, Spending } from "../words/context.ts";
import type { AnyRunnable } from "../words/runnable.ts";
import { jsonSchemaOf, type SchemaIssue } from "../words/schema.ts";
import type { Operation } from "./effect.ts";
import { findRunnable } from "./find-runnable.ts";
import type { AttemptDetails, AttemptOutput, AttemptQuestion, Outcome } from "./outcome.ts";
/** What a driver does for an attempt while it goes on. */
export interface AttemptHelp {
  /**
   * Keeps a value of `ctx.once` at once, mostly as an arrival of the kind `noted`; `once` gives the value when this has
   * resolved. Without it such values come with the outcome, and are lost when the process ends first.
   */
  readonly keep?: (operation: Operation, name: string, value: Json | undefined) => void | Promise<void>;
}

/** How an attempt is performed. */
export interface PerformOptions extends AttemptHelp {
  /** Aborted when the run does not want the attempt to go on. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  readonly random?: Random;
  /** The codec of the run. Default: plain JSON. */
  readonly codec?: Codec;
}

/**
 * Performs one attempt of a runnable inside `root`. The outcome comes at once when the runnable answers at once. It
 * never rejects: what is wrong is an outcome.
 *
 * An attempt ends at its first `ctx.ask` without an answer, and the runnable runs again when the answer is there.
 *
 * @example
 * ```ts
 * const outcome = await performOperation(flow, JSON.parse(message));
 * ```
 */
export function performOperation(
  root: AnyRunnable,
  operation: Operation,
  options: PerformOptions = {},
): Outcome | Promise<Outcome> {
  const { codec = strictJson } = options;
  try {
    const chosen = (operation.chosen ?? []).map((input) => codec.decode(input));
    const runnable = findRunnable(root, operation.path, chosen);
    return new Attempt(runnable, operation, options, codec).perform();
  } catch (error) {
    return { kind: "failed", error: errorJson(error) };
  }
}

/** One attempt under way. */
class Attempt implements StepDoors {
  readonly runId: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly recorder: StepDoors["recorder"];
  readonly values: StateValues | undefined;
  readonly keep: StepDoors["keep"];
  readonly circuit = undefined;
  /** The budgets are where the run is driven, and count what the outcome says was spent. */
  readonly budgets: StepDoors["budgets"] = {
    left: () => UNLIMITED,
    reserve: async (of) => ({ settle: (spending) => this.spend(of, spending), release: () => {} }),
  };
  readonly #operation: Operation;
  readonly #codec: Codec;
  readonly #activation: Activation;
  readonly #notes: (readonly [string, Json?])[] = [];
  readonly #spent: Spending[] = [];
  readonly #output: AttemptOutput[] = [];
  readonly #asks: AttemptQuestion[] = [];
  #endWithAsks: (() => void) | undefined;
  #unfollow: (() => void) | undefined;

  constructor(runnable: Compiled, operation: Operation, options: PerformOptions, codec: Codec) {
    this.runId = operation.runId;
    this.clock = options.clock ?? systemClock;
    this.random = options.random ?? systemRandom;
    this.recorder = {
      output: (_, channel, data) => this.#output.push({ channel, ...given({ data: asJson(data) }) }),
      retrying: () => {},
    };
    this.keep = (of, name, value) => {
      const json = codec.encode(value, `a value kept by ctx.once of "${of.runnable.id}"`);
      const own = codec.decode(json);
      if (options.keep === undefined) this.#note(name, json);
      else {
        const keeping = options.keep(operation, name, json);
        if (keeping instanceof Promise) return keeping.then(() => own);
      }
      return own;
    };
    this.#operation = operation;
    this.#codec = codec;
    this.#activation = activationOf(runnable, operation, codec);
    this.values = valuesOf(operation, this.#activation, codec);
    if (options.signal !== undefined) this.#follow(options.signal);
  }

  perform(): Outcome | Promise<Outcome> {
    const activation = this.#activation;
    if (activation.reason !== undefined) return this.#failed(activation.reason);
    let result: unknown;
    try {
      result = activation.runnable.isPlain
        ? execute(activation, this)
        : attemptOnce(activation, activation.attempt, this);
    } catch (error) {
      return this.#failed(error);
    }
    if (!isThenable(result)) return this.#completed(result);
    return new Promise((resolve) => {
      this.#endWithAsks = () => {
        resolve({ kind: "asks", asks: this.#asks, ...this.#leavings() });
        // Ends this attempt: the runnable runs again with the answer.
        this.#end();
        activation.abort(new CancelledError("it runs again when its question is answered"));
      };
      adopted(result).then(
        (value) => resolve(this.#completed(value)),
        (error: unknown) => resolve(this.#failed(error)),
      );
    });
  }

  spend(_operation: Activation, spending: Spending): void {
    this.#spent.push(spending);
  }

  async enter(operation: Activation, concurrency: number): Promise<() => void> {
    return new GatePlaces(this.runId, () => false).enter(operation, concurrency);
  }

  ask<TAnswer>(operation: Activation, question: AskOptions<TAnswer>): Promise<TAnswer> {
    const { name = "question" } = question;
    return once(operation, `answered:${name}`, () => this.#ask(name, question));
  }

  async #ask<TAnswer>(name: string, { prompt, answer }: AskOptions<TAnswer>): Promise<TAnswer> {
    const answered = this.#operation.answers?.find(([of]) => of === name);
    let issues: readonly SchemaIssue[] | undefined;
    if (answered !== undefined) {
      const result = await answer["~standard"].validate(answered[1]);
      if (result.issues === undefined) {
        this.#note(`answered:${name}`, this.#codec.encode(result.value, `the answer to "${name}"`));
        return result.value;
      }
      issues = result.issues;
    }
    const asked = this.#codec.encode(prompt, `the prompt of "${this.#activation.runnable.id}"`) ?? null;
    // Questions that are put side by side are asked together.
    if (this.#asks.length === 0) endOfTurn(() => this.#endWithAsks?.());
    this.#asks.push({ name, prompt: asked, ...given({ issues, schema: jsonSchemaOf(answer) }) });
    return unlessAborted(this.#activation.signal, () => undefined);
  }

  #follow(signal: AbortSignal): void {
    const abort = (): void => {
      const reason: unknown = signal.reason;
      this.#activation.abort(reason instanceof Error ? reason : new CancelledError(messageOf(reason)));
    };
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
    this.#unfollow = () => signal.removeEventListener("abort", abort);
  }

  /** Ends the attempt. Later output of the runnable is ignored. */
  #end(): void {
    this.#activation.over = true;
    this.#unfollow?.();
  }

  #note(name: string, value: Json | undefined): void {
    this.#notes.push(value === undefined ? [name] : [name, value]);
  }

  #completed(value: unknown): Outcome {
    const { runnable, attached } = this.#activation;
    this.#end();
    try {
      const json = this.#codec.encode(value, `the output of "${runnable.id}"`);
      const kept = attached === undefined ? [] : settledWrites(attached);
      const writes = kept.map((write) => writeToJson(write, this.#codec));
      return {
        kind: "completed",
        ...(json === undefined ? {} : { value: json }),
        ...(writes.length === 0 ? {} : { writes }),
        ...this.#leavings(),
      };
    } catch (error) {
      return { kind: "failed", error: errorJson(error), ...this.#leavings() };
    }
  }

  #failed(thrown: unknown): Outcome {
    const activation = this.#activation;
    this.#end();
    let error = thrown;
    let delay: number | undefined;
    try {
      if (activation.reason === undefined) delay = retryDelay(activation, thrown, this.random);
    } catch (failure) {
      error = failure;
    }
    return {
      kind: "failed",
      error: errorJson(error),
      ...(delay === undefined ? {} : { retryIn: delay }),
      ...this.#leavings(),
    };
  }

  #leavings(): AttemptDetails {
    return {
      ...(this.#notes.length === 0 ? {} : { notes: this.#notes }),
      ...(this.#spent.length === 0 ? {} : { spent: this.#spent }),
      ...(this.#output.length === 0 ? {} : { output: this.#output }),
    };
  }
}

/** An activation that belongs to no run: what is called needs its place, and nothing around it. */
function activationOf(runnable: Compiled, operation: Operation, codec: Codec): Activation {
  const { path, visit, attempt, input, failure, notes = [], dossiers = {} } = operation;
  const around = path.slice(0, path.length - `/${runnable.id}#${visit}`.length);
  const parent = new Activation(undefined, { ...runnable, id: around, node: undefined }, undefined);
  const given = failure === undefined ? codec.decode(input) : revive(failure);
  const activation = new Activation(parent, runnable, given, visit);
  activation.attempt = attempt;
  for (const [id, fields] of Object.entries(dossiers)) giveDossier(parent, id, codec.decode(fields));
  for (const [name, value] of notes) {
    activation.attach().notes.set(name, { kind: "kept", value: codec.decode(value) });
  }
  return activation;
}

/** The shared state that the attempt begins with. */
function valuesOf({ state = [] }: Operation, activation: Activation, codec: Codec): StateValues | undefined {
  if (state.length === 0) return undefined;
  const values = new StateValues();
  values.take(
    activation,
    state.map((write) => writeFromJson(write, codec)),
  );
  return values;
}

/** Live output as JSON, as far as it can be; a value that is not JSON is left out, because no code depends on live output. */
function asJson(data: unknown): Json | undefined {
  try {
    const text = JSON.stringify(data) as string | undefined;
    return text === undefined ? undefined : readJson(text);
  } catch {
    return undefined;
  }
}
