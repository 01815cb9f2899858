import type { DefinitionProblem } from "../errors/invalid-definition-error.ts";
import type { AnyRunnable } from "../words/runnable.ts";
import type { DefinitionDraft } from "./definition-draft.ts";

/** Finds what a run of the small door could not begin with, and what it would not keep to. */
export function* smallProblems(
  { first, last }: DefinitionDraft,
  runnables: readonly AnyRunnable[],
  others: object,
): Iterable<DefinitionProblem> {
  if (first === undefined) yield { says: "There is no start." };
  if (last.length === 0) yield { says: "There is no finish." };
  const lack = 'is not in the small door: import orchestration from "@orch/core".';
  for (const option of Object.keys(others)) yield { says: `"${option}" ${lack}` };
  for (const { id, concurrency } of runnables) {
    if (concurrency !== undefined) yield { runnable: id, says: `"concurrency" of "${id}" ${lack}` };
  }
}
