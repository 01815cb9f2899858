/** The objects of the chat completions API. */
import type { PublicUsage } from "../words/public-event.ts";

/** What every object of one completion says. */
export interface CompletionHead {
  readonly id: string;
  /** Seconds since the epoch. */
  readonly created: number;
  readonly model: string;
}

/** One chunk of a streamed completion. */
export function chunkObject(head: CompletionHead, delta: object, finish: "stop" | null = null): object {
  const choices = [{ index: 0, delta, logprobs: null, finish_reason: finish }];
  return { ...head, object: "chat.completion.chunk", choices };
}

/** The last chunk of a stream that asked for its usage. */
export function usageChunk(head: CompletionHead, usage: PublicUsage | undefined): object {
  return { ...head, object: "chat.completion.chunk", choices: [], usage: completionUsage(usage) };
}

/** A completion as a whole. */
export function completionObject(
  head: CompletionHead,
  {
    text,
    reasoning,
    usage,
  }: { readonly text: string; readonly reasoning: string; readonly usage?: PublicUsage },
): object {
  const message = {
    role: "assistant",
    content: text,
    refusal: null,
    ...(reasoning !== "" && { reasoning_content: reasoning }),
  };
  const choices = [{ index: 0, message, logprobs: null, finish_reason: "stop" }];
  return { ...head, object: "chat.completion", choices, usage: completionUsage(usage) };
}

function completionUsage({ inputTokens = 0, outputTokens = 0 }: PublicUsage = {}): object {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
  };
}
