/** Connects to MCP servers, whose tools are then tools like any other. */
import { isOrchError } from "@orch/core";
import { systemClock } from "@orch/core/doors";
import type { Tool } from "../../agent/tool.ts";
import type { JsonObject } from "../../platform/json-object.ts";
import { allowedTools } from "./allowed-tools.ts";
import type { McpOptions, McpServerConfig } from "./mcp-config.ts";
import { McpConnection } from "./mcp-connection.ts";
import { type McpPrompts, promptsOf } from "./mcp-prompts.ts";
import { type McpResources, resourcesOf, resourceTools } from "./mcp-resources.ts";
import { mcpTool } from "./mcp-tool.ts";
import { callForProgram, type McpCallOptions, type McpCallResult } from "./program-call.ts";
import { loadMcpSdk } from "./sdk.ts";
import type { ToolList } from "./tool-list.ts";

/** A connected server. */
export interface McpServer extends AsyncDisposable {
  readonly name: string;
  /** What the server tells models about itself. It comes from outside: use it only where you trust the server. */
  readonly instructions?: string;
  /** Its allowed tools, as they were listed last. */
  readonly tools: readonly Tool[];
  /** What was left out when they were listed, and why: a tool that no model can be given, a list that does not end. */
  readonly warnings: readonly string[];
  /** Whether it said that its tools changed since they were listed. */
  readonly changed: boolean;
  /** Whether it is gone, and connecting once more did not help: every call fails from now on. Close it, and connect anew. */
  readonly givenUp: boolean;
  /** Its allowed tools now; it is asked again only after it said that they changed. */
  readonly list: () => Promise<readonly Tool[]>;
  /** What it offers to read. */
  readonly resources: McpResources;
  /** Tools with which a model lists and reads what it offers; none where it offers nothing. */
  readonly resourceTools: readonly Tool[];
  /** Prompts that it has ready. */
  readonly prompts: McpPrompts;
  /**
   * Calls a tool for the program: nobody is asked for an approval. `data` checks what the tool gave as data
   * (`structuredContent`), and types it.
   */
  readonly call: <TData = unknown>(
    tool: string,
    input?: JsonObject,
    options?: McpCallOptions<TData>,
  ) => Promise<McpCallResult<TData>>;
  /** Ends the connection. Resolves when a server process that it started has ended. A second call does nothing. */
  readonly close: () => Promise<void>;
}

/**
 * Connects to an MCP server and lists its tools. The official SDK is loaded on the first use.
 *
 * A server that dies fails the calls that wait at once; the next call connects once more. Close what you
 * connect: by `await using`, by `close`, or by the signal of the run it belongs to.
 *
 * @example
 * ```ts
 * await using files = await connectMcp({ name: "files", command: "files-server", args: ["."], allow: ["read_*"] });
 * const helper = agent({ name: "helper", model, tools: files.tools });
 * ```
 * @throws McpServerError (`ORCH_MCP_SERVER`), McpAllowError (`ORCH_MCP_ALLOW`), MissingSdkError
 * (`ORCH_MISSING_SDK`). A tool's calls fail with McpServerError or McpToolError (`ORCH_MCP_TOOL`).
 */
export async function connectMcp(config: McpServerConfig, options: McpOptions = {}): Promise<McpServer> {
  const { clock = systemClock, signal = new AbortController().signal, fetch } = options;
  const sdk = await loadMcpSdk();
  const connection = new McpConnection({ sdk, config, clock, fetch, onLog: options.onLog }, options.login);
  let tools: readonly Tool[] = [];
  let warnings: readonly string[] = [];
  const take = (list: ToolList): void => {
    const made = toolsOf(config, list, connection);
    tools = made.tools;
    warnings = made.warnings;
  };
  take(await opened(connection, signal));
  let closing: Promise<void> | undefined;
  let listing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    signal.removeEventListener("abort", onAbort);
    closing ??= connection.close();
    return closing;
  };
  const onAbort = (): void => void close();
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) await close();
  const { instructions } = connection;
  const resources = resourcesOf(connection);
  return {
    name: config.name,
    ...(instructions !== undefined && { instructions }),
    get tools() {
      return tools;
    },
    get changed() {
      return connection.listStale;
    },
    get givenUp() {
      return connection.givenUp;
    },
    get warnings() {
      return warnings;
    },
    list: () => {
      if (!connection.listStale) return Promise.resolve(tools);
      // Whoever asks meanwhile is given the same list, and a model the same tools in the same order.
      listing ??= connection
        .list()
        .then(take)
        .finally(() => {
          listing = undefined;
        });
      return listing.then(() => tools);
    },
    resources,
    resourceTools: connection.has("resources") ? resourceTools(config, resources) : [],
    prompts: promptsOf(connection),
    call: (tool, input, more) => callForProgram(connection, config.name, tool, input, more),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function opened(connection: McpConnection, signal: AbortSignal): Promise<ToolList> {
  const onAbort = (): void => void connection.close();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await connection.open(signal);
  } catch (error) {
    await connection.close();
    throw error;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** The allowed tools. One that cannot be made is left out: its schema is the server's mistake, and costs no other tool. */
function toolsOf(
  config: McpServerConfig,
  { tools: listed, warnings }: ToolList,
  connection: McpConnection,
): Pick<McpServer, "tools" | "warnings"> {
  const tools: Tool[] = [];
  const left: string[] = [];
  for (const server of allowedTools(config, listed)) {
    try {
      tools.push(mcpTool(config, server, (name, input, ctx) => connection.call(name, input, ctx)));
    } catch (error) {
      if (!isOrchError(error)) throw error;
      const why = error.message.split("\n", 1)[0];
      left.push(`The MCP server "${config.name}": the tool "${server.name}" is left out. ${why}`);
    }
  }
  return { tools, warnings: [...warnings, ...left] };
}

/**
 * Connects to servers for the length of some work, such as one run of an agent, and closes them after it,
 * however it ends.
 *
 * @example
 * ```ts
 * const result = await withMcp([files, tickets], (tools) => runAgent({ ...helper, tools }, question));
 * ```
 * @throws as {@link connectMcp} does, and what `use` throws.
 */
export async function withMcp<TValue>(
  servers: readonly McpServerConfig[],
  use: (tools: readonly Tool[]) => TValue | Promise<TValue>,
  options: McpOptions = {},
): Promise<TValue> {
  const attempts = await Promise.allSettled(servers.map((server) => connectMcp(server, options)));
  const connected = attempts.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  try {
    const failed = attempts.find((one) => one.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    return await use(connected.flatMap((server) => server.tools));
  } finally {
    await Promise.all(connected.map((server) => server.close()));
  }
}
