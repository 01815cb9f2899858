/** Errors on their way through a journal: as plain data, and as errors again. */

import { messageOf } from "../errors/message-of.ts";
import { isOrchError, OrchError } from "../errors/orch-error.ts";
import { type Json, readJson } from "./json.ts";

/** How deep a chain of causes is kept. */
const DEEPEST_CAUSE = 8;

/** An error as JSON: name, message, code, facts and causes, without stack. */
export function errorToJson(thrown: unknown, depth = 0): Json {
  try {
    return plainError(thrown, depth);
  } catch {
    // Reading an error may throw. An unreadable error is still an error.
    return { name: "Error", message: "an error that cannot be read" };
  }
}

function plainError(thrown: unknown, depth: number): Json {
  const error = typeof thrown === "object" && thrown !== null ? thrown : {};
  const name = thrown instanceof Error ? String(thrown.name) : "Error";
  const code = "code" in error && typeof error.code === "string" ? { code: error.code } : {};
  const ours = isOrchError(thrown) ? { fix: thrown.fix, facts: plainFacts(thrown.facts) } : {};
  const cause =
    "cause" in error && error.cause !== undefined && depth < DEEPEST_CAUSE
      ? { cause: errorToJson(error.cause, depth + 1) }
      : {};
  return { name, message: messageOf(thrown), ...code, ...ours, ...cause };
}

/** An error made of what {@link errorToJson} gave. */
export function errorFromJson(json: Json | undefined): Error {
  const { name, message, code, fix, facts, cause } = (json ?? {}) as {
    readonly [key: string]: Json | undefined;
  };
  const options = cause === undefined ? undefined : { cause: errorFromJson(cause) };
  const text = { says: "", fix: String(fix ?? "") };
  const error =
    facts === undefined || code === undefined
      ? // biome-ignore lint/plugin: this is an error of somebody else, as it was.
        Object.assign(new Error("", options), code === undefined ? {} : { code })
      : new OrchError(String(code), facts as object, text, options);
  error.name = String(name ?? "Error");
  error.message = String(message ?? "");
  return error;
}

/** Facts without what JSON cannot hold; the input of a runnable is in the journal already. */
function plainFacts(facts: object): Json {
  const { input: _input, ...rest } = facts as { readonly input?: unknown };
  try {
    const text = JSON.stringify(rest);
    return readJson(text);
  } catch {
    return {};
  }
}
