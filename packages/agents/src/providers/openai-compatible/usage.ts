/** The figures of Chat Completions, which servers count and name differently. */
import type { Json } from "@orch/core";
import type { ChatCompletionChunk } from "openai/resources/chat/completions";
import type { Usage } from "../../words/model.ts";
import type { Compat } from "./compat.ts";

/** Usage figures that some servers add to OpenAI's own. */
interface More {
  /** DeepSeek: the part of `prompt_tokens` that its cache had. */
  readonly prompt_cache_hit_tokens?: unknown;
  /** OpenRouter: the charged price. When your own key pays the upstream provider, it is only OpenRouter's fee. */
  readonly cost?: unknown;
  readonly is_byok?: unknown;
  readonly cost_details?: { readonly upstream_inference_cost?: unknown } | null;
  /** xAI: the charged price; a dollar has 10^10 ticks. */
  readonly cost_in_usd_ticks?: unknown;
  /** OpenRouter: the searches that it made. */
  readonly server_tool_use?: { readonly web_search_requests?: unknown } | null;
}

/** The figures as servers send them. */
export type ChatUsage = NonNullable<ChatCompletionChunk["usage"]>;

const TICKS = 1e10;

/** Reads the figures; totals are inclusive afterwards, whatever they were on the wire. */
export function usageOf(usage: ChatUsage, compat: Pick<Compat, "costInUsage">): Usage {
  const more = usage as More;
  const input = figure(usage.prompt_tokens) ?? 0;
  const told = figure(usage.completion_tokens);
  const said = told ?? 0;
  const cacheRead =
    figure(usage.prompt_tokens_details?.cached_tokens) ?? figure(more.prompt_cache_hit_tokens);
  const cacheWrite = figure(usage.prompt_tokens_details?.cache_write_tokens);
  const reasoning = figure(usage.completion_tokens_details?.reasoning_tokens);
  // xAI counts reasoning beside the answer, others as a part of it; their total tells which.
  const beside = reasoning !== undefined && (usage.total_tokens ?? 0) >= input + said + reasoning;
  const cost = costIn(more, compat);
  const webSearches = figure(more.server_tool_use?.web_search_requests) ?? 0;
  return {
    input,
    output: beside ? said + reasoning : said,
    ...(cacheRead !== undefined && { cacheRead }),
    ...(cacheWrite !== undefined && { cacheWrite }),
    ...(reasoning !== undefined && { reasoning }),
    ...(cost !== undefined && { cost }),
    ...(webSearches > 0 && { webSearches }),
    // A request has tokens: a server that says 0, or one half only, has not counted.
    ...((input === 0 || told === undefined) && { estimated: true as const }),
    raw: usage as unknown as Json,
  };
}

function costIn(usage: More, { costInUsage }: Pick<Compat, "costInUsage">): number | undefined {
  const ticks = figure(usage.cost_in_usd_ticks);
  if (ticks !== undefined) return ticks / TICKS;
  const cost = costInUsage ? figure(usage.cost) : undefined;
  if (cost === undefined || usage.is_byok !== true) return cost;
  const upstream = figure(usage.cost_details?.upstream_inference_cost);
  return upstream === undefined ? undefined : cost + upstream;
}

/** A figure from a server; `undefined` when it is not a valid number. */
function figure(value: unknown): number | undefined {
  return typeof value === "number" && value >= 0 ? value : undefined;
}
