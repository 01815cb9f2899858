/** Scorers of what a run gave, and of what it spent. */
import { differences } from "@orch/agents/wrappers";
import type { Json, Schema } from "@orch/core";
import { describeIssues } from "@orch/core/doors";
import type { EvalOutcome } from "./eval-outcome.ts";
import { type Score, type ScoredTrial, type Scorer, scoreOf, type Verdict } from "./scorer.ts";

/** Which value is scored. */
export interface ValueOptions {
  /** The column. */
  readonly name?: string;
  /** The path of the state whose output it is. Default: the output of the run. */
  readonly state?: string;
}

/** What a run may spend at most. */
export interface SpendingLimit {
  /** Tokens read and written. */
  readonly tokens?: number;
  /** In US dollars. A call whose price is not known fails the limit, because nothing is counted as 0. */
  readonly cost?: number;
  /** Tokens as a multiple of those of the recorded run: 1.1 is a tenth more. */
  readonly ratio?: number;
}

const MOST = 20;

/** The same value as was recorded, word for word. Column `output`. */
export function sameOutput({ name = "output", state }: ValueOptions = {}): Scorer {
  return {
    name,
    score: ({ outcome, expected }) => {
      const [then, now] = [valueIn(expected, state), valueIn(outcome, state)];
      const found = differences(then ?? null, now ?? null, MOST, "the value");
      if (found.length === 0 && (then === undefined) === (now === undefined)) return { score: 1 };
      return { score: 0, reason: [...found, ...whyNone(outcome, now)].join("\n") };
    },
  };
}

/** A value that fits a schema of any library of Standard Schema. Column `schema`. */
export function fitsSchema(schema: Schema, { name = "schema", state }: ValueOptions = {}): Scorer {
  return {
    name,
    score: async ({ outcome }) => {
      const value = valueIn(outcome, state);
      const { issues } = await schema["~standard"].validate(value);
      if (issues === undefined) return { score: 1 };
      return { score: 0, reason: [describeIssues(issues), ...whyNone(outcome, value)].join("\n") };
    },
  };
}

/** A function of your own: a score from 0 to 1, or yes or no. */
export function judge(
  name: string,
  verdict: (trial: ScoredTrial) => Verdict | Promise<Verdict>,
  options: { readonly threshold?: number } = {},
): Scorer {
  return { name, ...options, score: async (trial) => scoreOf(await verdict(trial)) };
}

/** Spends no more than a limit. Column `spending`. */
export function spendsAtMost({ tokens, cost, ratio }: SpendingLimit): Scorer {
  return {
    name: "spending",
    score: ({ outcome, expected }): Score => {
      const used = tokensOf(outcome);
      const recorded = tokensOf(expected);
      const over: string[] = [];
      if (tokens !== undefined && used > tokens)
        over.push(`${used} tokens, and at most ${tokens} are allowed`);
      if (ratio !== undefined && used > recorded * ratio)
        over.push(
          `${used} tokens, and ${recorded} were recorded: at most ${ratio} times as many are allowed`,
        );
      if (cost !== undefined && outcome.usage.unpriced > 0)
        over.push(`nobody knows the price of ${outcome.usage.unpriced} calls, so the cost is not known`);
      else if (cost !== undefined && outcome.usage.cost > cost)
        over.push(`$${outcome.usage.cost}, and at most $${cost} is allowed`);
      return over.length === 0 ? { score: 1 } : { score: 0, reason: over.join("\n") };
    },
  };
}

/** Tokens read and written. */
export function tokensOf({ usage }: EvalOutcome): number {
  return usage.inputTokens + usage.outputTokens;
}

/** The output of a run or of one of its states. */
export function valueIn({ output, states }: EvalOutcome, state: string | undefined): Json | undefined {
  return state === undefined ? output : states.find(({ path }) => path === state)?.output;
}

function whyNone({ status, error }: EvalOutcome, value: Json | undefined): readonly string[] {
  if (value !== undefined || status === "completed") return [];
  return [
    `the run ${status === "waiting" ? "waits for an answer" : status}${error ? `: ${error.message}` : ""}`,
  ];
}
