/** What the SDK asks for on the way to tokens, and what is kept of it. */
import type {
  OAuthClientMetadata,
  OAuthClientProvider,
  OAuthDiscoveryState,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from "@modelcontextprotocol/client";
import type { Clock } from "@orch/core";
import { plainJson } from "../../platform/plain-json.ts";
import { secretText } from "../../platform/secret-text.ts";
import { type LoginListener, listenForLogin } from "./login-listener.ts";
import type { McpLogin } from "./mcp-login.ts";
import type { McpSdk } from "./sdk.ts";

/** What is kept of a login. */
interface Kept {
  readonly client?: StoredOAuthClientInformation | undefined;
  readonly tokens?: StoredOAuthTokens | undefined;
  readonly discovery?: OAuthDiscoveryState | undefined;
  /** Where the client said that logins lead back to. */
  readonly redirectUrl?: string;
}

/** What a login is made of. */
export interface LoginParts {
  readonly sdk: McpSdk;
  readonly login: McpLogin;
  readonly server: string;
  readonly url: string;
  readonly clock: Clock;
  readonly fetch: typeof globalThis.fetch;
  /** The end of the connection, with which a login under way ends. */
  readonly ended: AbortSignal;
}

/** The way to the tokens of one server. */
export class LoginProvider implements OAuthClientProvider {
  readonly #parts: LoginParts;
  readonly clientMetadataUrl?: string;
  listener: LoginListener | undefined;
  /** Where the person has to log in. */
  wanted = "";
  #state = "";
  #verifier = "";
  /** What a login under way has found out; it is kept when the login is done. */
  #draft: Kept | undefined;
  #redirectUrl = "http://127.0.0.1/callback";

  constructor(parts: LoginParts) {
    this.#parts = parts;
    if (parts.login.clientMetadataUrl !== undefined) this.clientMetadataUrl = parts.login.clientMetadataUrl;
  }

  /** A login begins: nothing of an earlier one is used but the registration, where it leads back to the same address. */
  async begin(): Promise<void> {
    const { client, redirectUrl } = await this.#load();
    this.#state = secretText();
    this.listener = await listenForLogin(this.#parts.server, this.#state, redirectUrl);
    this.#redirectUrl = this.listener.redirectUrl;
    this.#draft =
      this.#redirectUrl === redirectUrl ? { client, redirectUrl } : { redirectUrl: this.#redirectUrl };
  }

  /** The login is done, and kept as a whole. */
  async settle(): Promise<void> {
    const { server, url, login } = this.#parts;
    const kept = this.#draft;
    this.#draft = undefined;
    if (kept !== undefined) await login.store.save({ server, url, login: plainJson(kept) ?? {} });
  }

  /** What was not done leaves the login before it as it was. */
  end(): void {
    this.listener?.close();
    this.#draft = undefined;
    this.#verifier = "";
  }

  get redirectUrl(): string {
    return this.#redirectUrl;
  }

  get clientMetadata(): OAuthClientMetadata {
    return {
      client_name: "orch",
      redirect_uris: [this.#redirectUrl],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
    };
  }

  readonly state = (): string => this.#state;
  readonly clientInformation = async (): Promise<Kept["client"]> => (await this.#load()).client;
  readonly saveClientInformation = (client: StoredOAuthClientInformation): Promise<void> =>
    this.#change({ client });
  readonly tokens = async (): Promise<Kept["tokens"]> => (await this.#load()).tokens;
  readonly saveTokens = (tokens: StoredOAuthTokens): Promise<void> => this.#change({ tokens });
  readonly saveDiscoveryState = (discovery: OAuthDiscoveryState): Promise<void> =>
    this.#change({ discovery });
  readonly discoveryState = async (): Promise<Kept["discovery"]> => (await this.#load()).discovery;
  readonly saveCodeVerifier = (verifier: string): void => {
    this.#verifier = verifier;
  };
  readonly codeVerifier = (): string => this.#verifier;
  readonly redirectToAuthorization = (url: URL): void => {
    this.wanted = url.href;
  };

  async invalidateCredentials(scope: "all" | "client" | "tokens" | "verifier" | "discovery"): Promise<void> {
    if (scope === "all") await this.#change({ client: undefined, tokens: undefined, discovery: undefined });
    else if (scope === "verifier") this.#verifier = "";
    else await this.#change({ [scope]: undefined });
  }

  async #load(): Promise<Kept> {
    if (this.#draft !== undefined) return this.#draft;
    const { server, url, login } = this.#parts;
    const kept = await login.store.load(server, url);
    return (kept?.login ?? {}) as Kept;
  }

  async #change(change: Kept): Promise<void> {
    const { server, url, login } = this.#parts;
    const next = { ...(await this.#load()), ...change };
    if (this.#draft === undefined) await login.store.save({ server, url, login: plainJson(next) ?? {} });
    else this.#draft = next;
  }
}
