/** Keeps calls within the limits of a provider, so that it does not refuse them. */
import { abortedFailure } from "../../model/aborted-failure.ts";
import type { Message } from "../../words/message.ts";
import type { FinishEvent, Model, ModelEvent, ModelRequest } from "../../words/model.ts";
import { type RateLimiter, type RateLimits, rateLimiter } from "./rate-limiter.ts";

/**
 * Wraps a model so that its calls wait for their turn: first come, first served, and a call that is
 * cancelled leaves the queue. Put it inside `withRetry`, so that a repeated call is counted too.
 *
 * Before a call its tokens are estimated (a token for four characters, and what it may write at most);
 * when it ends, what it really used takes the place of the estimate.
 *
 * @param limits What is allowed, or a {@link rateLimiter} that several models share.
 *
 * @example
 * ```ts
 * const account = rateLimiter({ concurrency: 4, requests: 60, tokens: 100_000 });
 * const fast = withRateLimit(resolveModel("openai/fast", config, doors), account);
 * const deep = withRateLimit(resolveModel("openai/deep", config, doors), account);
 * ```
 */
export function withRateLimit(model: Model, limits: RateLimits | RateLimiter): Model {
  const limiter = "enter" in limits ? limits : rateLimiter(limits);
  return { id: model.id, caps: model.caps, stream: (request) => inTurn(model, request, limiter) };
}

async function* inTurn(
  model: Model,
  request: ModelRequest,
  limiter: RateLimiter,
): AsyncGenerator<ModelEvent> {
  const pass = await limiter.enter(estimate(request), request.signal);
  if (pass === undefined) {
    yield cancelled(model);
    return;
  }
  let used: number | undefined;
  try {
    for await (const event of model.stream(request)) {
      if (event.type === "finish" && !event.usage.estimated) used = event.usage.input + event.usage.output;
      if (event.type === "finish") pass.leave(used);
      yield event;
    }
  } finally {
    pass.leave(used);
  }
}

const CHARACTERS_PER_TOKEN = 4;
/** What a picture or a file counts for; providers reckon them in very different ways. */
const FILE_TOKENS = 1_000;

function estimate({ messages, tools = [], maxOutputTokens = 0 }: ModelRequest): number {
  let characters = JSON.stringify(tools).length;
  let tokens = maxOutputTokens;
  for (const message of messages) {
    const [text, files] = sizeOf(message);
    characters += text;
    tokens += files * FILE_TOKENS;
  }
  return tokens + Math.ceil(characters / CHARACTERS_PER_TOKEN);
}

/** How many characters and how many files a message has. */
function sizeOf({ content }: Message): readonly [number, number] {
  let characters = 0;
  let files = 0;
  const count = (part: Message["content"][number] | string): void => {
    if (typeof part === "string") characters += part.length;
    else if (part.type === "file") files++;
    else if (part.type === "tool-call") characters += part.name.length + part.rawInput.length;
    else if (part.type === "provider-call") characters += JSON.stringify(part).length;
    else if (part.type !== "tool-result") characters += part.text.length;
    else if (typeof part.output === "string") characters += part.output.length;
    else part.output.forEach(count);
  };
  content.forEach(count);
  return [characters, files];
}

function cancelled({ id }: Model): FinishEvent {
  const finish = { reason: "aborted", error: abortedFailure(id.provider) } as const;
  return {
    type: "finish",
    message: { role: "assistant", content: [], origin: id, finish },
    usage: { input: 0, output: 0 },
  };
}
