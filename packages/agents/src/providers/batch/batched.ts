import { checkNumbers, LIMIT } from "@orch/core/doors";
import type { Timeouts } from "../../model/model-stream.ts";
import type { Model, Price } from "../../words/model.ts";
import { BatchFetch, type BatchOptions } from "./batch-fetch.ts";

/** What a model needs to be told so that its calls go into batches. */
export interface BatchedOptions {
  readonly fetch: typeof globalThis.fetch;
  /** A batch is silent for hours. */
  readonly timeouts: Timeouts;
}

/** The share of the usual price that batches cost at OpenAI and Anthropic. */
const SHARE = 0.5;

/**
 * Makes a model whose calls go into batches of its provider: for half the price, within 24 hours. A run waits for its
 * answer as it waits for a timer. Works with `openai`, `openaiCompatible` (where the server has OpenAI's batches) and
 * `anthropic`. A price of the model is halved.
 *
 * With `tickets` that last, a process that is killed finds its batches again when the run is resumed, because a resumed
 * run asks with the same words. A run that is cancelled leaves its batch to the provider.
 *
 * @example
 * ```ts
 * const model = batched((outside) => anthropic({ ...outside, apiKey, model: "claude-sonnet-5-5" }), {
 *   tickets: ticketFolder(".batches"),
 * });
 * ```
 * @throws OptionError (`ORCH_OPTION`) for a number that is out of its range.
 */
export function batched(make: (outside: BatchedOptions) => Model, options: BatchOptions = {}): Model {
  const { every, gather } = options;
  checkNumbers(LIMIT, { every, gather });
  const silent = Number.POSITIVE_INFINITY;
  const model = make({
    fetch: new BatchFetch(options).fetch,
    timeouts: { firstEvent: silent, idle: silent },
  });
  const { price } = model.caps;
  const caps = price === undefined ? model.caps : { ...model.caps, price: halved(price) };
  return { id: model.id, caps, stream: (request) => model.stream(request) };
}

function halved(price: Price): Price {
  const halves = Object.entries(price).map(([key, value]: [string, number]) => [key, value * SHARE]);
  return Object.fromEntries(halves) as unknown as Price;
}
