/** A call that is made again: what the attempts before it used counts too. */
import type { FinishEvent, Usage } from "../words/model.ts";
import { addCost, addUsage } from "./usage.ts";

/**
 * The usage of two attempts together; the earlier one counts as far as the provider told it. One that was turned down or
 * reached no server adds nothing, and does not make the cost of the other one known.
 */
export function spentTogether(before: Usage | undefined, usage: Usage): Usage {
  if (before !== undefined && usage.cost === 0 && usage.input + usage.output === 0) return before;
  if (before === undefined || before.input + before.output + (before.cost ?? 0) === 0) return usage;
  const cost = addCost(before.cost, usage.cost);
  return {
    ...addUsage(before, usage),
    ...(cost !== undefined && { cost }),
    ...(usage.raw !== undefined && { raw: usage.raw }),
  };
}

/** The finish of the last attempt, with what those before it used. */
export function withSpent(finish: FinishEvent, before: Usage | undefined): FinishEvent {
  const usage = spentTogether(before, finish.usage);
  return usage === finish.usage ? finish : { ...finish, usage };
}
