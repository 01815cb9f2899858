/** What requests about files have in common. */
import { isObject } from "../../platform/json-object.ts";
import type { UploadOptions } from "./upload-file.ts";

const DEFAULTS = { openai: "https://api.openai.com/v1", anthropic: "https://api.anthropic.com" } as const;

/** The address of a path. */
export function filesAddress({ provider, baseURL }: UploadOptions, path: string): string {
  return `${(baseURL ?? DEFAULTS[provider]).replace(/\/$/, "")}${path}`;
}

/** The key, and what else a request needs. */
export function filesHeaders({ provider, apiKey, headers }: UploadOptions): {
  readonly [name: string]: string;
} {
  const key =
    provider === "openai"
      ? { authorization: `Bearer ${apiKey}` }
      : {
          "x-api-key": apiKey,
          "anthropic-version": "2023-06-01",
          "anthropic-beta": "files-api-2025-04-14",
        };
  return { ...key, ...headers };
}

/** What a refusal says. */
export function problemOf(body: unknown): string {
  const error = isObject(body) ? body["error"] : undefined;
  const message = isObject(error) ? error["message"] : undefined;
  return typeof message === "string" ? message : "no reason given";
}
