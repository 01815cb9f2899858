/** Makes a call again that a provider refused, each time with less of what it may have refused. Loaded with the first one. */
import type { RefusedParts } from "../model/refused-parts.ts";
import { spentTogether, withSpent } from "../model/spent-before.ts";
import type { LinkedAbort } from "../platform/linked-abort.ts";
import type { Spent } from "../words/events.ts";
import type { ModelRequest, Usage } from "../words/model.ts";
import { keepUnlessRefused, repaired, withoutKnown } from "./call-repair.ts";
import { type HealedCall, type TriedCall, tryCall } from "./healed-call.ts";
import { together } from "./prepare.ts";
import { type RunScope, warn } from "./run-scope.ts";

export { withoutKnown };

/** The call as it is, repaired, and repaired once more where that was too little. */
const MOST_CALLS = 3;

/** Repairs and makes a call until it is answered, or nothing is left to repair. `first` is the call as it was. */
export async function healCall(
  scope: RunScope,
  request: ModelRequest,
  link: LinkedAbort,
  first: TriedCall,
): Promise<HealedCall> {
  let base = request;
  let last = first;
  let prepared: Spent | undefined;
  let left: RefusedParts | undefined;
  let spent: Usage | undefined;
  for (let call = 1; ; call++) {
    const { finish, failure } = last;
    if (left !== undefined) keepUnlessRefused(scope.model, left, failure);
    const again =
      failure === undefined || call === MOST_CALLS || link.aborted
        ? undefined
        : await repaired(scope, { base, failure, wide: call > 1 });
    if (again?.prepared !== undefined) prepared = together(again.prepared, prepared);
    if (again === undefined) {
      last.publish();
      const all = withSpent(finish, spent);
      return prepared === undefined ? all : { ...all, prepared };
    }
    spent = spentTogether(spent, finish.usage);
    warn(scope, again.told);
    left = again.tried;
    base = again.base ?? base;
    last = await tryCall(scope, again.request ?? withoutKnown(scope, base), link);
  }
}
