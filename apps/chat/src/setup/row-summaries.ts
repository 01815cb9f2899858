/** What the rows of states say of their outputs, in the words of the orchestrations. */
import type { StateSummaries } from "../orchestrations/orchestration-context.ts";

/** The exports `summaries` of the orchestrations that were loaded. */
export class RowSummaries {
  readonly #kept = new Map<string, unknown>();

  /** Keeps what a file exports. */
  keep(orchestration: string, exports: object): void {
    this.#kept.set(orchestration, "summaries" in exports ? exports.summaries : undefined);
  }

  /** What an orchestration says of the output of a state; `undefined` where it says nothing, or fails. */
  readonly of = (orchestration: string, state: string, output: unknown): string | undefined => {
    const summaries = this.#kept.get(orchestration);
    if (typeof summaries !== "object" || summaries === null || !Object.hasOwn(summaries, state))
      return undefined;
    try {
      const said: unknown = (summaries as StateSummaries)[state]?.(output as never);
      return typeof said === "string" ? said : undefined;
    } catch {
      // A row is no reason to lose an answer.
      return undefined;
    }
  };
}
