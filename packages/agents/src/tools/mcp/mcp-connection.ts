/**
 * A server as tools use it. When it dies, the calls that wait fail at once; the next call connects once
 * more. After a second end without any answer, it connects no more.
 */
import type { CallToolResult, Tool as ServerTool } from "@modelcontextprotocol/client";
import type { ToolContext } from "../../agent/tool.ts";
import { McpServerError, type McpServerFacts } from "../../errors/mcp-server-error.ts";
import { McpToolError } from "../../errors/mcp-tool-error.ts";
import { cutText } from "../../platform/cut-text.ts";
import type { JsonObject } from "../../platform/json-object.ts";
import { systemFetch } from "../../platform/proxy/proxied-fetch.ts";
import { Elicitation } from "./elicitation.ts";
import { askForLogin, wantsLogin } from "./login-question.ts";
import { type Manner, otherManner, statusOf } from "./manner.ts";
import { type LinkParts, LONGEST_WHY, McpLink } from "./mcp-link.ts";
import type { McpLogin } from "./mcp-login.ts";
import { OAuthLogin, type ShowLogin } from "./oauth-login.ts";
import { callServer, checkData } from "./server-call.ts";
import { type CheckOutput, listTools, type ToolList } from "./tool-list.ts";
import { unlessAborted } from "./unless-aborted.ts";

/** How often one call may lead to a login. */
const MOST_LOGINS = 2;

const NOTHING: ToolList = { tools: [], checks: new Map(), warnings: [] };

/** Calls of one server, over one connection after another. */
export class McpConnection {
  readonly #parts: LinkParts;
  readonly #login: OAuthLogin | undefined;
  readonly #open: McpLogin["open"];
  #link: McpLink | undefined;
  #opening: Promise<McpLink> | undefined;
  #mayReconnect = true;
  /** What the server understood. */
  #manner: Manner = "usual";
  readonly #end = new AbortController();
  #listStale = false;
  #checks: ReadonlyMap<string, CheckOutput> = NOTHING.checks;
  /** The tools as they were listed, by the server's names. */
  #listed: ReadonlyMap<string, ServerTool> = new Map();
  readonly #watched = new Set<readonly [uri: string, changed: () => void]>();
  /** The calls that are under way, oldest first. */
  readonly #calls = new Set<Elicitation>();

  constructor(parts: LinkParts, login?: McpLogin) {
    const { sdk, config, clock, fetch = systemFetch } = parts;
    const ended = this.#end.signal;
    this.#open = login?.open;
    this.#login =
      login !== undefined && "url" in config
        ? new OAuthLogin({ sdk, login, server: config.name, url: config.url, clock, fetch, ended })
        : undefined;
    this.#parts = { ...parts, login: this.#login };
  }

  /** Connects for the first time and lists the tools. A person may log in first. */
  async open(signal: AbortSignal): Promise<ToolList> {
    try {
      return await this.#connect(signal, true);
    } catch (error) {
      const open = this.#open;
      const login = this.#login;
      if (!wantsLogin(error) || open === undefined || login === undefined) throw error;
      await this.#logIn(login, async (url) => {
        await open({ server: this.#parts.config.name, url });
        return undefined;
      });
    }
    return this.#connect(signal, true);
  }

  /** What the server tells models about itself. */
  get instructions(): string | undefined {
    return this.#link?.client.getInstructions();
  }

  /** Whether the server said that its tools changed since they were listed. */
  get listStale(): boolean {
    return this.#listStale;
  }

  /** Whether it is gone, and no call connects once more. */
  get givenUp(): boolean {
    return !this.#mayReconnect && this.#opening === undefined && this.#link?.open !== true;
  }

  /** Lists the tools again. */
  async list(): Promise<ToolList> {
    return this.#listOf(await this.#ready());
  }

  /** Has something done at the server that is no call of a tool. Rejects with McpServerError or McpToolError. */
  async use<TValue>(what: string, work: (link: McpLink) => Promise<TValue>): Promise<TValue> {
    const link = await this.#ready();
    try {
      const value = await work(link);
      this.#mayReconnect = true;
      return value;
    } catch (error) {
      throw this.#explain(error, link, what);
    }
  }

  /** Tells of changes of a resource, until the returned function is called. */
  onResource(uri: string, changed: () => void): () => void {
    const entry = [uri, changed] as const;
    this.#watched.add(entry);
    return () => void this.#watched.delete(entry);
  }

  /** Whether the server says that it has this. */
  has(what: "resources" | "prompts"): boolean {
    return this.#link?.client.getServerCapabilities()?.[what] !== undefined;
  }

  /** Calls a tool. Rejects with McpServerError or McpToolError, or as the signal aborts. */
  async call(name: string, input: JsonObject, ctx: ToolContext): Promise<CallToolResult> {
    for (let logins = 1; ; logins++) {
      try {
        return await this.#call(name, input, ctx);
      } catch (error) {
        const login = this.#login;
        const { ask } = ctx;
        if (!wantsLogin(error) || login === undefined || ask === undefined || logins > MOST_LOGINS)
          throw error;
        await this.#logIn(login, (url) => askForLogin(ask, this.#parts.config.name, name, url), name);
      }
    }
  }

  async #call(name: string, input: JsonObject, ctx: ToolContext): Promise<CallToolResult> {
    const link = await this.#ready(name);
    try {
      return await this.#callOn(link, name, input, ctx);
    } catch (error) {
      if (!this.#sessionEnded(error)) throw this.#explain(error, link, name, ctx.signal);
    }
    // A server that forgot the session did not carry out the call, so it is made again in a new one.
    await link.close();
    const anew = await this.#ready(name);
    try {
      return await this.#callOn(anew, name, input, ctx);
    } catch (error) {
      throw this.#explain(error, anew, name, ctx.signal);
    }
  }

  /** Ends the connection for good. */
  async close(): Promise<void> {
    this.#end.abort();
    await this.#opening?.catch(() => {});
    await this.#link?.close();
  }

  async #callOn(link: McpLink, name: string, input: JsonObject, ctx: ToolContext): Promise<CallToolResult> {
    const { sdk, config } = this.#parts;
    const elicitation = new Elicitation(sdk, config.name, name, ctx.ask);
    this.#calls.add(elicitation);
    try {
      const call = { server: config.name, name, input, listed: this.#listed.get(name), ctx, elicitation };
      const result = await callServer(link, sdk, call);
      this.#mayReconnect = true;
      checkData(config.name, name, result, this.#checks.get(name));
      return result;
    } finally {
      this.#calls.delete(elicitation);
    }
  }

  /** The connection that stands, or a new one if the last has ended. */
  #ready(tool?: string): Promise<McpLink> {
    if (this.#end.signal.aborted) return Promise.reject(this.#error({ reason: "closed" }, tool));
    if (this.#link?.open) return Promise.resolve(this.#link);
    if (this.#opening !== undefined) return this.#opening;
    if (!this.#mayReconnect) {
      return Promise.reject(this.#error({ reason: "given-up", detail: this.#link?.why() ?? "" }, tool));
    }
    this.#mayReconnect = false;
    // A server that was started again may have other tools.
    const opening = this.#connect(this.#end.signal, false).then(() => {
      this.#listStale = true;
      return this.#link!;
    });
    this.#opening = opening.finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #connect(signal: AbortSignal, list: boolean): Promise<ToolList> {
    const { config, clock } = this.#parts;
    const limit = config.connectTimeout ?? 15_000;
    let link = this.#newLink(this.#manner);
    const first = link;
    const ending = new AbortController();
    let timedOut = false;
    const cancel = clock.after(limit, () => {
      timedOut = true;
      ending.abort();
    });
    const onAbort = (): void => ending.abort(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
    try {
      const greet = async (): Promise<ToolList> => {
        await link.connect(ending.signal).catch(async (error: unknown) => {
          const other = this.#manner === "usual" ? otherManner(config, error) : undefined;
          if (other === undefined) throw error;
          await link.close();
          link = this.#newLink(other);
          // Where that is refused as well, the first refusal is the one to tell.
          await link.connect(ending.signal).catch(() => Promise.reject(error));
          this.#manner = other;
        });
        return list ? this.#listOf(link) : NOTHING;
      };
      const tools = await unlessAborted(greet(), ending.signal);
      this.#link = link;
      link.wantLog();
      return tools;
    } catch (error) {
      await link.close();
      if (timedOut) throw this.#error({ reason: "timeout", limit, detail: link.why("") });
      if (signal.aborted) throw this.#error({ reason: "closed" });
      throw this.#explain(error, first);
    } finally {
      cancel();
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** An address that is none is found out here. */
  #newLink(manner: Manner): McpLink {
    try {
      return new McpLink(this.#parts, manner, {
        toolsChanged: () => {
          this.#listStale = true;
        },
        resourceChanged: (uri) => {
          for (const [watched, changed] of this.#watched) if (watched === uri) changed();
        },
        // Before 2026 a server does not say for which of its calls it asks: it is taken to be the oldest.
        asked: async (params) => {
          const [oldest] = this.#calls;
          return oldest?.answer(params) ?? { action: "cancel" };
        },
      });
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      throw this.#error({ reason: "not-started", detail });
    }
  }

  async #logIn(login: OAuthLogin, show: ShowLogin, tool?: string): Promise<void> {
    try {
      await login.logIn(show);
    } catch (error) {
      if (error instanceof McpServerError) throw error;
      const detail = cutText(error instanceof Error ? error.message : String(error), LONGEST_WHY);
      throw this.#error(this.#end.signal.aborted ? { reason: "closed" } : { reason: "login", detail }, tool);
    }
  }

  async #listOf(link: McpLink): Promise<ToolList> {
    this.#listStale = false;
    const list = await listTools(link, this.#parts.sdk, this.#parts.config.name);
    this.#checks = list.checks;
    this.#listed = new Map(list.tools.map((tool) => [tool.name, tool]));
    return list;
  }

  /** By the protocol, 404 to a request of a session means that the session is over. */
  #sessionEnded(error: unknown): boolean {
    return "url" in this.#parts.config && statusOf(error) === 404 && this.#mayReconnect;
  }

  /** What the SDK threw is put into our words and not kept: a server may have put a key into it. */
  #explain(error: unknown, link: McpLink, tool?: string, signal?: AbortSignal): unknown {
    if (signal?.aborted || error instanceof McpServerError || error instanceof McpToolError) return error;
    const status = statusOf(error);
    const detail = link.why(error);
    const { UnauthorizedError, InsufficientScopeError } = this.#parts.sdk;
    const noLogin = error instanceof UnauthorizedError || error instanceof InsufficientScopeError;
    if (this.#login !== undefined && (noLogin || status === 401))
      return this.#error({ reason: "login", ...(status !== undefined && { status }) }, tool);
    if (status !== undefined) return this.#error({ reason: "refused", status, detail }, tool);
    if (tool === undefined) return this.#error({ reason: "not-started", detail });
    if (link.open && error instanceof this.#parts.sdk.ProtocolError) {
      const problem = error.message.replace(/^MCP error -?\d+: /, "");
      return new McpToolError({ server: this.#parts.config.name, tool, problem });
    }
    if (link.open) void link.close();
    return this.#error({ reason: "lost", detail }, tool);
  }

  #error(facts: Omit<McpServerFacts, "server">, tool?: string): McpServerError {
    return new McpServerError({ server: this.#parts.config.name, ...facts, ...(tool && { tool }) });
  }
}
