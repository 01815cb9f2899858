/** Errors on their way through a journal: as plain data, and as errors again. */
import { errorData } from "../errors/error-data.ts";
import { isOrchError, OrchError } from "../errors/orch-error.ts";
import { given } from "../platform/given.ts";
import type { EventError } from "../words/events.ts";
import type { Json } from "./json.ts";

/** What was thrown, as the JSON of a record. */
export function errorJson(thrown: unknown): Json {
  return errorData(thrown) as unknown as Json;
}

/**
 * An error made of what `errorData` gave. It has the fields of the data and no others, and gives the same data again.
 * What an older version kept has fewer fields.
 */
export function revive(json: Json | EventError | undefined): Error {
  const data = (json ?? {}) as Partial<EventError>;
  const { name, message, code, fix, facts = {}, errors, cause } = data;
  const options = cause === undefined ? undefined : { cause: revive(cause) };
  const inner = errors?.map((error) => revive(error));
  const says = String(message ?? "");
  const { status, retryAfter, retryable, terminal, headers } = data;
  const fields = given({ status, retryAfter, retryable, terminal, headers });
  // Only an error of ours has a way out.
  const error =
    fix === undefined || code === undefined
      ? // biome-ignore lint/plugin: this is an error of somebody else, as it was.
        Object.assign(new Error(says, options), fields, given({ code, facts: data.facts, errors: inner }))
      : Object.assign(new OrchError(code, factsOf(code, facts, errors), { says, fix }, options), fields);
  if (isOrchError(error) && code !== "ORCH_RACE_LOST" && inner !== undefined)
    Object.assign(error, { errors: inner });
  Object.defineProperty(error, "name", { value: name ?? "Error", configurable: true, writable: true });
  return error;
}

/** The failures of a lost race are kept as its errors, and are facts of it. */
function factsOf(code: string, facts: object, errors: EventError["errors"]): object {
  return code === "ORCH_RACE_LOST" && errors !== undefined ? { ...facts, failures: errors } : facts;
}
