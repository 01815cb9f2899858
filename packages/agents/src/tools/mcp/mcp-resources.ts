/** What a server offers to read: to the program, and as tools that a model may call. */
import { type Tool, tool } from "../../agent/tool.ts";
import type { FilePart, TextPart } from "../../words/message.ts";
import type { McpServerConfig } from "./mcp-config.ts";
import type { McpConnection } from "./mcp-connection.ts";
import { NEVER } from "./mcp-link.ts";
import { schemaOf } from "./mcp-tool.ts";
import { filePart } from "./tool-content.ts";
import { toolName } from "./tool-name.ts";

/** Something that can be read. */
export interface McpResource {
  readonly uri: string;
  readonly name: string;
  readonly description?: string;
  readonly mediaType?: string;
  /** In bytes. */
  readonly size?: number;
}

/** Many things that can be read, by one pattern. */
export interface McpResourceTemplate {
  /** A URI with `{names}` to be filled in (RFC 6570). */
  readonly uriTemplate: string;
  readonly name: string;
  readonly description?: string;
  readonly mediaType?: string;
}

/** What a server offers to read. Each call rejects with McpServerError or McpToolError. */
export interface McpResources {
  /** Empty where the server offers none. */
  readonly list: () => Promise<readonly McpResource[]>;
  readonly templates: () => Promise<readonly McpResourceTemplate[]>;
  /** Gives texts as they are and other contents as files of up to 5 MiB. */
  readonly read: (uri: string) => Promise<readonly (TextPart | FilePart)[]>;
  /** Calls `changed` when the server says that the resource changed. Resolves to a function that ends it. */
  readonly watch: (uri: string, changed: () => void) => Promise<() => Promise<void>>;
}

/** The resources of a connected server. */
export function resourcesOf(connection: McpConnection): McpResources {
  const bounds = { timeout: NEVER } as const;
  return {
    list: () =>
      connection.use("resources/list", async ({ client }) => {
        const { resources } = await client.listResources(undefined, bounds);
        return resources.map(({ uri, size, ...about }) => ({
          uri,
          ...told(about),
          ...(size !== undefined && { size }),
        }));
      }),
    templates: () =>
      connection.use("resources/templates/list", async ({ client }) => {
        const { resourceTemplates } = await client.listResourceTemplates(undefined, bounds);
        return resourceTemplates.map(({ uriTemplate, ...about }) => ({ uriTemplate, ...told(about) }));
      }),
    read: (uri) =>
      connection.use("resources/read", async ({ client }) => {
        const { contents } = await client.readResource({ uri }, bounds);
        return contents.map((one) =>
          "text" in one
            ? { type: "text" as const, text: one.text }
            : filePart(one.mimeType ?? "application/octet-stream", one.blob, one.uri),
        );
      }),
    watch: (uri, changed) =>
      connection.use("resources/subscribe", async ({ client }) => {
        const stop = connection.onResource(uri, changed);
        if (client.getProtocolEra() === "modern") {
          const listening = await client.listen({ resourceSubscriptions: [uri] }, bounds);
          return async () => {
            stop();
            await listening.close();
          };
        }
        await client.subscribeResource({ uri }, bounds);
        return async () => {
          stop();
          await client.unsubscribeResource({ uri }, bounds).catch(() => {});
        };
      }),
  };
}

function told(about: {
  readonly name: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly mimeType?: string | undefined;
}): { readonly name: string; readonly description?: string; readonly mediaType?: string } {
  const description = about.description ?? about.title;
  return {
    name: about.name,
    ...(description !== undefined && { description }),
    ...(about.mimeType !== undefined && { mediaType: about.mimeType }),
  };
}

/** Tools with which a model lists and reads what a server offers. They only read, so nobody is asked. */
export function resourceTools(
  { name, prefix = name }: McpServerConfig,
  resources: McpResources,
): readonly Tool[] {
  const list = tool({
    name: toolName(prefix, "list_resources"),
    description: `Lists what the server "${name}" offers to read: addresses, and patterns of addresses.`,
    input: schemaOf({ type: "object", properties: {} }),
    invoke: async () => {
      const [found, patterns] = await Promise.all([resources.list(), resources.templates()]);
      return { resources: found.map((one) => ({ ...one })), templates: patterns.map((one) => ({ ...one })) };
    },
  });
  const read = tool({
    name: toolName(prefix, "read_resource"),
    description: `Reads one of the addresses that the server "${name}" offers.`,
    input: schemaOf({ type: "object", properties: { uri: { type: "string" } }, required: ["uri"] }),
    invoke: ({ uri }) => resources.read(String(uri)),
  });
  return [list, read];
}
