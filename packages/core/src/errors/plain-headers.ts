/** Headers that hold secrets, and are not kept. */
const SECRET = /^(?:proxy-)?authorization$|^(?:set-)?cookie2?$|api-?key|secret|password|token$/i;
/** How many headers are kept. */
const MOST = 100;

/** HTTP headers as plain data, of a `Headers` object or a record of texts; `undefined` of anything else. */
export function headersOf(headers: unknown): { readonly [name: string]: string } | undefined {
  if (typeof headers !== "object" || headers === null) return undefined;
  const kept = pairsOf(headers).filter((pair) => isHeader(pair));
  return kept.length === 0 ? undefined : Object.fromEntries(kept.slice(0, MOST));
}

function pairsOf(headers: object): readonly unknown[] {
  return Symbol.iterator in headers ? [...(headers as Iterable<unknown>)] : Object.entries(headers);
}

function isHeader(pair: unknown): pair is readonly [string, string] {
  if (!Array.isArray(pair)) return false;
  const [name, value] = pair as readonly unknown[];
  return typeof name === "string" && name !== "__proto__" && typeof value === "string" && !SECRET.test(name);
}
