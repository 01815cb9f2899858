/** How an MCP server is reached, and which of its tools may be used. Plain data, save for `approve`. */
import type { Clock, Json } from "@orch/core";
import type { McpLogin } from "./mcp-login.ts";

/** What every configuration of an MCP server says, however the server is reached. */
export interface McpServerOptions {
  /** Shown in errors, and the beginning of the tools' names. */
  readonly name: string;
  /** The tools that may be used, by the server's own names; `*` stands for any letters. Default: all of them. */
  readonly allow?: readonly string[];
  /** Put before each tool's name with `__`. Default: `name`; `false` for none. */
  readonly prefix?: string | false;
  /**
   * Which calls a person must agree to. Default: those of every tool that does not say that it only reads. What a
   * server says about its tools is only as good as the server.
   */
  readonly approve?: boolean | ((tool: McpToolInfo, input: Json) => boolean);
  /** How long connecting and listing the tools may take, in milliseconds. Default 15,000. */
  readonly connectTimeout?: number;
  /**
   * How long a call may take, in milliseconds; where the server tells of its progress, how long it may tell nothing.
   * Default: the agent's `toolTimeout`.
   */
  readonly toolTimeout?: number;
  /** How long a call may take that tells of its progress, in milliseconds. Default 600,000, and never below `toolTimeout`. */
  readonly longestCall?: number;
}

/** A server that is started as a child process and spoken to over its standard input and output. */
export interface McpStdioConfig extends McpServerOptions {
  readonly command: string;
  readonly args?: readonly string[];
  /** Added to the few inherited variables (`PATH`, `HOME` and the like). API keys are not inherited. */
  readonly env?: { readonly [name: string]: string };
  readonly cwd?: string;
}

/** A server at an address, over streamable HTTP. */
export interface McpHttpConfig extends McpServerOptions {
  readonly url: string;
  /** Sent with every request, like `authorization`. They do not follow a redirect to another origin. */
  readonly headers?: { readonly [name: string]: string };
}

/** An MCP server. */
export type McpServerConfig = McpStdioConfig | McpHttpConfig;

/** What a server says about one of its tools. */
export interface McpToolInfo {
  /** The server's own name for it. */
  readonly name: string;
  readonly readOnly: boolean;
  readonly destructive: boolean;
}

/** What a server wrote to its log. */
export interface McpLogEntry {
  readonly server: string;
  readonly level: "debug" | "info" | "notice" | "warning" | "error" | "critical" | "alert" | "emergency";
  readonly text: string;
}

/** The outside, as a connection needs it. */
export interface McpOptions {
  /** Closes the connection when it aborts: give the signal of the run that it belongs to. */
  readonly signal?: AbortSignal;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Told of what the server writes to its log (`notifications/message`). Text from outside. */
  readonly onLog?: (entry: McpLogEntry) => void;
  /** How servers that want a login get one. Default: such a server refuses. */
  readonly login?: McpLogin;
  /** Default: the platform's. */
  readonly fetch?: typeof globalThis.fetch;
}
