/** Files that a provider keeps, like those that code made there, fetched by their id. */
import { isOrchError } from "@orch/core";
import { systemClock } from "@orch/core/doors";
import { UploadError } from "../../errors/upload-error.ts";
import { abortedFailure } from "../../model/aborted-failure.ts";
import { failureOf, providerFailure } from "../../model/failure.ts";
import { isObject } from "../../platform/json-object.ts";
import { systemFetch } from "../../platform/proxy/proxied-fetch.ts";
import type { FilePart } from "../../words/message.ts";
import type { ModelFailure } from "../../words/model.ts";
import { secretsOf } from "../provider-options.ts";
import { filesAddress, filesHeaders, problemOf } from "./files-api.ts";
import type { UploadedBytes, UploadOptions } from "./upload-file.ts";

/**
 * Fetches a file that the provider keeps: `stored` of a part of a message. Its name is that of the part, or the one that Anthropic
 * has for it, without a folder; or else its id.
 *
 * @throws UploadError (`ORCH_UPLOAD`) when the file is kept elsewhere, or the provider does not give it.
 */
export async function fetchFile(options: UploadOptions, part: FilePart): Promise<UploadedBytes> {
  const { provider, clock = systemClock, signal, apiKey } = options;
  const { stored } = part;
  const name = part.name ?? stored?.id ?? "a file";
  const ctx = { provider, now: clock.now(), secrets: secretsOf(apiKey, options.headers) };
  const fail = (failure: ModelFailure): UploadError =>
    new UploadError({ provider, name, failure, fetched: true });
  if (stored?.provider !== provider) {
    const message = stored === undefined ? "no provider keeps it." : `it is kept at ${stored.provider}.`;
    throw fail({ kind: "not-found", message, retryable: false });
  }
  const get = async (path: string): Promise<Response> => {
    const { fetch = systemFetch } = options;
    // The key goes to the address that was configured, and to no other.
    const init = { headers: filesHeaders(options), redirect: "manual", ...(signal && { signal }) } as const;
    const answer = await fetch(filesAddress(options, path), init);
    if (answer.ok) return answer;
    const { status, headers } = answer;
    const message = problemOf(await answer.json().catch(() => undefined));
    throw fail(providerFailure({ provider, status, headers, codes: [], message }, ctx));
  };
  try {
    const path = pathOf(stored);
    const about: unknown = provider === "anthropic" ? await (await get(path)).json() : undefined;
    const answer = await get(`${path}/content`);
    const data = new Uint8Array(await answer.arrayBuffer());
    return { data, ...namesOf(part, about, name) };
  } catch (error) {
    if (isOrchError(error)) throw error;
    throw fail(signal?.aborted ? abortedFailure(provider) : failureOf(error, ctx));
  }
}

function pathOf({ provider, id, container }: NonNullable<FilePart["stored"]>): string {
  const file = `files/${encodeURIComponent(id)}`;
  if (container !== undefined) return `/containers/${encodeURIComponent(container)}/${file}`;
  return provider === "openai" ? `/${file}` : `/v1/${file}`;
}

/** A name from elsewhere leads to no other folder. */
function namesOf(part: FilePart, about: unknown, name: string): Omit<UploadedBytes, "data"> {
  const { filename, mime_type: told } = isObject(about) ? about : {};
  const called = part.name ?? (typeof filename === "string" && filename !== "" ? filename : name);
  return {
    name: called.split(/[\\/]/).at(-1) || name,
    mediaType: typeof told === "string" ? told : part.mediaType,
  };
}
