import type { CompletionValue } from "../input/completion.ts";
import type { Desk } from "./command.ts";

/** The states of what answers, for the completion of commands about one of them. */
export function stateChoices({ graph }: Pick<Desk, "graph">): readonly CompletionValue[] {
  return (graph?.nodes ?? []).map(({ id, kind }) => ({
    value: id,
    ...(kind !== "runnable" && { description: kind }),
  }));
}
