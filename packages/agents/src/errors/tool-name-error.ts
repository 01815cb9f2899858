import { OrchError } from "@orch/core";

/** Providers refuse the name of a tool. */
export class ToolNameError extends OrchError<"ORCH_TOOL_NAME"> {
  constructor(facts: { readonly tool: string }) {
    super("ORCH_TOOL_NAME", facts, {
      says: `"${facts.tool}" cannot be the name of a tool.`,
      fix: "Use 1 to 64 letters, digits, underscores or hyphens.",
    });
  }
}
