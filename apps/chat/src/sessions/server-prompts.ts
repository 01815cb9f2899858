/** The prompts that MCP servers have ready, as the chat uses them. */

/** A prompt of a server. */
export interface ServerPrompt {
  /** What it is called by: `server/name`. */
  readonly id: string;
  readonly description: string;
  /** What has to be filled in; an optional one ends with `?`. */
  readonly fields: readonly string[];
}

/** The prompts of all servers that are connected. */
export interface ServerPrompts {
  readonly list: () => Promise<readonly ServerPrompt[]>;
  /** Fills a prompt in, and gives its text; `undefined` where there is none of that name. */
  readonly fill: (id: string, fields: { readonly [name: string]: string }) => Promise<string | undefined>;
}
