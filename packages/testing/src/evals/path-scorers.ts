/** Scorers of the way that a run took: its edges, its tools and its questions. */
import { diffLines } from "./diff-lines.ts";
import type { EvalMove, EvalOutcome } from "./eval-outcome.ts";
import { canonicalText } from "./plain-value.ts";
import type { Score, Scorer } from "./scorer.ts";

/** How ways are compared. */
export interface PathOptions {
  /** `strict`: the same moves in the same order. `unordered`: the same moves, as often, in any order. Default `strict`. */
  readonly mode?: "strict" | "unordered";
  /** Whether the edges that declined count. Default true. */
  readonly declined?: boolean;
}

/** How tool calls are compared. */
export interface ToolsOptions {
  readonly mode?: PathOptions["mode"];
  /** Whether the arguments count. Default true. */
  readonly inputs?: boolean;
}

/** The same end, the same states and the same edges: those taken, and those that declined. Column `path`. */
export function samePath({ mode = "strict", declined = true }: PathOptions = {}): Scorer {
  const linesOf = ({ status, path, states }: EvalOutcome): readonly string[] => [
    ...path.map((move) => moveLine(move, declined)),
    ...states.map((state) => `${state.path}: ${state.status}`),
    `the run: ${status}`,
  ];
  return {
    name: "path",
    score: ({ outcome, expected }) => compare(linesOf(expected), linesOf(outcome), mode),
  };
}

/** The same tool calls in each state, which others call the trajectory of an agent. Column `tools`. */
export function sameTools({ mode = "strict", inputs = true }: ToolsOptions = {}): Scorer {
  const linesOf = ({ tools }: EvalOutcome): readonly string[] =>
    tools.map(({ state, name, input }) => `${state}: ${name}${inputs ? ` ${canonicalText(input)}` : ""}`);
  return {
    name: "tools",
    score: ({ outcome, expected }) => compare(linesOf(expected), linesOf(outcome), mode),
  };
}

/** The same questions with the same words. Column `questions`. */
export function sameQuestions(): Scorer {
  const linesOf = ({ questions }: EvalOutcome): readonly string[] =>
    questions.map(({ question, prompt }) => `${question}: ${canonicalText(prompt)}`);
  return {
    name: "questions",
    score: ({ outcome, expected }) => compare(linesOf(expected), linesOf(outcome), "strict"),
  };
}

function moveLine(
  { in: place, from, to, cause, label, declined = [] }: EvalMove,
  withDeclined: boolean,
): string {
  const why = cause === "output" ? "" : ` on ${cause}`;
  const way = `${place}: ${from} -> ${to}${label === undefined ? "" : ` (${label})`}${why}`;
  return withDeclined && declined.length > 0 ? `${way}, declined ${declined.join(", ")}` : way;
}

/** The share of lines that are the same, and the difference. */
function compare(
  expected: readonly string[],
  now: readonly string[],
  mode: NonNullable<PathOptions["mode"]>,
): Score {
  const [before, after] = mode === "strict" ? [expected, now] : [expected.toSorted(), now.toSorted()];
  const longest = Math.max(before.length, after.length);
  const changed = diffLines(before, after);
  const missing = changed.filter((line) => line.startsWith("-")).length;
  if (longest === 0 || changed.length === 0) return { score: 1 };
  return { score: (before.length - missing) / longest, reason: changed.join("\n") };
}
