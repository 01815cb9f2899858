/** What calls used, by model and by state. What is not known is counted, and does not hide what is. */
import type { SessionSpent } from "@orch/chat-runtime";
import type { Spending } from "@orch/core";
import { placeOf } from "./state-models.ts";

/** What some calls used together. */
export interface SpendingSum {
  readonly calls: number;
  /** Tokens read, cached ones included. */
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  /** In US dollars, of the calls whose cost is known. */
  readonly cost: number;
  /** Calls whose cost is not known. */
  readonly unpriced: number;
}

/** A ledger at one moment. The order is that in which they came. */
export interface SpendingLedger {
  readonly total: SpendingSum;
  /** By `provider/model`. */
  readonly models: ReadonlyMap<string, SpendingSum>;
  /** By the state's place in the orchestration, like `searchAll/search`. */
  readonly states: ReadonlyMap<string, SpendingSum>;
}

/** A call, as far as a ledger counts it. */
export interface SpentCall {
  readonly spending: Spending;
  /** The activation's path; absent where it is not known, like for a call that was stopped. */
  readonly path?: string;
}

const NOTHING: SpendingSum = { calls: 0, input: 0, cached: 0, output: 0, cost: 0, unpriced: 0 };

/** A ledger without calls. */
export const EMPTY_LEDGER: SpendingLedger = { total: NOTHING, models: new Map(), states: new Map() };

/** Where a call is counted that is known of no model or no state, because it was stopped. */
export const STOPPED_CALLS = "stopped calls";

/** Where the turns of an earlier start are counted: what is kept of a turn says what it used, and not by which call. */
export const EARLIER_TURNS = "earlier turns";

/** The ledger with one more call. */
export function withCall(ledger: SpendingLedger, { spending, path }: SpentCall): SpendingLedger {
  const { inputTokens = 0, cachedTokens = 0, outputTokens = 0, cost } = spending;
  const call: SpendingSum = {
    calls: 1,
    input: inputTokens,
    cached: cachedTokens,
    output: outputTokens,
    cost: cost ?? 0,
    unpriced: cost === undefined ? 1 : 0,
  };
  return {
    total: sum(ledger.total, call),
    models: withSum(ledger.models, spending.model ?? STOPPED_CALLS, call),
    states: withSum(ledger.states, (path === undefined ? "" : placeOf(path)) || STOPPED_CALLS, call),
  };
}

/** The ledger with turns that were kept: what they used is known, and not by which of their calls. */
export function withKeptTurns(
  ledger: SpendingLedger,
  calls: number,
  { input, cached = 0, output, cost, unpriced }: SessionSpent,
): SpendingLedger {
  const turn: SpendingSum = { calls, input, cached, output, cost, unpriced };
  return {
    total: sum(ledger.total, turn),
    models: withSum(ledger.models, EARLIER_TURNS, turn),
    states: withSum(ledger.states, EARLIER_TURNS, turn),
  };
}

function withSum(
  sums: ReadonlyMap<string, SpendingSum>,
  name: string,
  call: SpendingSum,
): ReadonlyMap<string, SpendingSum> {
  return new Map(sums).set(name, sum(sums.get(name) ?? NOTHING, call));
}

function sum(left: SpendingSum, right: SpendingSum): SpendingSum {
  return {
    calls: left.calls + right.calls,
    input: left.input + right.input,
    cached: left.cached + right.cached,
    output: left.output + right.output,
    cost: left.cost + right.cost,
    unpriced: left.unpriced + right.unpriced,
  };
}

/** What a session used, and what its present or last run used. */
export class SpendingBook {
  session: SpendingLedger = EMPTY_LEDGER;
  run: SpendingLedger = EMPTY_LEDGER;

  /** Begins a run. */
  begin(): void {
    this.run = EMPTY_LEDGER;
  }

  /** Counts a call of the run. */
  add(call: SpentCall): void {
    this.session = withCall(this.session, call);
    this.run = withCall(this.run, call);
  }
}
