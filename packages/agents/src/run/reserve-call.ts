/** Before a model call the most that it may spend is reserved under the budgets around the run. */
import { type BudgetLeft, isOrchError, type RunContext } from "@orch/core";
import { estimateRequest } from "../model/estimate-tokens.ts";
import type { Model, ModelRequest, Usage } from "../words/model.ts";

/** The budgets around a run. */
type BudgetsAround = Pick<RunContext, "left" | "reserve">;

/** How much an answer is taken to need at most, in tokens, where the agent's settings have no `maxOutputTokens`. */
const USUAL_OUTPUT = 8_192;
/** An answer that may only be shorter is not asked for, in tokens. */
const LEAST_OUTPUT = 64;
/** Real figures exceed an estimate from the text by so much at most, in the languages that most models were made for. */
const MARGIN = 1.25;
const MILLION = 1_000_000;

/** By how many tokens the real input of a model's calls exceeded the estimate at most: instructions that a provider adds, dense texts. */
const exceeded = new WeakMap<Model, number>();

/** A model call that may be made. */
export interface ReservedCall {
  /** The request; its answer may be no longer than what was reserved. */
  readonly request: ModelRequest;
  /** Gives the reservation back, after the call's spending was counted. Without usage the call was not made to its end. */
  readonly release: (usage?: Usage) => void;
}

/**
 * Reserves a model call: its input by an estimate, its output by `maxOutputTokens` or 8,192 tokens, or what is left.
 *
 * @throws BudgetError (`ORCH_BUDGET`) when not enough is left.
 */
export async function reserveCall(
  budgets: BudgetsAround,
  model: Model,
  request: ModelRequest,
): Promise<ReservedCall> {
  const estimate = inputOf(request);
  for (let before = Number.POSITIVE_INFINITY; ; ) {
    const most = mostOf(budgets.left(), model, estimate, request.maxOutputTokens ?? USUAL_OUTPUT);
    try {
      const { release } = await budgets.reserve(most);
      const made = { ...request, maxOutputTokens: most.outputTokens };
      return { request: made, release: (usage) => learn(model, estimate, usage, release) };
    } catch (error) {
      // Others may have spent while it waited: a shorter answer may still fit.
      if (most.outputTokens >= before || !isOrchError(error, "ORCH_BUDGET")) throw error;
      before = most.outputTokens;
    }
  }
}

/** The most that a call may spend. */
function mostOf(
  left: BudgetLeft,
  model: Model,
  estimate: number,
  wanted: number,
): { readonly inputTokens: number; readonly outputTokens: number; readonly cost: number } {
  const { price } = model.caps;
  const inputTokens = estimate + (exceeded.get(model) ?? 0);
  const inputPrice = price === undefined ? 0 : Math.max(price.input, price.cacheWrite ?? 0) / MILLION;
  const outputPrice = (price?.output ?? 0) / MILLION;
  const paid = outputPrice === 0 ? wanted : Math.floor((left.cost - inputTokens * inputPrice) / outputPrice);
  const affordable = Math.min(left.tokens - inputTokens, paid);
  // What is too short for an answer is refused, with the figures of what was wanted.
  const outputTokens = affordable < Math.min(wanted, LEAST_OUTPUT) ? wanted : Math.min(wanted, affordable);
  return { inputTokens, outputTokens, cost: inputTokens * inputPrice + outputTokens * outputPrice };
}

function learn(model: Model, estimate: number, usage: Usage | undefined, release: () => void): void {
  if (usage !== undefined && usage.estimated !== true && usage.input > estimate) {
    exceeded.set(model, Math.max(exceeded.get(model) ?? 0, usage.input - estimate));
  }
  release();
}

function inputOf(request: ModelRequest): number {
  return Math.ceil(estimateRequest(request) * MARGIN);
}
