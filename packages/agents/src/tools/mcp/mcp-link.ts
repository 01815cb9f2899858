/** One connection to a server, from its beginning to its end; never used again after that. */

import type { Client, ElicitRequest, ElicitResult, Transport } from "@modelcontextprotocol/client";
import type { Clock } from "@orch/core";
import { cutText } from "../../platform/cut-text.ts";
import { systemFetch } from "../../platform/proxy/proxied-fetch.ts";
import { redact } from "../../platform/redact.ts";
import { type Manner, statusOf } from "./manner.ts";
import type { McpHttpConfig, McpLogEntry, McpServerConfig, McpStdioConfig } from "./mcp-config.ts";
import type { OAuthLogin } from "./oauth-login.ts";
import type { McpSdk } from "./sdk.ts";
import { watchedFetch } from "./watched-fetch.ts";

const NEWEST = "2026-07-28";
/** How long a stream that ended may still be read before its call counts as unanswered, in milliseconds. */
const SETTLING = 100;
/** How long a server may take to agree to the end of a session, and to exit, in milliseconds. */
const FAREWELL = 1_000;
const EXIT = 6_000;
/** How much of what a server writes to stderr is kept. */
const LONGEST_LINES = 2_000;
const LAST_LINES = 3;
/** The longest reason that is told, in characters. */
export const LONGEST_WHY = 500;
const LONGEST_LOG = 2_000;

/** What a connection is made of. */
export interface LinkParts {
  readonly sdk: McpSdk;
  readonly config: McpServerConfig;
  readonly clock: Clock;
  readonly fetch: typeof globalThis.fetch | undefined;
  /** Told of what the server writes to its log. */
  readonly onLog?: ((entry: McpLogEntry) => void) | undefined;
  /** Gives the tokens, where the server is at an address and logins can be made. */
  readonly login?: OAuthLogin | undefined;
}

/** What is done when a server tells or asks something by itself. */
export interface LinkListener {
  readonly toolsChanged: () => void;
  readonly resourceChanged: (uri: string) => void;
  readonly asked: (params: ElicitRequest["params"]) => Promise<ElicitResult>;
}

/** A connection that may be asked whether it still stands. */
export class McpLink {
  readonly client: Client;
  /** Resolves when the connection has ended, for whatever reason. */
  readonly ended: Promise<void>;
  readonly #transport: Transport & { readonly terminateSession?: () => Promise<void> };
  readonly #clock: Clock;
  readonly #onLog: LinkParts["onLog"];
  readonly #ownSecrets: readonly string[];
  readonly #login: OAuthLogin | undefined;
  #open = true;
  #lines = "";
  /** What it wrote with the last request that it refused. */
  #refusal = "";
  #problem: unknown;
  #lost: unknown;

  constructor(parts: LinkParts, manner: Manner, told: LinkListener) {
    const { sdk, config, clock } = parts;
    this.#clock = clock;
    this.#ownSecrets = secretsOf(config);
    this.#login = parts.login;
    const usual = "url" in config ? "auto" : "legacy";
    const mode = manner === "newest" ? { pin: NEWEST } : manner === "older" ? "legacy" : usual;
    this.client = new sdk.Client(
      { name: "orch", version: "1" },
      {
        versionNegotiation: { mode },
        // What else the protocol has (sampling, roots) is not given to servers, and the client refuses it.
        capabilities: { elicitation: { form: {}, url: {} } },
        inputRequired: { autoFulfill: false },
        listChanged: { tools: { autoRefresh: false, debounceMs: 0, onChanged: told.toolsChanged } },
      },
    );
    this.#transport = "url" in config ? this.#http(config, parts, manner) : this.#stdio(sdk, config);
    this.#onLog = parts.onLog;
    this.#listen(config.name, told);
    this.ended = new Promise((resolve) => {
      this.client.onclose = () => {
        this.#open = false;
        resolve();
      };
    });
    this.client.onerror = (error) => {
      this.#problem = error;
    };
  }

  get #secrets(): readonly string[] {
    const secret = this.#login?.secret;
    return secret === undefined ? this.#ownSecrets : [...this.#ownSecrets, secret];
  }

  /** Whether calls can be made. */
  get open(): boolean {
    return this.#open;
  }

  /** Connects. When connecting fails, the caller must still close this link. */
  connect(signal: AbortSignal): Promise<void> {
    return this.client.connect(this.#transport, { signal, timeout: NEVER });
  }

  /** Before 2026 a server tells its log to who asked for it. */
  wantLog(): void {
    if (this.#onLog === undefined || this.client.getProtocolEra() === "modern") return;
    if (this.client.getServerCapabilities()?.logging === undefined) return;
    void this.client.setLoggingLevel("info").catch(() => {});
  }

  #listen(server: string, { resourceChanged, asked }: LinkListener): void {
    const { client } = this;
    client.setRequestHandler("elicitation/create", ({ params }) => asked(params));
    client.setNotificationHandler("notifications/resources/updated", ({ params }) =>
      resourceChanged(params.uri),
    );
    client.setNotificationHandler("notifications/message", ({ params: { level, data } }) => {
      const text = typeof data === "string" ? data : JSON.stringify(data);
      this.#onLog?.({ server, level, text: cutText(text, LONGEST_LOG) });
    });
  }

  /** What is known about why the connection ended: the server's last lines, else the last thing that went wrong. */
  why(error?: unknown): string {
    const whole = redact(this.#lines, this.#secrets);
    // Where older lines were dropped, the first one kept may begin with half of a secret.
    const kept = this.#lines.length < LONGEST_LINES ? whole : whole.slice(whole.search(/\s|$/));
    const lines = kept.trim().split("\n").slice(-LAST_LINES).join(" ");
    const known = this.#lost ?? (isClosed(error) ? undefined : error) ?? this.#problem;
    const said = this.#refusal !== "" && statusOf(error) !== undefined ? this.#refusal : deepest(known);
    const text = lines === "" ? said : `it last wrote "${lines}"`;
    return cutText(redact(text, this.#secrets).replaceAll(/\s+/g, " "), LONGEST_WHY);
  }

  /** Ends the connection, and with it the server's process; resolves when that is gone. */
  async close(): Promise<void> {
    if (this.#open) await this.#within(FAREWELL, this.#transport.terminateSession?.());
    await this.client.close().catch(() => {});
    // A connection that never stood has no end to wait for.
    await this.#transport.close().catch(() => {});
    if (this.#started) await this.#within(EXIT, this.ended);
    this.#open = false;
  }

  get #started(): boolean {
    return this.#open && this.client.transport !== undefined;
  }

  /** Calls that wait are told at once, by the SDK. */
  #lose(reason: unknown): void {
    this.#lost ??= reason;
    void this.client.close().catch(() => {});
  }

  #stdio(sdk: McpSdk, config: McpStdioConfig): Transport {
    const { command, args = [], env, cwd } = config;
    const transport = new sdk.Stdio({
      command,
      args: [...args],
      stderr: "pipe",
      ...(env !== undefined && { env: { ...env } }),
      ...(cwd !== undefined && { cwd }),
    });
    // Read, so that the server never waits for us to; and kept, because the reason of an end stands there.
    transport.stderr?.on("data", (bytes: Uint8Array) => {
      this.#lines = (this.#lines + new TextDecoder().decode(bytes)).slice(-LONGEST_LINES);
    });
    return transport;
  }

  #http(config: McpHttpConfig, { sdk, fetch, login }: LinkParts, manner: Manner): Transport {
    const answered = new Set<string | number>();
    const watching = watchedFetch(fetch ?? systemFetch, {
      lost: (reason) => this.#lose(reason),
      refused: (words, response, authorization) => {
        this.#refusal = words;
        login?.refused(response, authorization);
        if (asksForMore(response)) login?.challenged(response);
      },
      ended: (id) => {
        const cancel = this.#clock.after(SETTLING, () => {
          if (!answered.delete(id) && this.#open) this.#lose("its answer was cut off");
        });
        void this.ended.then(cancel);
      },
      ...(manner === "older" && { allEnded: () => this.#open && this.#lose("its stream was cut off") }),
    });
    const options = {
      fetch: watching,
      ...(login !== undefined && { authProvider: login }),
      ...(config.headers !== undefined && { requestInit: { headers: { ...config.headers } } }),
    };
    const url = new URL(config.url);
    if (manner === "older") return new sdk.OlderHttp(url, options);
    const transport: Transport = new sdk.Http(url, options);
    // Whoever listens to the transport, and the SDK does twice: answers are noted on their way.
    let listener: Transport["onmessage"];
    Object.defineProperty(transport, "onmessage", {
      get: () => listener,
      set: (onmessage: Transport["onmessage"]) => {
        listener = (message, extra) => {
          if ("id" in message && !("method" in message) && message.id !== undefined) answered.add(message.id);
          onmessage?.(message, extra);
        };
      },
    });
    return transport;
  }

  /** Waits for what may never come, but not long. */
  #within(limit: number, work: Promise<unknown> | undefined): Promise<void> {
    if (work === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#clock.after(limit, resolve);
      const done = (): void => {
        cancel();
        resolve();
      };
      work.then(done, done);
    });
  }
}

/** Our own timers decide; the SDK's, which cannot be switched off, is set to the longest that fits a timer. */
export const NEVER: number = 2 ** 31 - 1;

/** Whether an error is the SDK's rejection for a closed connection. That error does not tell the reason. */
function isClosed(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "CONNECTION_CLOSED";
}

/** Whether a login was good and may do too little. */
function asksForMore({ status, headers }: Response): boolean {
  return status === 403 && headers.get("www-authenticate")?.includes("insufficient_scope") === true;
}

function secretsOf(config: McpServerConfig): readonly string[] {
  return Object.values(("url" in config ? config.headers : config.env) ?? {});
}

/** The innermost cause, which names the reason (`ECONNREFUSED` and the like). */
function deepest(error: unknown): string {
  let at = error;
  for (let depth = 0; depth < 8 && at instanceof Error && at.cause !== undefined; depth++) at = at.cause;
  if (!(at instanceof Error)) return typeof at === "string" ? at : "";
  const code = "code" in at && typeof at.code === "string" ? at.code : "";
  if (code === "ENOENT" && "path" in at && at.message.startsWith("spawn "))
    return `there is no program "${String(at.path)}" (ENOENT)`;
  if (at.message === "") return code;
  return code === "" || at.message.includes(code) ? at.message : `${at.message} (${code})`;
}
