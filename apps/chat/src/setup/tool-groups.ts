import type { Tool } from "@orch/agents";
import { fileTools } from "@orch/agents/files";
import type { ToolGroup } from "../sessions/interactive-context.ts";
import type { Setup } from "./compose.ts";

/** The tools of the bundled agents, and those of each MCP server with how it stands. */
export function toolGroups({ folder, servers }: Pick<Setup, "folder" | "servers">): readonly ToolGroup[] {
  const own: ToolGroup = { name: "files", state: "built in", tools: fileTools({ root: folder }).map(shown) };
  return [
    own,
    ...servers.states.map(({ server, state, problem, retryAt, tools }) => ({
      name: server,
      state,
      tools: tools.map(shown),
      ...(problem !== undefined && { problem }),
      ...(retryAt !== undefined && { retryAt }),
    })),
  ];
}

function shown({ name, description, approve }: Tool): ToolGroup["tools"][number] {
  const asks = typeof approve === "function" ? "sometimes" : approve === true ? "always" : "never";
  return { name, description, asks };
}
