/**
 * Activations: the tree of what is going on in a run. Each is one visit of one runnable; those of
 * composites have a frame that remembers how far they are.
 */

import { Scope } from "../platform/cancel.ts";
import type { Attached } from "./attached.ts";
import type { Compiled } from "./compiled.ts";
import type { CompositeNode } from "./node.ts";

/** How an activation ended. */
export type Ended =
  | { readonly kind: "completed"; readonly value: unknown }
  | { readonly kind: "failed"; readonly error: Error }
  | { readonly kind: "cancelled"; readonly error: Error };

/** The progress of a composite. Each kind of composite has its own fields. */
export interface Frame {
  /** Its end, decided already, which waits until the open activations in it have settled. */
  closing: Ended | undefined;
}

/** One visit of one runnable. */
export class Activation {
  declare readonly parent: Activation | undefined;
  declare readonly runnable: Compiled;
  declare readonly input: unknown;
  /** How often the runnable was entered in its machine, from 1. */
  declare readonly visit: number;
  /** The branch number in the parent's fan-out; -1 elsewhere. */
  declare readonly slot: number;
  /** The inside of its runnable; `undefined` for a plain function. */
  declare readonly node: CompositeNode | undefined;
  declare frame: Frame | undefined;
  /** The attempt under way, from 1. */
  declare attempt: number;
  /** When it started, in milliseconds; set only if a listener hears the events. */
  declare startedAt: number;
  /** Whether it ended or was abandoned. Later results are ignored. */
  declare over: boolean;
  declare attached: Attached | undefined;
  /** Why it was aborted itself. Not private, because what is in it may be of another copy of this package. */
  declare aborted: Error | undefined;
  /** Its place in the tree of signals, if it was asked for. */
  declare scoped: Scope | undefined;
  /** Its path, if it was read. */
  declare named: string | undefined;

  constructor(parent: Activation | undefined, runnable: Compiled, input: unknown, visit = 1, slot = -1) {
    this.parent = parent;
    this.runnable = runnable;
    this.input = input;
    this.visit = visit;
    this.slot = slot;
    this.node = runnable.node;
    this.frame = undefined;
    this.attempt = 1;
    this.startedAt = 0;
    this.over = false;
    this.attached = undefined;
    this.aborted = undefined;
    this.scoped = undefined;
    this.named = undefined;
  }

  /** Why it, or something around it, was aborted; `undefined` while it lives. */
  get reason(): Error | undefined {
    for (let at: Activation | undefined = this; at !== undefined; at = at.parent) {
      if (at.aborted !== undefined) return at.aborted;
    }
    return undefined;
  }

  /** The signal of this activation, aborted with it; made when it is first read. */
  get signal(): AbortSignal {
    return this.scope.signal;
  }

  /** Its place in the tree of signals; made when first asked for. */
  get scope(): Scope {
    this.scoped ??= new Scope(this.parent?.scope, this.aborted, this);
    return this.scoped;
  }

  /** Aborts it and all within it. The first reason stays. */
  abort(reason: Error): void {
    if (this.aborted !== undefined) return;
    this.aborted = reason;
    this.scoped?.abort(reason);
  }

  /** It goes on, although it has ended. */
  revive(): void {
    this.over = false;
    this.startedAt = 0;
    this.aborted = undefined;
    this.scoped = undefined;
  }

  /** It has ended: what is around it may forget its signal. */
  release(): void {
    this.scoped?.release();
  }

  /** Its attached data, created on first use. */
  attach(): Attached {
    this.attached ??= {
      alarms: [],
      notes: new Map(),
      writes: [],
      drafts: undefined,
      commit: undefined,
      rests: false,
      stopped: false,
      censuses: undefined,
      dossiers: undefined,
      branches: undefined,
      leaving: undefined,
      circuit: undefined,
      mailbox: undefined,
    };
    return this.attached;
  }

  /** Stable name in the run, like `research/searchAll#1[2]/search#1`; made when it is first read. */
  get path(): string {
    this.named ??= pathOf(this);
    return this.named;
  }
}

function pathOf({ parent, runnable, slot, visit }: Activation): string {
  if (parent === undefined) return runnable.id;
  if (slot === -1) return `${parent.path}/${runnable.id}#${visit}`;
  const branch = parent.node?.keys?.[slot] ?? slot;
  return `${parent.path}[${branch}]/${runnable.id}#${visit}`;
}
