/** Asks another model when one cannot answer. */

import { spentTogether } from "../../model/spent-before.ts";
import { costOf } from "../../model/usage.ts";
import type { Model, ModelCaps, ModelEvent, ModelFailure, ModelRequest, Usage } from "../../words/model.ts";
import { modelName } from "../../words/model.ts";
import { attempt } from "./attempt.ts";

/** A model could not answer, and the next one is about to be asked. */
export interface ModelFallback {
  /** `provider/model` that failed. */
  readonly from: string;
  /** `provider/model` that is asked now. */
  readonly to: string;
  readonly failure: ModelFailure;
}

/** How `withFallback` behaves. */
export interface FallbackOptions {
  /**
   * Which failures let the next model be asked. Default: retryable failures, and an exhausted quota.
   * A wrong key, a bad request or a conversation that is too long is not hidden by another model's answer.
   */
  readonly when?: (failure: ModelFailure) => boolean;
  /** Told before the next model is asked. The reader of the stream is told by a warning as well. */
  readonly onFallback?: (fallback: ModelFallback) => void;
}

/**
 * Makes one model of several: the first is asked, and the next one only when it fails before its first
 * output. The answer comes with a warning that says so, and its message's `origin` names who answered.
 *
 * Its `id` is that of the first model; its `caps` are what all of them can do, so that a request fits
 * whichever answers. What a call cost is reckoned by the price of the model that answered; what the others told
 * that they used before they failed counts beside it, by their own prices.
 *
 * @example
 * ```ts
 * const model = withFallback([withRetry(fast), withRetry(steady)]);
 * ```
 */
export function withFallback(models: readonly [Model, ...Model[]], options: FallbackOptions = {}): Model {
  return {
    id: models[0].id,
    caps: commonCaps(models),
    stream: (request) => inTurn(models, request, options),
  };
}

async function* inTurn(
  models: readonly Model[],
  request: ModelRequest,
  options: FallbackOptions,
): AsyncGenerator<ModelEvent> {
  const { when = mayPass, onFallback } = options;
  const warnings: string[] = [];
  let spent: Usage | undefined;
  for (const [position, model] of models.entries()) {
    const { last, shown, held } = yield* attempt(model, request, warnings);
    if (last === undefined) return;
    spent = spentTogether(spent, priced(last.usage, model));
    const failure = last.message.finish.error;
    const next = models[position + 1];
    const over = shown || next === undefined || request.signal.aborted;
    if (over || failure === undefined || failure.kind === "aborted" || !when(failure)) {
      yield* held;
      yield { ...last, usage: spent };
      return;
    }
    const [from, to] = [modelName(model.id), modelName(next.id)];
    warnings.push(`${from} could not answer, so ${to} was asked. ${failure.message}`);
    try {
      onFallback?.({ from, to, failure });
    } catch {
      // An error of the listener does not fail the call.
    }
  }
}

function mayPass(failure: ModelFailure): boolean {
  return failure.retryable || failure.kind === "quota";
}

function priced(usage: Usage, model: Model): Usage {
  const cost = costOf(usage, model.caps.price);
  return cost === undefined ? usage : { ...usage, cost };
}

/** What every one of the models can do. */
function commonCaps(models: readonly [Model, ...Model[]]): ModelCaps {
  const caps = models.map((model) => model.caps);
  const every = (test: (caps: ModelCaps) => boolean): boolean => caps.every(test);
  const windows = caps.flatMap(({ contextWindow }) => contextWindow ?? []);
  const tools = every((one) => one.tools);
  // A price is known only when every model has one; each answer then says what it cost.
  const price = every((one) => one.price !== undefined) ? caps[0]!.price : undefined;
  return {
    generative: every((one) => one.generative),
    tools,
    parallelTools: every((one) => one.parallelTools),
    output: commonOutput(caps, tools),
    outputWithTools: every((one) => one.outputWithTools),
    images: every((one) => one.images),
    files: every((one) => one.files),
    reasoning: every((one) => one.reasoning),
    ...(windows.length > 0 && { contextWindow: Math.min(...windows) }),
    ...(price !== undefined && { price }),
  };
}

/** The way to a structured answer that all can go: a tool when all have tools, else instructions. */
function commonOutput(caps: readonly ModelCaps[], tools: boolean): ModelCaps["output"] {
  const first = caps[0]!.output;
  if (caps.every(({ output }) => output === first)) return first;
  if (caps.some(({ output }) => output === "none")) return "none";
  return tools && caps.every(({ output }) => output !== "prompt") ? "tool" : "prompt";
}
