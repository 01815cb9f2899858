import { OrchError } from "@orch/core";

/** A tool that was allowed and that the server does not have. */
export interface McpAllowFacts {
  readonly server: string;
  readonly tool: string;
  readonly has: readonly string[];
  readonly nearest?: string;
}

/** An allow-list names a tool that the MCP server does not have. */
export class McpAllowError extends OrchError<"ORCH_MCP_ALLOW", McpAllowFacts> {
  constructor(facts: McpAllowFacts) {
    const { server, tool, has, nearest } = facts;
    const names = has.length === 0 ? "no tools" : has.join(", ");
    super("ORCH_MCP_ALLOW", facts, {
      says: `The MCP server "${server}" has no tool "${tool}". It has: ${names}.`,
      fix:
        nearest === undefined
          ? "Take the name out of `allow`."
          : `Write "${nearest}" in \`allow\`, if that is meant.`,
    });
  }
}
