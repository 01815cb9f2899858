/** The door to the network. */

/** The platform's own `fetch`, looked up with each request: what replaces it later counts. */
// biome-ignore lint/style/noRestrictedGlobals: this is the door.
export const systemFetch: typeof globalThis.fetch = (input, init) => fetch(input, init);
