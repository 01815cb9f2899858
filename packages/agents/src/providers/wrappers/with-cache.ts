/** Gives an answer that was given before to the same question. */
import type { Clock } from "@orch/core";
import { checkNumbers, LIMIT, systemClock } from "@orch/core/doors";
import type { AssistantMessage, AssistantPart } from "../../words/message.ts";
import {
  type FinishEvent,
  type Model,
  type ModelEvent,
  type ModelRequest,
  modelName,
} from "../../words/model.ts";
import { keyOf } from "./request-key.ts";

/** An answer as it is kept: plain JSON. */
export interface CachedAnswer {
  readonly message: AssistantMessage;
  /** When it was given, in milliseconds since the epoch. */
  readonly time: number;
}

/** Where answers are kept. The key is a text of the whole question; shorten it by a hash if it is to be a file's name. */
export interface CacheStore {
  readonly get: (key: string) => CachedAnswer | undefined | Promise<CachedAnswer | undefined>;
  readonly set: (key: string, answer: CachedAnswer) => void | Promise<void>;
}

/** How `withCache` behaves. */
export interface CacheOptions {
  /** Default: the newest 100 answers, in memory. */
  readonly store?: CacheStore;
  /** How long an answer is good, in milliseconds. Default: for ever. */
  readonly maxAge?: number;
  readonly clock?: Clock;
  /** Told when an answer came from the store, with the name of the model that gave it. */
  readonly onHit?: (model: string) => void;
}

/**
 * Wraps a model so that the same question (messages, tools, settings; not headers or the session) is
 * asked once. Only whole answers are kept. One from the store uses no tokens and costs nothing.
 */
export function withCache(model: Model, options: CacheOptions = {}): Model {
  const { store = memoryStore(100), maxAge } = options;
  checkNumbers(LIMIT, { maxAge });
  return { id: model.id, caps: model.caps, stream: (request) => cached(model, request, store, options) };
}

async function* cached(
  model: Model,
  request: ModelRequest,
  store: CacheStore,
  options: CacheOptions,
): AsyncGenerator<ModelEvent> {
  const { clock = systemClock, maxAge = Number.POSITIVE_INFINITY, onHit } = options;
  const key = `${modelName(model.id)} ${keyOf(request)}`;
  const known = request.signal.aborted ? undefined : await read(store, key);
  // An answer of the future was kept before the clock was set back, and nobody knows its age.
  const age = known === undefined ? Number.NaN : clock.now() - known.time;
  if (known !== undefined && age <= maxAge && (age >= 0 || maxAge === Number.POSITIVE_INFINITY)) {
    try {
      onHit?.(modelName(known.message.origin));
    } catch {
      // An error of the listener does not fail the call.
    }
    yield* saidAgain(known.message);
    return;
  }
  for await (const event of model.stream(request)) {
    yield event.type === "finish" ? await kept(event, key, store, clock) : event;
  }
}

/** A store that cannot be read, or an entry of another form, counts as empty. */
async function read(store: CacheStore, key: string): Promise<CachedAnswer | undefined> {
  try {
    const known = await store.get(key);
    return known?.message?.role === "assistant" && Array.isArray(known.message.content) ? known : undefined;
  } catch {
    return undefined;
  }
}

async function kept(finish: FinishEvent, key: string, store: CacheStore, clock: Clock): Promise<FinishEvent> {
  const { reason } = finish.message.finish;
  if (reason !== "stop" && reason !== "tool-calls") return finish;
  try {
    await store.set(key, { message: finish.message, time: clock.now() });
    return finish;
  } catch (error) {
    const warning = `The answer was not kept for later: ${error instanceof Error ? error.message : String(error)}`;
    return { ...finish, warnings: [...(finish.warnings ?? []), warning] };
  }
}

/** A message as a model says it. */
function* saidAgain(message: AssistantMessage): Generator<ModelEvent> {
  yield { type: "start", model: message.origin.model };
  for (const [index, part] of message.content.entries()) {
    const delta = deltaOf(part, index);
    if (delta !== undefined) yield delta;
    yield { type: "part", index, part };
  }
  yield { type: "finish", message, usage: { input: 0, output: 0, cost: 0 } };
}

function deltaOf(part: AssistantPart, index: number): ModelEvent | undefined {
  if (part.type === "text" || part.type === "reasoning") {
    return part.text === "" ? undefined : { type: part.type, index, delta: part.text };
  }
  if (part.type !== "tool-call") return undefined;
  return { type: "tool-input", index, id: part.id, name: part.name, delta: part.rawInput };
}

/** Keeps the newest `size` answers; reading an answer makes it the newest. */
function memoryStore(size: number): CacheStore {
  const answers = new Map<string, CachedAnswer>();
  return {
    get: (key) => {
      const answer = answers.get(key);
      if (answer !== undefined) {
        answers.delete(key);
        answers.set(key, answer);
      }
      return answer;
    },
    set: (key, answer) => {
      answers.delete(key);
      answers.set(key, answer);
      const [oldest] = answers.keys();
      if (answers.size > size && oldest !== undefined) answers.delete(oldest);
    },
  };
}
