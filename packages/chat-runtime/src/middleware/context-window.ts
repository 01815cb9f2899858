/** Middleware that shortens what a configuration sees of a long conversation. */
import { type Model, modelName, type UserMessage } from "@orch/agents";
import { type KeptSummaries, keepRecent, type PrepareContext, summarizer } from "@orch/agents/compaction";
import { costOf } from "@orch/agents/cost";
import type { RuntimeMiddleware, TurnContext } from "../configurations/runtime-configuration.ts";

/** From where on a conversation is long, and what is done then. */
export interface ContextWindowOptions {
  /** Sums up what is left out, in place of leaving it out without a word about its content. */
  readonly summarize?: Model;
  /** Estimated tokens from which on messages are left out. Default: 70 % of the context of `summarize`, or 100,000. */
  readonly above?: number;
  /** Estimated tokens of the messages that are kept. Default: a third of `above`. */
  readonly keep?: number;
  /** Told when a summary could not be written; the conversation is then sent whole. */
  readonly onWarning?: (warning: string) => void;
  /** Told for each turn of which something is left out or summed up: how many messages are still sent as they are. */
  readonly onShortened?: (messages: number) => void;
}

/**
 * Makes middleware that trims a long conversation, or has its beginning summed up by a model. The session keeps every
 * message; only what answers sees fewer. No tool call is parted from its result. A summary is made once and extended
 * later: it counts towards its turn, and is kept with it, so that a later process does not pay for it again.
 */
export function contextWindow(options: ContextWindowOptions = {}): RuntimeMiddleware {
  const { summarize, above, keep, onWarning, onShortened } = options;
  const limits = { ...(above !== undefined && { above }), ...(keep !== undefined && { keep }) };
  return async (turn, context, next) => {
    const all = [...turn.history, turn.message];
    const shorten = summarize
      ? summarizer({ ...limits, model: summarize, summaries: keptIn(context) })
      : keepRecent(limits);
    const seen = await shorten(all, prepareContext(context, summarize ?? NO_MODEL, onWarning));
    context.signal.throwIfAborted();
    if (seen === all) return next(turn, context);
    if (onShortened !== undefined) {
      const whole = new Set<unknown>(all);
      onShortened(seen.filter((message) => whole.has(message)).length);
    }
    return next({ ...turn, history: seen.slice(0, -1), message: seen.at(-1) as UserMessage }, context);
  };
}

/** The summary that is kept with a turn of the conversation. */
function keptIn({ summary, keepSummary }: TurnContext): KeptSummaries {
  return {
    find: (messages) => {
      const known = summary();
      // A layer around this one may have left messages out.
      if (known === undefined || known.covers >= messages.length) return undefined;
      return { text: known.text, covers: messages.slice(0, known.covers), earlier: known.earlier };
    },
    keep: ({ text, covers, earlier = 0 }) => keepSummary({ text, covers: covers.length, earlier }),
  };
}

function prepareContext(
  { signal, clock, spend }: TurnContext,
  model: Model,
  warn: (warning: string) => void = () => {},
): PrepareContext {
  return {
    turn: 1,
    usage: { input: 0, output: 0 },
    model,
    signal,
    clock,
    warn,
    spend: (usage, by) => {
      const cost = costOf(usage, by.caps.price);
      const spent = { inputTokens: usage.input, outputTokens: usage.output, model: modelName(by.id) };
      spend(cost === undefined ? spent : { ...spent, cost });
    },
  };
}

/** Stands where a model is asked only for the size of its context, which it does not know. */
const NO_MODEL: Model = {
  id: { provider: "orch", model: "none" },
  caps: { generative: false },
  stream: async function* () {},
} as unknown as Model;
