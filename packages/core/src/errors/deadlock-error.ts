import { brief } from "./brief.ts";
import { OrchError } from "./orch-error.ts";

/** One activation of a circle, and what it waits for. The last one waits for the first. */
export interface CircleStep {
  readonly runId: string;
  readonly path: string;
  /** A place of a runnable's `concurrency`, or the end of a run that it began. */
  readonly waitsFor: { readonly runnable: string } | { readonly runId: string };
}

/** Who waits for whom. */
export interface DeadlockFacts {
  readonly circle: readonly CircleStep[];
}

/**
 * States wait for one another in a circle, and nothing outside can end that: a state inside a gate waits for a run that
 * needs a place of the same gate. Another attempt would wait in the same way.
 */
export class DeadlockError extends OrchError<"ORCH_DEADLOCK", DeadlockFacts> {
  readonly retryable = false;

  constructor(facts: DeadlockFacts) {
    const steps = facts.circle.map(
      ({ runId, path, waitsFor }) =>
        `${brief(path)} of run "${brief(runId)}" waits for ${
          "runnable" in waitsFor
            ? `a place of "${brief(waitsFor.runnable)}"`
            : `run "${brief(waitsFor.runId)}"`
        }`,
    );
    super("ORCH_DEADLOCK", facts, {
      says: `States wait for one another in a circle: ${steps.join("; ")}.`,
      fix: "Begin the inner run through the context, as flow.invoke(input, ctx) or flow.run(input, { signal: ctx.signal }): its caller gives its place back while it waits. Or raise the concurrency of the runnable.",
    });
  }
}
