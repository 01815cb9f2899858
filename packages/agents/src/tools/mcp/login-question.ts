/** A login in the middle of a run, as a question of it. */
import type { ToolContext } from "../../agent/tool.ts";
import { McpServerError } from "../../errors/mcp-server-error.ts";
import { answerSchema, type ElicitationPrompt } from "./elicitation.ts";

/** For who sits at another machine than the one that the browser is led back to. */
const ADDRESS = {
  type: "object",
  properties: {
    address: {
      type: "string",
      description: "only where the browser cannot open the page that it was led to at last: its address",
    },
  },
} as const;

/** Asks a person to log in. Gives the address that the browser was led to, where the person had to copy it. */
export async function askForLogin(
  ask: NonNullable<ToolContext["ask"]>,
  server: string,
  tool: string,
  url: string,
): Promise<string | undefined> {
  const question = `The MCP server "${server}" wants a login. Open ${url} and accept when you are logged in.`;
  const prompt: ElicitationPrompt = { question, server, tool, url };
  const { action, content } = await ask({
    // An address is good for one login, and a run shows a question as it was first asked: each is a question of its own.
    name: `login:${new URL(url).searchParams.get("state") ?? url}`,
    prompt,
    answer: answerSchema(ADDRESS, () => undefined),
  });
  if (action !== "accept")
    throw new McpServerError({ server, reason: "login", tool, detail: `the answer was ${action}` });
  const address = content?.["address"];
  return typeof address === "string" && address !== "" ? address : undefined;
}

/** Whether nothing but a login is missing. */
export function wantsLogin(error: unknown): boolean {
  return error instanceof McpServerError && error.facts.reason === "login";
}
