/** The door to what a server sends as JSON. It is the server that the page trusts with its runs, and what it sends is drawn as text only. */

/** Reads JSON; `undefined` for what is none. */
export function parsed<TValue>(text: string): TValue | undefined {
  try {
    return JSON.parse(text) as TValue;
  } catch {
    return undefined;
  }
}
