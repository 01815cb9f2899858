/**
 * One model call that survives a bad part of its history. A part that the provider refuses would spoil each later turn
 * too, so the call is made again with that part left out or written in another way, and the user is told. What a model
 * refused once is not sent to it again while the model lives.
 */

import { callModel } from "../model/model-call.ts";
import type { RefusedParts } from "../model/refused-parts.ts";
import { spentTogether, withSpent } from "../model/spent-before.ts";
import type { LinkedAbort } from "../platform/linked-abort.ts";
import type { Spent } from "../words/events.ts";
import type { FinishEvent, ModelEvent, ModelFailure, ModelRequest, Usage } from "../words/model.ts";
import type { RefusedCall, RepairedCall } from "./call-repair.ts";
import { together } from "./prepare.ts";
import { type RunScope, warn } from "./run-scope.ts";

/** Kinds of failures that a part of the conversation, or its length, can be the reason of. */
const REPAIRABLE: ReadonlySet<ModelFailure["kind"]> = new Set(["bad-request", "not-found", "context-length"]);
/** The call as it is, repaired, and repaired once more where that was too little. */
const MOST_CALLS = 3;

/** The answer of a call, and what shortening the conversation used where it called a model. */
export interface HealedCall extends FinishEvent {
  readonly prepared?: Spent;
}

/** Loaded with the first failed call: most programs never need it. Before that no model has refused anything. */
let repairs: typeof import("./call-repair.ts") | undefined;

/** Makes the call, and makes it again without what the provider refuses of it. Gives what `done` makes of the answer. */
export async function callHealed<TDone>(
  scope: RunScope,
  request: ModelRequest,
  link: LinkedAbort,
  done: (said: HealedCall) => TDone,
): Promise<TDone> {
  let base = request;
  let current = asKnown(scope, request);
  let prepared: Spent | undefined;
  let tried: RefusedParts | undefined;
  let spent: Usage | undefined;
  for (let call = 1; ; call++) {
    const events = new HeldEvents(scope);
    const finish = await callModel(scope.model, current, { link, clock: scope.clock, onEvent: events.hear });
    const failure = events.repairable(finish);
    if (tried !== undefined) repairs?.keepUnlessRefused(scope.model, tried, failure);
    const again =
      failure === undefined || call === MOST_CALLS || link.signal.aborted
        ? undefined
        : await repaired(scope, { base, failure, wide: call > 1 });
    if (again?.prepared !== undefined) prepared = together(again.prepared, prepared);
    if (again === undefined) {
      events.publish();
      const all = withSpent(finish, spent);
      return done(prepared === undefined ? all : { ...all, prepared });
    }
    spent = spentTogether(spent, finish.usage);
    warn(scope, again.told);
    tried = again.tried;
    base = again.base ?? base;
    current = again.request ?? asKnown(scope, base);
  }
}

function asKnown(scope: RunScope, request: ModelRequest): ModelRequest {
  return repairs === undefined ? request : repairs.withoutKnown(scope, request);
}

async function repaired(scope: RunScope, refused: RefusedCall): Promise<RepairedCall | undefined> {
  repairs ??= await import("./call-repair.ts");
  return repairs.repaired(scope, refused);
}

/**
 * The events of one call on their way to the readers. The beginning and the end of a call that is made again are not
 * told, so that readers see one start.
 */
class HeldEvents {
  readonly #scope: RunScope;
  #held: ModelEvent[] = [];
  #shown = false;

  constructor(scope: RunScope) {
    this.#scope = scope;
  }

  readonly hear = (event: ModelEvent): void => {
    if (!this.#shown && (event.type === "start" || event.type === "ping" || event.type === "finish")) {
      this.#held.push(event);
      return;
    }
    if (!this.#shown) {
      this.#shown = true;
      this.publish();
    }
    this.#tell(event);
  };

  /** Tells the readers what they were not told yet. */
  publish(): void {
    if (this.#held.length === 0) return;
    const events = this.#held;
    this.#held = [];
    for (const event of events) this.#tell(event);
  }

  /** The failure of a call before any output, where the request may be the reason: it can be made again. */
  repairable({ message }: FinishEvent): ModelFailure | undefined {
    const { error, reason } = message.finish;
    const hopeless =
      this.#shown || reason === "refusal" || error === undefined || !REPAIRABLE.has(error.kind);
    return hopeless ? undefined : error;
  }

  #tell(event: ModelEvent): void {
    const { agent, conversation, publish } = this.#scope;
    // Whole, and not by way of `emit`: it comes for every piece of text, and a copy costs more than the rest of it.
    publish({ type: "agent.model", event, agent: agent.name, turn: conversation.turn });
    if (event.type === "start" || event.type === "finish")
      for (const text of event.warnings ?? []) warn(this.#scope, text);
  }
}
