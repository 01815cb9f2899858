import { OrchError } from "@orch/core";

/** What an error about a tool of a provider says. */
export interface ProviderToolFacts {
  /** Like `file-search`. */
  readonly tool: string;
  /** Like `anthropic`; empty where the tool itself is wrong. */
  readonly provider: string;
  readonly problem: string;
  /** The providers that have the tool. */
  readonly has: readonly string[];
}

/** A tool of a provider was asked of one that does not have it, or in a way that it does not take. */
export class ProviderToolError extends OrchError<"ORCH_PROVIDER_TOOL"> {
  constructor(facts: ProviderToolFacts) {
    super("ORCH_PROVIDER_TOOL", facts, {
      says: `The tool "${facts.tool}" cannot be used${facts.provider === "" ? "" : ` with ${facts.provider}`}: ${facts.problem}.`,
      fix:
        facts.has.length === 0
          ? "Change its options, or leave the tool out."
          : `Choose a model of ${facts.has.join(" or ")}, change the tool's options, or leave the tool out.`,
    });
  }
}
