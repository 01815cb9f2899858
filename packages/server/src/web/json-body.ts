/** The body of a request, read with a limit, as JSON. */
import { isOrchError, type Json, type ParsedJson, parseJson } from "@orch/core";
import { ServerBodyError } from "../errors/server-body-error.ts";
import { ServerRequestError } from "../errors/server-request-error.ts";

/**
 * Reads a body of at most `limit` bytes as JSON. An empty body is `undefined`.
 *
 * @throws ServerBodyError (413), ServerRequestError (400).
 */
export async function jsonBody(request: Request, limit: number): Promise<ParsedJson | undefined> {
  const text = await textBody(request, limit);
  if (text.trim() === "") return undefined;
  try {
    return parseJson(text);
  } catch (error) {
    if (!isOrchError(error)) throw error;
    throw new ServerRequestError({ problem: "its body is no JSON" });
  }
}

/** The same for a body that has to be an object. */
export async function jsonObject(
  request: Request,
  limit: number,
): Promise<{ readonly [name: string]: unknown }> {
  const body = await jsonBody(request, limit);
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw new ServerRequestError({ problem: "its body is no JSON object" });
  return body as { readonly [name: string]: Json };
}

/** A body of at most `limit` bytes as text. @throws ServerBodyError (413), ServerRequestError (400). */
export async function textBody(request: Request, limit: number): Promise<string> {
  if (Number(request.headers.get("content-length") ?? 0) > limit) throw new ServerBodyError({ limit });
  if (request.body === null) return "";
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const reader = request.body.getReader();
  let [text, size] = ["", 0];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      size += value.byteLength;
      if (size > limit) throw new ServerBodyError({ limit });
      text += decoder.decode(value, { stream: true });
    }
  } catch (error) {
    if (isOrchError(error)) throw error;
    throw new ServerRequestError({ problem: "its body is no text in UTF-8, or broke off" });
  } finally {
    await reader.cancel().catch(() => {});
  }
}
