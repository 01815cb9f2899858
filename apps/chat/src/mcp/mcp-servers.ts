/** The MCP servers of the configuration: connected when something that answers wants their tools, and ended with the program. */
import { resolve } from "node:path";
import type { Tool } from "@orch/agents";
import type { McpLogEntry, McpServer, McpServerConfig } from "@orch/agents/mcp";
import { type Clock, isOrchError } from "@orch/core";
import type { McpConfig } from "../config/config.ts";
import { ConfigError } from "../errors/config-error.ts";
import { leadsElsewhere } from "../process/inside-folder.ts";
import { MOST_TRIES, nextTry } from "./next-try.ts";
import { type ServerResources, serverResources } from "./server-resources.ts";

/** How long a message waits for servers that are not ready, in milliseconds. */
const PATIENCE = 5000;
/** How long the end of the program waits for servers to end, in milliseconds. */
const END_PATIENCE = 1500;

/** How a server stands. */
export interface McpState {
  readonly server: string;
  readonly state: "not asked yet" | "connecting" | "ready" | "failed";
  readonly tools: readonly Tool[];
  /** Why it failed, in one line. */
  readonly problem?: string;
  /** When it is tried again, in milliseconds since the epoch; absent where nobody does by himself. */
  readonly retryAt?: number;
}

/** The outside of the servers. */
export interface McpDoors {
  readonly clock: Clock;
  readonly fetch: typeof globalThis.fetch;
  /** Where programs are started. */
  readonly folder: string;
  /** Told of each server that failed, in one line. */
  readonly failed: (says: string) => void;
  /** Told of each server that is there after all, in one line. */
  readonly back?: (says: string) => void;
  /** Told of what servers write to their logs. */
  readonly logged?: (entry: McpLogEntry) => void;
  /** The folder in which logins are kept. Default: a server that wants one fails. */
  readonly logins?: string;
}

/** All servers of a configuration. */
export class McpServers {
  readonly #entries: readonly (readonly [string, McpConfig])[];
  readonly #doors: McpDoors;
  readonly #states = new Map<string, McpState>();
  readonly #open = new Map<string, McpServer>();
  /** How often each failed since it was ready, or since a person asked for it. */
  readonly #failures = new Map<string, number>();
  /** Ends the wait for the next try. */
  readonly #waits = new Map<string, () => void>();
  readonly #end = new AbortController();
  #connected: Promise<void> | undefined;
  /** The tools that were given last, as one object for as long as they are the same. */
  #given: readonly Tool[] = [];

  constructor(entries: { readonly [name: string]: McpConfig }, doors: McpDoors) {
    this.#entries = Object.entries(entries);
    this.#doors = doors;
    for (const [server] of this.#entries)
      this.#states.set(server, { server, state: "not asked yet", tools: [] });
    this.resources = serverResources({
      names: Object.keys(entries),
      connect: () => this.connect(),
      connected: (name) => this.#open.get(name),
      problem: (name) => this.#states.get(name)?.problem ?? "its server is not connected",
      within: (ms, work) => this.#within(ms, work),
    });
  }

  /** How each stands, in the order of the configuration. */
  get states(): readonly McpState[] {
    return [...this.#states.values()];
  }

  /** Begins to connect, once. Never rejects: a server that fails is told of. */
  connect(): Promise<void> {
    this.#connected ??= Promise.all(this.#entries.map(([name, entry]) => this.#connect(name, entry))).then(
      () => undefined,
    );
    return this.#connected;
  }

  /**
   * Tries a server now that failed or was not asked yet, or all that failed. Gives the names of those that are tried, and
   * `undefined` where there is no server of that name.
   */
  readonly retry = (named?: string): readonly string[] | undefined => {
    if (named !== undefined && !this.#states.has(named)) return undefined;
    for (const name of this.#open.keys()) void this.#drop(name);
    const tried = this.#entries.filter(([name]) => {
      const state = this.#states.get(name)?.state;
      return named === undefined ? state === "failed" : named === name && isDown(state);
    });
    for (const [name, entry] of tried) {
      // Who asks is told how it went, also of the same failure as before.
      this.#failures.set(name, 0);
      void this.#connect(name, entry);
    }
    return tried.map(([name]) => name);
  };

  /** Whether these are the tools that there are now. */
  readonly has = (tools: readonly Tool[]): boolean => {
    if ([...this.#open.values()].some(({ givenUp }) => givenUp)) return false;
    const now = this.states.flatMap((one) => one.tools);
    return now.length === tools.length && now.every((one, at) => one === tools[at]);
  };

  /** The tools of the servers that are ready; those that are not get a few seconds. The same array while nothing changed. */
  readonly tools = async (): Promise<readonly Tool[]> => {
    if (this.#entries.length === 0) return [];
    await this.#within(PATIENCE, this.connect());
    await this.#within(PATIENCE, Promise.all([...this.#open.values()].map((server) => this.#look(server))));
    if (!this.has(this.#given)) this.#given = this.states.flatMap((one) => one.tools);
    return this.#given;
  };

  /** What servers offer to read, by `server:uri`. */
  readonly resources: ServerResources;

  /** The prompts that servers have ready, by `server/name`. A server that fails to tell has none. */
  readonly prompts = {
    list: async () => {
      await this.#within(PATIENCE, this.connect());
      const lists = [...this.#open.values()].map(async ({ name, prompts }) =>
        (await prompts.list()).map((prompt) => ({
          id: `${name}/${prompt.name}`,
          description: prompt.description ?? "",
          fields: prompt.arguments.map((one) => `${one.name}${one.required ? "" : "?"}`),
        })),
      );
      const told = await Promise.allSettled(lists);
      return told.flatMap((one) => (one.status === "fulfilled" ? one.value : []));
    },
    fill: async (id: string, fields: { readonly [name: string]: string }): Promise<string | undefined> => {
      const known = await this.prompts.list();
      if (!known.some((one) => one.id === id)) return undefined;
      const at = id.indexOf("/");
      const server = this.#open.get(id.slice(0, at));
      const messages = (await server?.prompts.get(id.slice(at + 1), fields)) ?? [];
      const parts = messages.flatMap(({ content }) => content);
      return parts.map((part) => (part.type === "text" ? part.text : `[${part.mediaType}]`)).join("\n\n");
    },
  };

  /** Ends the connections, and the servers that were started. */
  async close(): Promise<void> {
    this.#end.abort();
    for (const cancel of this.#waits.values()) cancel();
    const all = [...this.#open.values()];
    await this.#within(END_PATIENCE, Promise.allSettled(all.map((server) => server.close())));
  }

  async #connect(server: string, entry: McpConfig): Promise<void> {
    this.#waits.get(server)?.();
    this.#waits.delete(server);
    this.#states.set(server, { server, state: "connecting", tools: [] });
    try {
      const { connectMcp, fileLogins } = await import("@orch/agents/mcp");
      const { clock, fetch, folder, logged, logins } = this.#doors;
      if (entry.cwd !== undefined && (await leadsElsewhere(folder, entry.cwd)))
        throw new ConfigError({
          file: "The configuration",
          place: `mcp.${server}.cwd`,
          problem: `${entry.cwd} is a link that leads out of the folder`,
        });
      const config = configOf(server, entry, folder);
      const connected = await connectMcp(config, {
        clock,
        fetch,
        signal: this.#end.signal,
        ...(logins !== undefined && { login: { store: fileLogins(logins) } }),
        ...(logged && { onLog: logged }),
      });
      this.#open.set(server, connected);
      for (const warning of connected.warnings) this.#doors.failed(warning);
      this.#ready(connected);
      const { length } = connected.tools;
      if (this.#failures.has(server))
        this.#doors.back?.(
          `The MCP server "${server}" is connected now, with ${length === 1 ? "1 tool" : `${length} tools`}.`,
        );
      this.#failures.delete(server);
    } catch (error) {
      if (!this.#end.signal.aborted) this.#failed(server, entry, error);
    }
  }

  /** Says that a server failed, and waits for the next try. Of those in between nothing is said. */
  #failed(server: string, entry: McpConfig, error: unknown): void {
    const problem = sentenceOf(error);
    const failures = (this.#failures.get(server) ?? 0) + 1;
    this.#failures.set(server, failures);
    const delay = nextTry(error, failures);
    const says = problem.replace(/\.?$/, ".");
    const { clock, failed } = this.#doors;
    this.#states.set(server, {
      ...{ server, state: "failed", tools: [], problem },
      ...(delay !== undefined && { retryAt: clock.now() + delay }),
    });
    if (delay === undefined) {
      const tried = failures === MOST_TRIES ? ` It was tried ${failures} times.` : "";
      failed(`${says}${tried} Its tools are missing; /tools retry in the chat tries it again.`);
      return;
    }
    if (failures === 1) failed(`${says} Its tools are missing; it is tried again in ${delay / 1000} s.`);
    this.#waits.set(
      server,
      clock.after(delay, () => void this.#connect(server, entry)),
    );
  }

  /** Lets go of a server whose every call fails from now on. Gives whether it was one. */
  async #drop(name: string): Promise<boolean> {
    const server = this.#open.get(name);
    if (server?.givenUp !== true) return false;
    this.#open.delete(name);
    this.#states.set(name, { server: name, state: "failed", tools: [], problem: "it is gone" });
    this.#failures.set(name, 0);
    await server.close().catch(() => undefined);
    return true;
  }

  #ready({ name: server, tools, resourceTools }: McpServer): void {
    this.#states.set(server, { server, state: "ready", tools: [...tools, ...resourceTools] });
  }

  /** A server whose tools came or went has others from now on; one that cannot tell keeps those of before. */
  async #look(server: McpServer): Promise<void> {
    const entry = this.#entries.find(([name]) => name === server.name)?.[1];
    if (entry !== undefined && (await this.#drop(server.name))) return this.#connect(server.name, entry);
    if (!server.changed) return;
    try {
      await server.list();
      this.#ready(server);
    } catch (error) {
      this.#doors.failed(sentenceOf(error));
    }
  }

  async #within(ms: number, work: Promise<unknown>): Promise<void> {
    await new Promise<void>((resolve) => {
      const cancel = this.#doors.clock.after(ms, resolve);
      void work.finally(() => {
        cancel();
        resolve();
      });
    });
  }
}

function isDown(state: McpState["state"] | undefined): boolean {
  return state === "failed" || state === "not asked yet";
}

/** An entry of the configuration as a server. */
export function configOf(name: string, entry: McpConfig, folder: string): McpServerConfig {
  const { command, args, env, cwd = ".", url, headers, allow, approve } = entry;
  const shared = {
    name,
    ...(allow !== undefined && { allow }),
    ...(approve !== undefined && { approve }),
  };
  if (url !== undefined) return { ...shared, url, ...(headers && { headers }) };
  return {
    ...shared,
    command: command ?? "",
    cwd: resolve(folder, cwd),
    ...(args && { args }),
    ...(env && { env }),
  };
}

/** The first line says what happened; the last one is what a server wrote last. */
export function sentenceOf(error: unknown): string {
  const says = isOrchError(error) ? error.says : error instanceof Error ? error.message : String(error);
  const lines = says
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const [first = "", last] = [lines[0], lines.at(-1)];
  return lines.length < 2 ? first : `${first} ${last}`;
}
