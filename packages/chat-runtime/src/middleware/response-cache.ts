/** Middleware that remembers replies. */
import { textOf } from "@orch/agents";
import { ABOVE, checkNumbers } from "@orch/core/doors";
import type { RuntimeMiddleware, Turn, TurnReply } from "../configurations/runtime-configuration.ts";

/** Where replies are kept. They are plain data unless the output of an orchestration is not. */
export interface ReplyStore {
  readonly get: (key: string) => TurnReply | undefined | Promise<TurnReply | undefined>;
  readonly set: (key: string, reply: TurnReply) => unknown;
}

/** What is remembered, and where. */
export interface ResponseCacheOptions {
  /** Default: memory for the last `size` replies. */
  readonly store?: ReplyStore;
  /** Of the default store. Default 100. */
  readonly size?: number;
  /** What two turns must share to have one reply; `undefined` remembers nothing. Default: the whole conversation, word by word. */
  readonly key?: (turn: Turn) => string | undefined;
}

/**
 * Makes middleware that answers a turn that was answered before without running anything: its text is said at once, and
 * it costs nothing. Only completed replies are kept. A store that fails is passed by.
 */
export function responseCache(options: ResponseCacheOptions = {}): RuntimeMiddleware {
  const { size = 100, store = memoryStore(size), key = wholeConversation } = options;
  checkNumbers(ABOVE, { size });
  return async (turn, context, next) => {
    const name = key(turn);
    if (name === undefined) return next(turn, context);
    const known = await quietly(() => store.get(name));
    if (known !== undefined) {
      context.say(textOf(known.message), "cache");
      return { ...known, usage: { input: 0, output: 0 }, cost: 0 };
    }
    const reply = await next(turn, context);
    if (!context.signal.aborted) await quietly(() => store.set(name, reply));
    return reply;
  };
}

function wholeConversation({ history, message }: Turn): string {
  return JSON.stringify([history, message]);
}

async function quietly<TValue>(act: () => TValue | Promise<TValue>): Promise<TValue | undefined> {
  try {
    return await act();
  } catch {
    return undefined;
  }
}

function memoryStore(size: number): ReplyStore {
  const replies = new Map<string, TurnReply>();
  return {
    get: (key) => {
      const reply = replies.get(key);
      if (reply === undefined) return undefined;
      replies.delete(key);
      replies.set(key, reply);
      return reply;
    },
    set: (key, reply) => {
      replies.set(key, reply);
      for (const oldest of replies.keys()) {
        if (replies.size <= size) break;
        replies.delete(oldest);
      }
    },
  };
}
