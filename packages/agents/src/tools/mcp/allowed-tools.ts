/** Which tools of a server may be used. */
import { McpAllowError } from "../../errors/mcp-allow-error.ts";
import { nearestName } from "../../platform/nearest-name.ts";
import type { McpServerConfig } from "./mcp-config.ts";

/**
 * Keeps the tools that the configuration allows, in the server's order.
 *
 * @throws McpAllowError (`ORCH_MCP_ALLOW`) when it names a tool that the server does not have.
 */
export function allowedTools<TTool extends { readonly name: string }>(
  { name: server, allow }: McpServerConfig,
  tools: readonly TTool[],
): readonly TTool[] {
  if (allow === undefined) return tools;
  const has = tools.map((tool) => tool.name);
  for (const tool of allow) {
    if (tool.includes("*") || has.includes(tool)) continue;
    const nearest = nearestName(tool, has);
    throw new McpAllowError({ server, tool, has, ...(nearest !== undefined && { nearest }) });
  }
  return tools.filter((tool) => allow.some((pattern) => matches(pattern, tool.name)));
}

/** Whether a name fits a pattern in which `*` stands for any letters, also none. */
function matches(pattern: string, name: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  if (rest.length === 0) return pattern === name;
  const last = rest.pop()!;
  if (!name.startsWith(first) || name.length < first.length + last.length || !name.endsWith(last))
    return false;
  let from = first.length;
  const until = name.length - last.length;
  for (const piece of rest) {
    const at = name.indexOf(piece, from);
    if (at < 0 || at + piece.length > until) return false;
    from = at + piece.length;
  }
  return true;
}
