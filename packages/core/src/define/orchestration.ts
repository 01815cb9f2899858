/** An orchestration: a typed state machine that can be run, nested and drawn. */

import type { CircuitNode } from "../kernel/circuit.ts";
import { compiled, lending } from "../kernel/compiled.ts";
import type { Definition } from "../kernel/definition.ts";
import { continueMachine, openMachine } from "../kernel/machine.ts";
import type { MachineFrame, MachineNode } from "../kernel/machine-frame.ts";
import { withNode } from "../kernel/node.ts";
import { straightStates } from "../kernel/straight.ts";
import { given } from "../platform/given.ts";
import { type EventListener, type Run, type RunOptions, runToEnd, startRun } from "../run/run.ts";
import { runAlone } from "../run/run-alone.ts";
import type { RunContext } from "../words/context.ts";
import type { EventOf, OrchestrationEvent } from "../words/events.ts";
import type { Graph } from "../words/graph.ts";
import type { Limits } from "../words/limits.ts";
import type { Migrate } from "../words/migrate.ts";
import type { Rerun, Runnable } from "../words/runnable.ts";
import { type Define, draftOf } from "./builder.ts";
import type { Circuit } from "./circuit.ts";
import { compile, type Reading } from "./compile.ts";
import type { CompositeOptions } from "./composite.ts";
import { problemsOf } from "./definition-problems.ts";
import { checkEventName } from "./event-names.ts";
import { graphOf } from "./graph-of.ts";

/** Limits of an orchestration, and what a run that was kept needs to know of it. */
export interface OrchestrationOptions extends Limits, CompositeOptions {
  /** Names this form of the definition, and is kept with every run. Default "1". */
  readonly version?: string;
  /** Rewrites the journal of a run that was started on another form of the definition. */
  readonly migrate?: Migrate;
  /**
   * What a run does about an error that no further attempt can change, like a model without quota: `circuit()` lets it
   * ask a person. Default: the state fails. Inside of another orchestration the option of the outermost counts.
   */
  readonly onTerminal?: Circuit;
}

const READING: Reading = {
  read: (runnable, lends) => (lends ? lending(runnable) : compiled(runnable)),
  problems: problemsOf,
  straight: straightStates,
};

const NOBODY: readonly EventListener[] = [];

/**
 * A state machine from `TInput` to `TOutput`. It is immutable, and is itself a runnable, so
 * orchestrations nest.
 *
 * @throws InvalidDefinitionError (`ORCH_INVALID_DEFINITION`) at construction, listing all problems.
 *
 * @example
 * ```ts
 * class Research extends Orchestration<string, Report> {
 *   constructor() {
 *     super("research", (o) => o.start(plan).advance(plan, report).finish(report));
 *   }
 * }
 * ```
 */
export class Orchestration<in TInput, out TOutput> implements Runnable<TInput, TOutput> {
  readonly id: string;
  /** Names this form of the definition. */
  readonly version: string;
  readonly migrate: Migrate | undefined;
  readonly maxVisits?: number;
  readonly rerun?: Rerun;
  readonly invoke: (input: TInput, ctx: RunContext) => Promise<TOutput>;
  readonly #definition: Definition;
  #listeners: readonly EventListener[] = NOBODY;

  constructor(id: string, define: Define<TInput, TOutput>, options: OrchestrationOptions = {}) {
    this.id = id;
    const { version = "1", migrate, maxVisits, rerun, onTerminal, ...limits } = options;
    this.version = version;
    this.migrate = migrate;
    if (maxVisits !== undefined) this.maxVisits = maxVisits;
    if (rerun !== undefined) this.rerun = rerun;
    this.#definition = compile(draftOf(id, define, limits), READING);
    this.invoke = (input, ctx) => runAlone(this, input, ctx);
    const circuit = onTerminal as CircuitNode | undefined;
    const node: MachineNode = {
      kind: "orchestration",
      definition: this.#definition,
      open: openMachine,
      proceed: continueMachine,
      within: ({ frame }) => [(frame as MachineFrame).child],
      inside: () => ({ graph: this.graph }),
      ...given({ circuit, stopped: circuit?.stopped }),
    };
    withNode(
      this,
      this.#definition.states.reduce((made, { runnable }) => runnable.node?.around?.(made) ?? made, node),
    );
  }

  /** States and edges as plain data; `@orch/core/draw` draws it. */
  get graph(): Graph {
    return graphOf(this.#definition);
  }

  /**
   * Runs to the end and gives the output.
   *
   * @throws RunnableError, NoAdvanceError, MaxStepsError, CancelledError and the others of `docs/errors.md`.
   */
  run(input: TInput, options: RunOptions = {}): Promise<TOutput> {
    return runToEnd<TOutput>(this, input, options, this.listeners());
  }

  /** Starts a run whose events can be read and which can be cancelled. */
  start(input: TInput, options: RunOptions = {}): Run<TOutput> {
    return startRun<TOutput>(this, input, options, this.listeners());
  }

  /**
   * Calls `listener` for every event of the given type (`"*"`: of all types) in runs started from
   * now on. Gives a function that ends it.
   *
   * @throws UnknownEventError (`ORCH_UNKNOWN_EVENT`) for a type that does not exist, in plain JavaScript.
   */
  on(type: "*", listener: (event: OrchestrationEvent) => void): () => void;
  on<TType extends OrchestrationEvent["type"]>(
    type: TType,
    listener: (event: EventOf<TType>) => void,
  ): () => void;
  on(type: string, listener: (event: never) => void): () => void {
    checkEventName(type);
    let isOn = true;
    // The returned value is passed on, because an asynchronous listener may reject.
    const heard: EventListener = (event) => {
      if (isOn && (type === "*" || event.type === type)) return listener(event as never);
    };
    // Runs under way keep the list they began with.
    this.#listeners = [...this.#listeners, heard];
    return () => {
      isOn = false;
      this.#listeners = this.#listeners.filter((one) => one !== heard);
    };
  }

  /** The listeners at this moment. A host calls this; use {@link on} to listen. */
  listeners(): readonly EventListener[] {
    return this.#listeners;
  }
}

/**
 * Makes an orchestration from a function that says what it is made of.
 *
 * @throws InvalidDefinitionError (`ORCH_INVALID_DEFINITION`), listing all problems at once.
 *
 * @example
 * ```ts
 * const research = orchestration("research", (o) => o
 *   .start(plan)
 *   .advance(plan, searchAll, { when: (p) => p.queries.length > 0, convert: (p) => p.queries })
 *   .advance(searchAll, report)
 *   .finish(report));
 * ```
 */
export function orchestration<TInput = never, TOutput = unknown>(
  id: string,
  define: Define<TInput, TOutput>,
  options: OrchestrationOptions = {},
): Orchestration<TInput, TOutput> {
  return new Orchestration(id, define, options);
}
