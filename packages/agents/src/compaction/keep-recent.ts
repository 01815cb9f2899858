import { checkNumbers, LIMIT } from "@orch/core/doors";
import type { Prepare } from "../agent/agent.ts";
import { cutPoint } from "../model/cut-point.ts";
import { estimateTokens } from "../model/estimate-tokens.ts";
import { gapMessage } from "../model/gap-message.ts";

/** How much of a conversation is kept without a model. */
export interface KeepRecentOptions {
  /** Estimated tokens from which on messages are left out. Default: 70 % of the model's context, or 100,000. */
  readonly above?: number;
  /** Estimated tokens of the messages that are kept. Default: a third of `above`. */
  readonly keep?: number;
}

/**
 * Makes a `prepare` that leaves out the oldest messages once a conversation is long, and says so in
 * their place. System messages stay, and no call is parted from its result.
 */
export function keepRecent(options: KeepRecentOptions = {}): Prepare {
  const { above, keep } = options;
  checkNumbers(LIMIT, { above, keep });
  return (messages, { model, limit }) => {
    const { above, keep } = limitsOf(options, model.caps.contextWindow, limit);
    if (tokensOf(messages) <= above) return messages;
    const cut = cutPoint(messages, { keep, most: above }, estimateTokens);
    const left = messages.slice(0, cut).filter(({ role }) => role !== "system");
    if (left.length === 0) return messages;
    return [
      ...messages.slice(0, cut).filter(({ role }) => role === "system"),
      gapMessage(left.length),
      ...messages.slice(cut),
    ];
  };
}

/** The limits with their defaults; `limit` holds where the provider itself said that the conversation is too long. */
export function limitsOf(
  { above, keep }: KeepRecentOptions,
  contextWindow: number | undefined,
  limit: number = Number.POSITIVE_INFINITY,
): Required<KeepRecentOptions> {
  const wanted = above ?? (contextWindow === undefined ? 100_000 : Math.floor(contextWindow * 0.7));
  const most = Math.min(wanted, limit);
  return { above: most, keep: Math.min(keep ?? Math.floor(most / 3), most) };
}

/** The estimated tokens of messages together. */
export function tokensOf(messages: readonly Parameters<typeof estimateTokens>[0][]): number {
  return messages.reduce((sum, message) => sum + estimateTokens(message), 0);
}
