/** Where Anthropic is told to remember what it read: marks in the body, four at most. */

import type {
  CacheControlEphemeral,
  ContentBlockParam,
  MessageCreateParamsStreaming,
  MessageParam,
  TextBlockParam,
  ToolUnion,
} from "@anthropic-ai/sdk/resources/messages";
import type { ModelRequest } from "../../words/model.ts";
import type { CachePlacement } from "./cache-placement.ts";

/** How long what is marked is kept, and where the marks go. */
export interface CacheSettings {
  readonly keep: NonNullable<ModelRequest["cache"]>;
  readonly placement: CachePlacement;
}

const MOST_MARKS = 4;

type Body = Pick<MessageCreateParamsStreaming, "messages"> & {
  readonly system: TextBlockParam[];
  readonly tools: ToolUnion[];
};

/** The mark of a message with `cache`; all marks of a request last as long, since the API wants the longer first. */
export function cacheMark({ keep }: CacheSettings): CacheControlEphemeral {
  return keep === "long" ? { type: "ephemeral", ttl: "1h" } : { type: "ephemeral" };
}

/** Puts `mark` on the last block. */
export function marked<TBlock extends { type: string }>(
  blocks: TBlock[],
  cache: true | undefined,
  mark: CacheControlEphemeral,
): TBlock[] {
  const last = blocks.at(-1);
  if (!cache || last === undefined) return blocks;
  return [...blocks.slice(0, -1), { ...last, cache_control: mark }];
}

/** Places the request's own mark, and removes the earliest marks over the limit, because later marks cover more. */
export function placeCache(
  { system, tools, messages }: Body,
  settings: CacheSettings,
): Pick<MessageCreateParamsStreaming, "cache_control"> {
  const wanted = settings.keep !== "none" && settings.placement !== "marked";
  const automatic = wanted && settings.placement === "automatic";
  const prefix = wanted && !automatic ? (system.at(-1) ?? tools.at(-1)) : undefined;
  if (prefix !== undefined) prefix.cache_control = cacheMark(settings);
  const holders = [...system, ...messages.flatMap(blocksOf)].filter((block) => "cache_control" in block);
  const room = MOST_MARKS - (automatic || prefix !== undefined ? 1 : 0);
  const others = holders.filter((block) => block !== prefix) as { cache_control?: unknown }[];
  for (const block of others.slice(0, Math.max(0, others.length - room))) delete block.cache_control;
  return automatic ? { cache_control: cacheMark(settings) } : {};
}

/** The blocks of a turn; a text stands for one block. */
export function blocksOf({ content }: MessageParam): ContentBlockParam[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : (content as ContentBlockParam[]);
}
