/** What a call that a provider refused is made again with: less of the conversation, or a part of it in another way. */
import { shortened, tokensAllowed } from "../model/conversation-limit.ts";
import { type RefusedParts, type RepairWay, suspectsOf, withoutRefused } from "../model/refused-parts.ts";
import type { Spent } from "../words/events.ts";
import { type Message, userMessage } from "../words/message.ts";
import type { Model, ModelFailure, ModelRequest } from "../words/model.ts";
import { prepare } from "./prepare.ts";
import { type RunScope, warn } from "./run-scope.ts";

/** The parts that a model refused; they are kept no longer than the model and the parts themselves. */
const refusedBy = new WeakMap<Model, WeakMap<object, RepairWay>>();

/** The request without what this model is known to refuse. */
export function withoutKnown(scope: RunScope, request: ModelRequest): ModelRequest {
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

/** Remembers the parts that were left out of a call, unless that call was refused too. */
export function keepUnlessRefused(
  model: Model,
  parts: RefusedParts,
  failure: ModelFailure | undefined,
): void {
  if (isRefusal(failure)) return;
  const known = refusedBy.get(model) ?? new WeakMap<object, RepairWay>();
  refusedBy.set(model, known);
  for (const [part, way] of parts) known.set(part, way);
}

/** A call that a provider refused. */
export interface RefusedCall {
  /** The request with every part as it is. */
  readonly base: ModelRequest;
  readonly failure: ModelFailure;
  readonly wide: boolean;
}

/** How the call is made again. */
export interface RepairedCall {
  /** What is sent without the parts that were tried. */
  readonly request?: ModelRequest;
  /** The shorter request that takes the place of the base. */
  readonly base?: ModelRequest;
  readonly told: string;
  readonly tried?: RefusedParts;
  readonly prepared?: Spent;
}

/** What to send instead; `undefined` where nothing of the request can be the reason. */
export function repaired(
  scope: RunScope,
  refused: RefusedCall,
): RepairedCall | undefined | Promise<RepairedCall | undefined> {
  if (refused.failure.kind === "context-length") return shorter(scope, refused);
  if (refused.failure.mistake !== undefined) return corrected(refused, refused.failure.mistake);
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

/** Tells the model what it did wrong. That is no part of the conversation: later turns do not have it. */
function corrected({ base, failure }: RefusedCall, mistake: string): RepairedCall {
  const text = `Your last answer could not be used: ${mistake}\nAnswer again. A tool is called with arguments that fit its schema, and no tool is called that is not offered.`;
  return {
    base: { ...base, messages: [...base.messages, userMessage(text)] },
    told: `${said(failure)} The model is told, and asked again.`,
  };
}

/** Shortens by the agent's own way first, and by leaving out what is old. */
async function shorter(
  scope: RunScope,
  { base, failure, wide }: RefusedCall,
): Promise<RepairedCall | undefined> {
  const { agent, model } = scope;
  const limit = tokensAllowed(base.messages, failure, model.caps.contextWindow, wide);
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
