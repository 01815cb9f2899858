/**
 * One model call that survives a bad part of its history. A part that the provider refuses would spoil each later turn
 * too, so the call is made again with that part left out or written in another way, and the user is told. What a model
 * refused once is not sent to it again while the model lives.
 */

import { shortened, tokensAllowed } from "../model/conversation-limit.ts";
import { callModel } from "../model/model-call.ts";
import { type RefusedParts, type RepairWay, suspectsOf, withoutRefused } from "../model/refused-parts.ts";
import type { LinkedAbort } from "../platform/linked-abort.ts";
import type { Spent } from "../words/events.ts";
import type { Message } from "../words/message.ts";
import type { FinishEvent, Model, ModelEvent, ModelFailure, ModelRequest } from "../words/model.ts";
import { prepare, together } from "./prepare.ts";
import { type RunScope, warn } from "./run-scope.ts";

/** The call as it is, repaired, and repaired once more where that was too little. */
const MOST_CALLS = 3;

/** The answer of a call, and what shortening the conversation used where it called a model. */
export interface HealedCall extends FinishEvent {
  readonly prepared?: Spent;
}

/** The parts that a model refused; they are kept no longer than the model and the parts themselves. */
const refusedBy = new WeakMap<Model, WeakMap<object, RepairWay>>();

/** Makes the call, and makes it again without what the provider refuses of it. */
export async function callHealed(
  scope: RunScope,
  request: ModelRequest,
  link: LinkedAbort,
): Promise<HealedCall> {
  const { model } = scope;
  let base = request;
  let current = asKnown(scope, request);
  let prepared: Spent | undefined;
  let tried: RefusedParts | undefined;
  for (let call = 1; ; call++) {
    const { finish, publish, failure } = await callOnce(scope, current, link);
    if (tried !== undefined && !isRefusal(failure)) keep(model, tried);
    const again =
      failure === undefined || call === MOST_CALLS || link.signal.aborted
        ? undefined
        : await repaired(scope, { base, failure, wide: call > 1 });
    if (again?.prepared !== undefined) prepared = together(again.prepared, prepared);
    if (again === undefined) {
      publish();
      return prepared === undefined ? finish : { ...finish, prepared };
    }
    warn(scope, again.told);
    tried = again.tried;
    base = again.base ?? base;
    current = again.request ?? asKnown(scope, base);
  }
}

/** The request without what this model is known to refuse. */
function asKnown(scope: RunScope, request: ModelRequest): ModelRequest {
  const { model } = scope;
  const known = refusedBy.get(model);
  if (known === undefined) return request;
  const { request: rest, told } = withoutRefused(request, known, model.id.provider);
  for (const text of told) warn(scope, `${text}.`);
  return rest;
}

function isRefusal(failure: ModelFailure | undefined): boolean {
  return failure?.kind === "bad-request" || failure?.kind === "not-found";
}

function keep(model: Model, parts: RefusedParts): void {
  const known = refusedBy.get(model) ?? new WeakMap<object, RepairWay>();
  refusedBy.set(model, known);
  for (const [part, way] of parts) known.set(part, way);
}

interface Refused {
  /** The request with every part as it is. */
  readonly base: ModelRequest;
  readonly failure: ModelFailure;
  readonly wide: boolean;
}

interface Again {
  /** What is sent without the parts that were tried. */
  readonly request?: ModelRequest;
  /** The shorter request that takes the place of the base. */
  readonly base?: ModelRequest;
  readonly told: string;
  readonly tried?: RefusedParts;
  readonly prepared?: Spent;
}

/** What to send instead; `undefined` where nothing of the request can be the reason. */
function repaired(scope: RunScope, refused: Refused): Again | undefined | Promise<Again | undefined> {
  if (refused.failure.kind === "context-length") return shorter(scope, refused);
  const { base, failure, wide } = refused;
  const { id } = scope.model;
  const tried = suspectsOf(base, failure, id, wide);
  if (tried.size === 0) return undefined;
  const known = refusedBy.get(scope.model);
  const { told } = withoutRefused(base, tried, id.provider);
  if (told.length === 0) return undefined;
  const get = (part: object): RepairWay | undefined => tried.get(part) ?? known?.get(part);
  const { request } = withoutRefused(base, { get }, id.provider);
  return { request, tried, told: `${said(failure)} The call is made again. ${told.join(". ")}.` };
}

/** Shortens by the agent's own way first, and by leaving out what is old. */
async function shorter(scope: RunScope, { base, failure }: Refused): Promise<Again | undefined> {
  const { agent, model } = scope;
  const limit = tokensAllowed(base.messages, failure, model.caps.contextWindow);
  const own = agent.prepare === undefined ? undefined : await prepare(scope, agent.prepare, limit);
  const seen: readonly Message[] = own === undefined ? base.messages : [...scope.system, ...own.messages];
  const messages = shortened(seen, limit);
  const isShorter =
    messages !== base.messages && JSON.stringify(messages).length < JSON.stringify(base.messages).length;
  if (!isShorter) return undefined;
  return {
    base: { ...base, messages },
    told: `${said(failure)} The call is made again with a shorter conversation: ${messages.length} of ${base.messages.length} messages, long texts cut.`,
    ...(own?.prepared !== undefined && { prepared: own.prepared }),
  };
}

function said({ message }: ModelFailure): string {
  return /[.!?…]$/.test(message) ? message : `${message}.`;
}

interface Called {
  readonly finish: FinishEvent;
  /** Tells the readers what they were not told yet. */
  readonly publish: () => void;
  /** Set where the call failed before any output, so that it can be made again. */
  readonly failure: ModelFailure | undefined;
}

/** Calls the model. The beginning and the end of a call that is made again are not told, so that readers see one start. */
async function callOnce(scope: RunScope, request: ModelRequest, link: LinkedAbort): Promise<Called> {
  const { agent, conversation, publish } = scope;
  let held: ModelEvent[] = [];
  let shown = false;
  const tell = (event: ModelEvent): void => {
    // Whole, and not by way of `emit`: it comes for every piece of text, and a copy costs more than the rest of it.
    publish({ type: "agent.model", event, agent: agent.name, turn: conversation.turn });
    if (event.type === "start" || event.type === "finish")
      for (const text of event.warnings ?? []) warn(scope, text);
  };
  const tellHeld = (): void => {
    const events = held;
    held = [];
    events.forEach(tell);
  };
  const finish = await callModel(scope.model, request, {
    link,
    clock: scope.clock,
    onEvent: (event) => {
      if (shown) return tell(event);
      if (event.type === "start" || event.type === "ping" || event.type === "finish") {
        held.push(event);
        return;
      }
      shown = true;
      tellHeld();
      tell(event);
    },
  });
  const { error } = finish.message.finish;
  const failure = shown ? undefined : error;
  return { finish, publish: tellHeld, failure };
}
