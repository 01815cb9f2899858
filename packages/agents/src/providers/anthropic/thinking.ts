/** Whether and how much the model is asked to think. */
import type { MessageCreateParamsStreaming, MessageParam } from "@anthropic-ai/sdk/resources/messages";
import type { ModelCaps, ModelRequest } from "../../words/model.ts";
import { blocksOf } from "./cache.ts";

/** `adaptive`: the model decides how much to think. `budget`: it is told a number of tokens. */
export type ThinkingStyle = "adaptive" | "budget";

/** The thinking fields of a request body. */
export interface Thinking {
  readonly thinks: boolean;
  /** In tokens; 0 where the model decides. */
  readonly budget: number;
  readonly wire: Pick<MessageCreateParamsStreaming, "thinking">;
}

const BUDGET = { low: 2_048, medium: 8_192, high: 16_384, max: 32_768 } as const;

/** Decides the thinking fields. A turn that another model began cannot have a budget; a warning says so. */
export function thinkingOf(
  { reasoning }: ModelRequest,
  turns: readonly MessageParam[],
  caps: ModelCaps,
  style: ThinkingStyle,
  warnings: string[],
): Thinking {
  if (reasoning === undefined || !caps.reasoning) return { thinks: false, budget: 0, wire: {} };
  const off: Thinking = { thinks: false, budget: 0, wire: { thinking: { type: "disabled" } } };
  if (reasoning === "none") return off;
  if (style === "adaptive") {
    return { thinks: true, budget: 0, wire: { thinking: { type: "adaptive", display: "summarized" } } };
  }
  if (isLoopWithoutThinking(turns)) {
    warnings.push("This turn goes on without thinking, because it began without: the next one thinks again.");
    return off;
  }
  const budget = BUDGET[reasoning];
  return { thinks: true, budget, wire: { thinking: { type: "enabled", budget_tokens: budget } } };
}

/** With a budget, the API refuses results of calls whose turn does not begin with thinking of its own. */
function isLoopWithoutThinking(turns: readonly MessageParam[]): boolean {
  const [asked, answered] = [turns.at(-2), turns.at(-1)];
  if (asked === undefined || answered === undefined || blocksOf(answered)[0]?.type !== "tool_result")
    return false;
  const first = blocksOf(asked)[0]?.type;
  return first !== "thinking" && first !== "redacted_thinking";
}
