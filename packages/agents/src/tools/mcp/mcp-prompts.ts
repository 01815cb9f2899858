/** Prompts that a server has ready, as messages of a conversation. */
import type { FilePart, TextPart } from "../../words/message.ts";
import type { McpConnection } from "./mcp-connection.ts";
import { NEVER } from "./mcp-link.ts";
import { contentPart } from "./tool-content.ts";

/** A prompt, and what has to be filled in. */
export interface McpPrompt {
  readonly name: string;
  readonly description?: string;
  readonly arguments: readonly {
    readonly name: string;
    readonly description?: string;
    readonly required: boolean;
  }[];
}

/** A message of a prompt. */
export interface McpPromptMessage {
  readonly role: "user" | "assistant";
  readonly content: readonly (TextPart | FilePart)[];
}

/** The prompts of a server. Each call rejects with McpServerError or McpToolError. */
export interface McpPrompts {
  /** Empty where the server has none. */
  readonly list: () => Promise<readonly McpPrompt[]>;
  /** Fills a prompt in, and gives its messages. They come from outside: use them only where you trust the server. */
  readonly get: (
    name: string,
    args?: { readonly [name: string]: string },
  ) => Promise<readonly McpPromptMessage[]>;
}

/** The prompts of a connected server. */
export function promptsOf(connection: McpConnection): McpPrompts {
  return {
    list: () =>
      connection.use("prompts/list", async ({ client }) => {
        const { prompts } = await client.listPrompts(undefined, { timeout: NEVER });
        return prompts.map(({ name, title, description = title, arguments: args = [] }) => ({
          name,
          ...(description !== undefined && { description }),
          arguments: args.map((one) => ({
            name: one.name,
            ...(one.description !== undefined && { description: one.description }),
            required: one.required === true,
          })),
        }));
      }),
    get: (name, args = {}) =>
      connection.use(`prompts/get ${name}`, async ({ client }) => {
        const { messages } = await client.getPrompt({ name, arguments: { ...args } }, { timeout: NEVER });
        return messages.map(({ role, content }) => ({ role, content: [contentPart(content)] }));
      }),
  };
}
