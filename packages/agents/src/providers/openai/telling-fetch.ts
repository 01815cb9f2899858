/** Refusals in the one form that the SDK reads: it drops what a server says in another. */
import { isOrchError, parseJson } from "@orch/core";
import { refusalText } from "../../model/refusal-text.ts";
import { isObject } from "../../platform/json-object.ts";

/** Does what `fetch` does, and writes the body of a refusal as `{ error: { message, code, type } }`. */
export function tellingFetch(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    return response.ok || response.body === null ? response : told(response, await response.text());
  };
}

function told(response: Response, text: string): Response {
  const { status, statusText, headers } = response;
  return new Response(inOneForm(text), { status, statusText, headers });
}

function inOneForm(text: string): string {
  let body: unknown;
  try {
    body = parseJson(text);
  } catch (error) {
    if (isOrchError(error)) return text;
    throw error;
  }
  if (isObject(body) && isObject(body["error"])) return text;
  const { message, codes } = refusalText(body);
  const [code = null, type = null] = codes;
  return message === undefined ? text : JSON.stringify({ error: { message, code, type } });
}
