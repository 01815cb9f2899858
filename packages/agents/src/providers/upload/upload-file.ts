/** Files that are uploaded once and named by their id from then on. */
import { type Clock, isOrchError } from "@orch/core";
import { systemClock } from "@orch/core/doors";
import { UploadError } from "../../errors/upload-error.ts";
import { abortedFailure } from "../../model/aborted-failure.ts";
import { failureOf, protocolFailure, providerFailure } from "../../model/failure.ts";
import { isObject } from "../../platform/json-object.ts";
import { systemFetch } from "../../platform/proxy/proxied-fetch.ts";
import type { FilePart } from "../../words/message.ts";
import type { ModelFailure } from "../../words/model.ts";
import { secretsOf } from "../provider-options.ts";
import { filesAddress, filesHeaders, problemOf } from "./files-api.ts";

/** Where a file is uploaded to. Nothing is read from the environment. */
export interface UploadOptions {
  readonly provider: "openai" | "anthropic";
  readonly apiKey: string;
  /** Default: the provider's own address, at OpenAI with the version: `https://api.openai.com/v1`. */
  readonly baseURL?: string;
  readonly headers?: { readonly [name: string]: string };
  readonly fetch?: typeof globalThis.fetch;
  readonly clock?: Clock;
  /** Cancels the upload. */
  readonly signal?: AbortSignal;
}

/** A file with its bytes. */
export interface UploadedBytes {
  readonly data: Uint8Array<ArrayBuffer>;
  readonly mediaType: string;
  readonly name: string;
}

/**
 * Uploads a file to a provider, and gives a part of a message that names it by its id. The part goes to that provider only: at
 * another one it is left out with a warning, as a file without bytes is.
 *
 * @throws UploadError (`ORCH_UPLOAD`) when the provider does not take it.
 */
export async function uploadFile(options: UploadOptions, file: UploadedBytes): Promise<FilePart> {
  const { provider, clock = systemClock, signal, apiKey } = options;
  const { name, mediaType } = file;
  const ctx = { provider, now: clock.now(), secrets: secretsOf(apiKey, options.headers) };
  const fail = (failure: ModelFailure): UploadError => new UploadError({ provider, name, failure });
  try {
    const answer = await send(options, file);
    const body: unknown = await answer.json().catch(() => undefined);
    if (!answer.ok) {
      const { status, headers } = answer;
      throw fail(providerFailure({ provider, status, headers, codes: [], message: problemOf(body) }, ctx));
    }
    const id = isObject(body) ? body["id"] : undefined;
    if (typeof id !== "string" || id === "")
      throw fail(protocolFailure(`${provider} sent an answer that names no file.`, ctx));
    return { type: "file", mediaType, name, stored: { provider, id } };
  } catch (error) {
    if (isOrchError(error)) throw error;
    throw fail(signal?.aborted ? abortedFailure(provider) : failureOf(error, ctx));
  }
}

async function send(options: UploadOptions, { data, mediaType, name }: UploadedBytes): Promise<Response> {
  const { provider, fetch = systemFetch, signal } = options;
  const form = new FormData();
  if (provider === "openai") form.set("purpose", "user_data");
  form.set("file", new Blob([data], { type: mediaType }), name);
  // Undici reads a form as a stream, and throws past its caller when the connection breaks meanwhile: it gets the bytes.
  const written = new Response(form);
  const type = written.headers.get("content-type") ?? "";
  return fetch(filesAddress(options, provider === "openai" ? "/files" : "/v1/files"), {
    method: "POST",
    headers: { "content-type": type, ...filesHeaders(options) },
    body: await written.arrayBuffer(),
    // The key goes to the address that was configured, and to no other.
    redirect: "manual",
    ...(signal && { signal }),
  });
}
