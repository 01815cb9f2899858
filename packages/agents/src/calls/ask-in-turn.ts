/** Questions about tool calls: one at a time in a run, seen by its readers, given up when it is cancelled. */

import type { RunScope } from "../run/run-scope.ts";
import type { Approval, Approver } from "./approval.ts";

/** The approver with its questions in the run's queue. */
export function askInTurn(
  approver: Approver,
  { questions, signal, emit }: Pick<RunScope, "questions" | "signal" | "emit">,
): Approver {
  const { ask } = approver;
  if (ask === undefined) return approver;
  return {
    ...approver,
    ask: (pending, place) =>
      questions(async () => {
        if (signal.aborted) return false;
        const { id, name, input } = pending;
        emit({ type: "tool.approval", id, name, input, status: "asked" });
        const approval = await answerOf(() => ask(pending, place), signal);
        const status = approval === true ? "approved" : "denied";
        const reason = typeof approval === "object" ? { reason: approval.deny } : {};
        emit({ type: "tool.approval", id, name, input, status, ...reason });
        return approval;
      }),
  };
}

/** What somebody answered; no, when nobody could be asked or the run is cancelled before the answer. */
function answerOf(ask: () => Approval | Promise<Approval>, signal: AbortSignal): Promise<Approval> {
  return new Promise((resolve) => {
    const settle = (approval: Approval): void => {
      signal.removeEventListener("abort", onAbort);
      resolve(approval);
    };
    const onAbort = (): void => settle(false);
    signal.addEventListener("abort", onAbort, { once: true });
    const nobody = (): void => settle({ deny: "Nobody could be asked." });
    (async () => ask())().then(settle, nobody);
  });
}
