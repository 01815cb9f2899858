/** How logins at MCP servers are made and kept. */
import type { Json } from "@orch/core";

/** A login that a person has to make. */
export interface McpLoginRequest {
  /** The server's name in the configuration. */
  readonly server: string;
  /** Where the person logs in; it leads back to this machine. */
  readonly url: string;
}

/** What a login gave, as a store keeps it. Treat it like a password. */
export interface KeptLogin {
  /** The server's name in the configuration. */
  readonly server: string;
  /** The server's address. What was given for one address is never used for another. */
  readonly url: string;
  /** What the protocol's client keeps: registration, tokens, and where they came from. */
  readonly login: Json;
}

/** Keeps logins, one for each server and address. */
export interface McpLoginStore {
  readonly load: (server: string, url: string) => Promise<KeptLogin | undefined>;
  readonly save: (kept: KeptLogin) => Promise<void>;
  /** Forgets a login; nothing happens where there is none. */
  readonly remove: (server: string, url: string) => Promise<void>;
  readonly list: () => Promise<readonly KeptLogin[]>;
}

/** How servers that want a login (OAuth) get one. */
export interface McpLogin {
  readonly store: McpLoginStore;
  /**
   * Shows a person the address while a connection is made; the connection waits. Default: connecting fails with the
   * reason `login`. A call that needs a login in the middle of a run asks by a question of the run instead.
   */
  readonly open?: (request: McpLoginRequest) => void | Promise<void>;
  /** How long a login is waited for, in milliseconds. Default 300,000. */
  readonly patience?: number;
  /** The https address of a client metadata document, for servers that know clients by one. Default: the client registers itself. */
  readonly clientMetadataUrl?: string;
}
