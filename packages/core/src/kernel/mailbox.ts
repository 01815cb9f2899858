/**
 * The mailbox of a run: the signals that no state has taken, and the states that wait for something in their run. A state
 * that waits ends as a consequence of what the run took last: a signal, a change of shared state, or its own start. So of
 * a signal, a timeout, a lost race and a cancellation one wins, by the order in which the run took them.
 */
import { UnmetConditionError } from "../errors/unmet-condition-error.ts";
import { UnsentSignalError } from "../errors/unsent-signal-error.ts";
import { copyOf } from "../platform/copy-of.ts";
import { given } from "../platform/given.ts";

import { jsonSchemaOf } from "../words/schema.ts";
import type { ConditionContext } from "../words/shared-state.ts";
import type { AnySignalKind } from "../words/signal.ts";
import type { StateWait } from "../words/signal-events.ts";
import { Activation, type Ended } from "./activation.ts";
import { atOnce } from "./at-once.ts";
import type { MetDecision } from "./decisions.ts";
import { failureOf } from "./failure-of.ts";
import { isHalted } from "./halt.ts";
import type { WaitNode, WaitRule } from "./node.ts";
import { openState } from "./open-state.ts";
import { end, type RunState, type SignalCompletion, type Sink } from "./transition.ts";
import type { Slept, Standing, StandingHost, Waits } from "./waits.ts";

/** A signal on its way into a run, with its checked value. */
export interface SentSignal {
  /** The name of its kind. */
  readonly name: string;
  readonly value: unknown;
  readonly key: string | undefined;
}

/** What a wait for a signal or a condition gave. */
export type WaitOutcome =
  | { readonly by: "signal"; readonly value: unknown }
  | { readonly by: "condition" }
  | { readonly by: "timeout" };

/** A signal on its way into the run. */
interface Coming {
  readonly name: string;
  readonly lost: () => void;
}

/** What a mailbox had received when it was kept. */
export interface KeptMailbox {
  /** Those that no state has taken, oldest first. */
  readonly signals: readonly SentSignal[];
  /** The kinds and keys of those that came with a key. */
  readonly keys: readonly string[];
  /** How many came. */
  readonly count: number;
}

/** The mailbox of one run. */
export class Mailbox implements Standing {
  /** In the order in which they began. */
  readonly #waiting = new Set<Activation>();
  /** Those that no state has taken, oldest first. */
  readonly #signals: SentSignal[] = [];
  readonly #keys = new Set<string>();
  /** Signals on their way into the run. */
  readonly #coming = new Set<Coming>();
  /** How many signals were received. */
  #count = 0;
  /** Whether a signal came or a wait began since it was settled last. */
  #hasNews = false;
  /** The version of shared state that conditions were asked about. */
  #version = 0;

  /** The operations that wait, in the order in which they began. */
  get waiting(): readonly Activation[] {
    return [...this.#waiting].filter((operation) => !operation.over && operation.reason === undefined);
  }

  /** How many signals of a kind no state has taken. */
  countOf(name: string): number {
    return this.#signals.filter((signal) => signal.name === name).length;
  }

  /** How many signals of a kind may come, with those that states wait for. */
  room({ name, limit }: Pick<AnySignalKind, "name" | "limit">): number {
    const coming = [...this.#coming].filter((signal) => signal.name === name).length;
    const wanted = this.waiting.filter((operation) => awaitsOf(operation).signal?.name === name).length;
    return limit + wanted - this.countOf(name) - coming;
  }

  /** A signal is on its way into the run; `lost` is called when the run ends first. Gives what is to be called when it has come. */
  comes(name: string, lost: () => void): () => void {
    const coming: Coming = { name, lost };
    this.#coming.add(coming);
    return () => this.#coming.delete(coming);
  }

  /** The run has ended. */
  close(): void {
    for (const { lost } of this.#coming) lost();
    this.#coming.clear();
  }

  /** What it has received. */
  get kept(): KeptMailbox {
    return { signals: this.#signals, keys: [...this.#keys], count: this.#count };
  }

  /** Goes on as it was kept, with the operations that wait, when shared state has this version. */
  restore({ signals, keys, count }: KeptMailbox, waiting: readonly Activation[], version: number): void {
    this.#signals.push(...signals);
    for (const key of keys) this.#keys.add(key);
    this.#count = count;
    this.#version = version;
    for (const operation of waiting) this.#await(operation);
  }

  #await(operation: Activation): void {
    this.#waiting.add(operation);
    operation.attach().alarms.push(() => this.#waiting.delete(operation));
  }

  /** Whether a signal of this kind and key was received. */
  knows({ name, key }: Pick<SentSignal, "name" | "key">): boolean {
    return key !== undefined && this.#keys.has(`${name}\n${key}`);
  }

  holds(operation: Activation): boolean {
    return this.#waiting.has(operation);
  }

  /** Whether all that waits does so for conditions: where nothing else goes on, nothing can make them hold. */
  get isStuck(): boolean {
    return this.waiting.every((operation) => awaitsOf(operation).signal === undefined);
  }

  standsStill(host: StandingHost): boolean {
    if (host.questions.size > 0 || host.hasTimers || !this.isStuck) return false;
    // Later, because the run is in the middle of something.
    void Promise.resolve().then(() => {
      if (host.isWaiting && !host.hasTimers) this.refuse(host);
    });
    return true;
  }

  /** Ends the waits for signals, which nobody can send; where there are none, those for conditions, which nothing can change. */
  refuse(host: Pick<Waits, "deliver">): void {
    const { isStuck } = this;
    for (const operation of this.waiting) {
      const { path, runnable } = operation;
      const { signal } = awaitsOf(operation);
      const error =
        signal === undefined
          ? new UnmetConditionError({ runnable: runnable.id, path })
          : new UnsentSignalError({ signal: signal.name });
      if (signal !== undefined || isStuck) host.deliver({ kind: "failed", operation, error });
    }
  }

  /** What `run.waiting` tells of it: the kinds of signals that are waited for. */
  get told(): { readonly signals?: readonly string[] } {
    const names = this.waiting.flatMap((operation) => awaitsOf(operation).signal?.name ?? []);
    return names.length === 0 ? {} : { signals: [...new Set(names)] };
  }

  /** The open waits as plain data; `undefined` when there is none. */
  waits():
    | readonly (StateWait & { readonly path: string; readonly state: string; readonly due?: number })[]
    | undefined {
    const { waiting } = this;
    if (waiting.length === 0) return undefined;
    return waiting.map((operation) => {
      const { path, runnable, attached } = operation;
      const slept = attached?.notes.get("slept")?.value as Slept | undefined;
      return { path, state: runnable.id, ...waitedFor(operation), ...given({ due: slept?.due }) };
    });
  }

  /** An operation waits from now on, until it has ended. */
  enter(operation: Activation, { recorder }: Sink): void {
    const { path, runnable, visit } = operation;
    this.#hasNews = true;
    this.#await(operation);
    recorder?.add({ type: "state.waiting", path, state: runnable.id, visit, ...waitedFor(operation) });
  }

  /** A signal came. A second one of its kind and key is the same one. */
  receive(run: RunState, signal: SentSignal, sink: Sink): void {
    if (this.knows(signal)) return;
    const { name, key } = signal;
    if (key !== undefined) this.#keys.add(`${name}\n${key}`);
    this.#count += 1;
    this.#signals.push(signal);
    this.#hasNews = true;
    const { path } = run.root;
    const told = { signal: name, number: this.#count, value: signal.value, ...given({ key }) };
    sink.recorder?.add({ type: "signal.received", path, ...told });
  }

  /** Ends the waits that have what they wait for. */
  settle(run: RunState, sink: Sink): void {
    const version = run.values?.version ?? 0;
    if (!this.#hasNews && version === this.#version) return;
    this.#hasNews = false;
    this.#version = version;
    // What begins meanwhile is visited too.
    for (const operation of this.#waiting) {
      const ended = this.#endOf(operation, run, sink);
      if (ended === undefined) continue;
      this.#waiting.delete(operation);
      sink.met?.(operation);
      end(run, operation, ended, sink);
      if (run.ended !== undefined) return;
    }
  }

  /** How a wait ends now; `undefined` while it goes on. */
  #endOf(operation: Activation, run: RunState, sink: Sink): Ended | undefined {
    if (operation.over || operation.reason !== undefined || isHalted(operation)) return undefined;
    const { signal, when } = awaitsOf(operation);
    const place = signal === undefined ? -1 : this.#signals.findIndex(({ name }) => name === signal.name);
    if (signal !== undefined && place === -1) return undefined;
    if (when !== undefined) {
      const met = metNow(operation, when, run, sink);
      if (met === undefined) return undefined;
      if (met.thrown !== undefined) return { kind: "failed", error: failureOf(operation, met.thrown) };
    }
    if (signal === undefined) return { kind: "completed", value: { by: "condition" } satisfies WaitOutcome };
    const [taken] = this.#signals.splice(place, 1);
    return { kind: "completed", value: { by: "signal", value: taken!.value } satisfies WaitOutcome };
  }
}

/** What a wait waits for. */
export function awaitsOf({ node }: Activation): WaitRule {
  return (node as WaitNode).awaits!;
}

/** What a wait waits for, as plain data. */
export function waitedFor(operation: Activation): StateWait {
  const { signal, when, timeout } = awaitsOf(operation);
  const condition = when === undefined ? undefined : true;
  return given({
    signal: signal?.name,
    schema: signal && jsonSchemaOf(signal.schema),
    condition,
    timeout,
  } as const);
}

/** The mailbox of the run that an activation belongs to, made when it is first needed. */
export function mailboxOf(activation: Activation): Mailbox {
  let root = activation;
  while (root.parent !== undefined) root = root.parent;
  const attached = root.attach();
  if (attached.mailbox === undefined) {
    const mailbox = new Mailbox();
    attached.mailbox = mailbox;
    attached.alarms.push(() => mailbox.close());
  }
  return attached.mailbox;
}

/** Puts a signal into the mailbox of its run. A run that is being cancelled takes none any more. */
export function receiveSignal(run: RunState, { signal, taken }: SignalCompletion, sink: Sink): void {
  if (run.root.reason !== undefined) return;
  mailboxOf(run.root).receive(run, signal, sink);
  taken?.();
}

/** That a condition holds now or threw, asked or recalled; `undefined` when it does not hold. */
function metNow(
  operation: Activation,
  when: NonNullable<WaitRule["when"]>,
  run: RunState,
  { decisions }: Sink,
): MetDecision | undefined {
  const { path, input } = operation;
  const recalled = decisions?.recallMet(path);
  if (recalled !== undefined) return recalled === "on" ? undefined : recalled;
  try {
    if (!atOnce(when(copyOf(input), contextOf(operation, run)))) return undefined;
    decisions?.note({ met: path });
    return { met: path };
  } catch (error) {
    const thrown = decisions?.kept(error as Error) ?? (error as Error);
    decisions?.note({ met: path, thrown });
    return { met: path, thrown };
  }
}

/** What a condition reads. Nothing of it is of the operation, whose writes would count. */
function contextOf({ runnable }: Activation, run: RunState): ConditionContext {
  const user = { operation: new Activation(undefined, runnable, undefined), admit: () => {} };
  return { state: (shared) => openState(shared, user, () => run.values) };
}
