/** Where logins at MCP servers are kept: beside what else the program keeps of you, and never in a project. */
import { join } from "node:path";

/** The folder of the logins. */
export function loginsIn(stateFolder: string): string {
  return join(stateFolder, "mcp-logins");
}
