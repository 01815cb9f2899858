/** The door to the network. */

/** Sends one request. */
export type FetchDoor = (
  url: string,
  init: {
    readonly method: string;
    readonly headers: { readonly [name: string]: string };
    readonly body?: string;
    readonly signal: AbortSignal;
  },
) => Promise<Pick<Response, "ok" | "status" | "text">>;

// biome-ignore lint/style/noRestrictedGlobals: this is the door.
export const systemFetch: FetchDoor = (url, init) => fetch(url, init);
