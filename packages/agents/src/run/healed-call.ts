/**
 * One model call that survives a bad part of its history. A part that the provider refuses would spoil each later turn
 * too, so the call is made again with that part left out or written in another way, and the user is told. What a model
 * refused once is not sent to it again while the model lives.
 */

import { ModelCall } from "../model/model-call.ts";
import type { LinkedAbort } from "../platform/linked-abort.ts";
import { type Spent, unheard } from "../words/events.ts";
import type { FinishEvent, ModelEvent, ModelFailure, ModelRequest } from "../words/model.ts";
import { type RunScope, warn } from "./run-scope.ts";

/** Kinds of failures that a part of the conversation, or its length, can be the reason of. */
const REPAIRABLE: ReadonlySet<ModelFailure["kind"]> = new Set(["bad-request", "not-found", "context-length"]);

/** The answer of a call, and what shortening the conversation used where it called a model. */
export interface HealedCall extends FinishEvent {
  readonly prepared?: Spent;
}

/** One try of a call. */
export interface TriedCall {
  readonly finish: FinishEvent;
  /** Set where it can be made again. */
  readonly failure: ModelFailure | undefined;
  /** Tells the readers what they were not told yet; for the try that counts. */
  readonly publish: () => void;
}

/** Loaded with the first failed call: most programs never need it. Before that no model has refused anything. */
let healing: typeof import("./heal-call.ts") | undefined;

/**
 * Makes the call, and makes it again without what the provider refuses of it. Gives what `done` makes of the answer; a
 * function that knows its run by its parameter is not made for each call.
 */
export function callHealed<TDone>(
  scope: RunScope,
  request: ModelRequest,
  link: LinkedAbort,
  done: (scope: RunScope, said: HealedCall) => TDone,
): Promise<TDone> {
  const current = healing === undefined ? request : healing.withoutKnown(scope, request);
  const trying = new HeldCall<TDone>(scope, current, (tried) =>
    tried.failure === undefined || link.aborted
      ? done(scope, told(tried))
      : heal(scope, request, link, tried).then((said) => done(scope, said)),
  );
  return trying.wait(link);
}

/** Makes a call once. */
export function tryCall(scope: RunScope, request: ModelRequest, link: LinkedAbort): Promise<TriedCall> {
  return new HeldCall<TriedCall>(scope, request, (tried) => tried).wait(link);
}

function told(tried: TriedCall): FinishEvent {
  tried.publish();
  return tried.finish;
}

async function heal(
  scope: RunScope,
  request: ModelRequest,
  link: LinkedAbort,
  tried: TriedCall,
): Promise<HealedCall> {
  healing ??= await import("./heal-call.ts");
  return healing.healCall(scope, request, link, tried);
}

/**
 * One try, with its events on their way to the readers. The beginning and the end of a call that is made again are not
 * told, so that readers see one start.
 */
class HeldCall<TDone> extends ModelCall<TDone> implements TriedCall {
  readonly #scope: RunScope;
  readonly #then: (tried: TriedCall) => TDone | Promise<TDone>;
  finish!: FinishEvent;
  failure: ModelFailure | undefined;
  #held: ModelEvent[] | undefined;
  #shown = false;

  constructor(scope: RunScope, request: ModelRequest, then: (tried: TriedCall) => TDone | Promise<TDone>) {
    super(scope.model, request, scope.clock);
    this.#scope = scope;
    this.#then = then;
  }

  told(event: ModelEvent): void {
    if (!this.#shown && (event.type === "start" || event.type === "ping" || event.type === "finish")) {
      this.#held ??= [];
      this.#held.push(event);
      return;
    }
    if (!this.#shown) {
      this.#shown = true;
      this.publish();
    }
    this.#tell(event);
  }

  done(finish: FinishEvent): TDone | Promise<TDone> {
    this.finish = finish;
    this.failure = this.#repairable(finish);
    return this.#then(this);
  }

  publish(): void {
    if (this.#held === undefined) return;
    const events = this.#held;
    this.#held = undefined;
    for (const event of events) this.#tell(event);
  }

  /** The failure of a call before any output, where the request may be the reason: it can be made again. */
  #repairable({ message }: FinishEvent): ModelFailure | undefined {
    const { error, reason } = message.finish;
    const hopeless =
      this.#shown || reason === "refusal" || error === undefined || !REPAIRABLE.has(error.kind);
    return hopeless ? undefined : error;
  }

  #tell(event: ModelEvent): void {
    const { agent, conversation, publish } = this.#scope;
    if (publish !== unheard)
      // Whole, and not by way of `emit`: it comes for every piece of text, and a copy costs more than the rest of it.
      publish({ type: "agent.model", event, agent: agent.name, turn: conversation.turn });
    if (event.type === "start" || event.type === "finish")
      for (const text of event.warnings ?? []) warn(this.#scope, text);
  }
}
