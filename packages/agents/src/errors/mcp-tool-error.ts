import { OrchError } from "@orch/core";

/** What an MCP server said about a call. */
export interface McpToolFacts {
  readonly server: string;
  readonly tool: string;
  readonly problem: string;
}

/** A tool of an MCP server reported an error. Its message is the server's own text and no more, because a model reads it. */
export class McpToolError extends OrchError<"ORCH_MCP_TOOL", McpToolFacts> {
  constructor(facts: McpToolFacts) {
    super("ORCH_MCP_TOOL", facts, { says: facts.problem, fix: "Correct the call, or do without it." });
    this.message = facts.problem;
  }
}
