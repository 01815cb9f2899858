/**
 * The logins of one server: its tokens go with every request, are renewed once when several requests are refused at the same
 * time, and are asked of a person when they cannot be renewed.
 */
import type { AuthProvider, FetchLike } from "@modelcontextprotocol/client";
import { type LoginParts, LoginProvider } from "./login-provider.ts";
import { unlessAborted } from "./unless-aborted.ts";

const PATIENCE = 300_000;
/** How long a server of logins may take to answer one request, in milliseconds. */
const ANSWER = 30_000;

/** What a server said when it refused a request. */
interface Challenge {
  readonly scope?: string | undefined;
  readonly resourceMetadataUrl?: URL | undefined;
}

/** Shows a person the address. May give the address to which the browser was led, where that could not reach this machine. */
export type ShowLogin = (url: string) => Promise<string | undefined>;

/** Tokens for one server. */
export class OAuthLogin implements AuthProvider {
  readonly #parts: LoginParts;
  readonly #provider: LoginProvider;
  #given: string | undefined;
  readonly #refused = new WeakMap<Response, string>();
  #renewing: Promise<void> | undefined;
  /** Whether the login that is under way was made. */
  #underWay: Promise<boolean> | undefined;
  #challenge: Challenge = {};

  constructor(parts: LoginParts) {
    this.#parts = parts;
    this.#provider = new LoginProvider(parts);
  }

  /** The token that was sent last, which must not stand in an error. */
  get secret(): string | undefined {
    return this.#given;
  }

  /** For the SDK: the token of the next request. */
  async token(): Promise<string | undefined> {
    this.#given = (await this.#provider.tokens())?.access_token;
    return this.#given;
  }

  /** For the SDK: a request was refused. Rejects when a person has to log in. */
  onUnauthorized({ response }: { readonly response: Response }): Promise<void> {
    this.challenged(response);
    // The token that was sent with that request; a later one may have been given meanwhile.
    const refused = this.#refused.get(response) ?? this.#given;
    this.#renewing ??= this.#renew(refused).finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  /** Notes with which token a request was refused. */
  refused(response: Response, authorization: string | null): void {
    const token = authorization?.replace(/^Bearer /i, "");
    if (token !== undefined) this.#refused.set(response, token);
  }

  /** Keeps what a refusal says that a login needs. */
  challenged(response: Response): void {
    const said = this.#parts.sdk.extractWWWAuthenticateParams(response);
    this.#challenge = { scope: said.scope, resourceMetadataUrl: said.resourceMetadataUrl };
  }

  /**
   * Lets a person log in. Rejects when the login fails or is not made in time. One login is under way at a time: another call
   * that wants one waits for it, and asks for its own only where that one failed.
   */
  async logIn(show: ShowLogin): Promise<void> {
    while (this.#underWay !== undefined) if (await this.#underWay) return;
    const login = this.#logIn(show);
    this.#underWay = login.then(
      () => true,
      () => false,
    );
    try {
      await login;
    } finally {
      this.#underWay = undefined;
    }
  }

  async #logIn(show: ShowLogin): Promise<void> {
    const { sdk, url: serverUrl } = this.#parts;
    const provider = this.#provider;
    const options = { serverUrl, fetchFn: this.#fetch, ...defined(this.#challenge) };
    await provider.begin();
    try {
      const asked = await sdk.auth(provider, { ...options, forceReauthorization: true });
      if (asked === "AUTHORIZED") return;
      const params = await this.#arrival(show);
      const refusal = params.get("error");
      if (refusal !== null) throw new sdk.UnauthorizedError(`the login was refused (${refusal})`);
      const iss = params.get("iss");
      const code = params.get("code") ?? "";
      await sdk.auth(provider, { ...options, authorizationCode: code, ...(iss !== null && { iss }) });
      await provider.settle();
    } finally {
      provider.end();
    }
  }

  /**
   * Requests about logins go to other servers than the one that is used, so none of its headers goes with them, and what is
   * posted there follows no redirect.
   */
  get #fetch(): FetchLike {
    const { fetch, clock, ended } = this.#parts;
    return async (url, init) => {
      const late = new AbortController();
      const host = new URL(url).host;
      const cancel = clock.after(ANSWER, () => {
        late.abort(
          new this.#parts.sdk.UnauthorizedError(`${host} did not answer within ${ANSWER / 1_000} s`),
        );
      });
      const posted = init?.method === "POST" ? { redirect: "error" as const } : {};
      try {
        const signal = AbortSignal.any([late.signal, ended, ...(init?.signal ? [init.signal] : [])]);
        const response = await fetch(url, { ...init, ...posted, signal });
        // Read here, within the time: answers of such servers are small.
        const body = await response.arrayBuffer();
        const { status, statusText, headers } = response;
        return new Response(body.byteLength === 0 ? null : body, { status, statusText, headers });
      } finally {
        cancel();
      }
    };
  }

  async #renew(refused: string | undefined): Promise<void> {
    const { sdk } = this.#parts;
    const tokens = await this.#provider.tokens();
    // Another request, or another process, has renewed it meanwhile.
    if (tokens !== undefined && tokens.access_token !== refused) return;
    if (tokens?.refresh_token === undefined) throw new sdk.UnauthorizedError();
    await this.#refresh(tokens.refresh_token);
  }

  /** The SDK's own way renews too, and writes a warning to the terminal where that is refused. */
  async #refresh(refreshToken: string): Promise<void> {
    const { sdk, url } = this.#parts;
    const provider = this.#provider;
    const [clientInformation, discovery] = [
      await provider.clientInformation(),
      await provider.discoveryState(),
    ];
    if (clientInformation === undefined || discovery === undefined) throw new sdk.UnauthorizedError();
    const { authorizationServerUrl, authorizationServerMetadata: metadata, resourceMetadata } = discovery;
    const resource = await sdk.selectResourceURL(url, provider, resourceMetadata);
    try {
      const tokens = await sdk.refreshAuthorization(authorizationServerUrl, {
        clientInformation,
        refreshToken,
        fetchFn: this.#fetch,
        ...(metadata !== undefined && { metadata }),
        ...(resource !== undefined && { resource }),
      });
      await provider.saveTokens({ ...tokens, issuer: metadata?.issuer ?? authorizationServerUrl });
    } catch (error) {
      if (!(error instanceof sdk.OAuthError)) throw error;
      await provider.invalidateCredentials("tokens");
      throw new sdk.UnauthorizedError();
    }
  }

  /** What the browser brings, or a person in its place. The time runs from when the person was shown the address. */
  async #arrival(show: ShowLogin): Promise<URLSearchParams> {
    const { clock, login, sdk, ended } = this.#parts;
    const { wanted, state, listener } = this.#provider;
    const address = await unlessAborted(show(wanted), ended);
    if (address !== undefined) {
      const params = URL.canParse(address) ? new URL(address).searchParams : new URLSearchParams();
      if (params.get("state") === state()) return params;
      throw new sdk.UnauthorizedError("the address that was given is no answer to this login");
    }
    let cancel = (): void => {};
    const late = new Promise<never>((_, reject) => {
      const onLate = (): void => reject(new sdk.UnauthorizedError("nobody logged in in time"));
      cancel = clock.after(login.patience ?? PATIENCE, onLate);
    });
    const arrived = listener === undefined ? late : Promise.race([listener.arrived, late]);
    return unlessAborted(arrived, ended).finally(cancel);
  }
}

function defined({ scope, resourceMetadataUrl }: Challenge): { scope?: string; resourceMetadataUrl?: URL } {
  return {
    ...(scope !== undefined && { scope }),
    ...(resourceMetadataUrl !== undefined && { resourceMetadataUrl }),
  };
}
