/** Errors on their way through a journal: as plain data, and as errors again. */
import { errorData } from "../errors/error-data.ts";
import { OrchError } from "../errors/orch-error.ts";
import { given } from "../platform/given.ts";
import type { EventError } from "../words/events.ts";
import type { Json } from "./json.ts";

/** What was thrown, as the JSON of a record. */
export function errorJson(thrown: unknown): Json {
  return errorData(thrown) as unknown as Json;
}

/** The errors of the language, so that `instanceof` says the same of one that was kept. */
const CLASSES: ReadonlyMap<string, ErrorConstructor> = new Map(
  [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map((one) => [one.name, one]),
);

/**
 * An error made of what `errorData` gave. It has the fields of the data and no others, and gives the same data again.
 * What an older version kept has fewer fields.
 */
export function revive(json: Json | EventError | undefined): Error {
  const data = (json ?? {}) as Partial<EventError>;
  const { code, fix, status, retryAfter, retryable, terminal, headers, name = "Error" } = data;
  // Only an error of ours has a way out.
  const error = code === undefined || fix === undefined ? foreign(data, name) : ours(data, code, fix);
  Object.defineProperty(error, "name", { value: name, configurable: true, writable: true });
  return Object.assign(error, given({ status, retryAfter, retryable, terminal, headers }));
}

function ours(
  { message = "", facts = {}, errors, cause }: Partial<EventError>,
  code: string,
  fix: string,
): Error {
  const says = String(message);
  if (errors === undefined) return new OrchError(code, facts, { says, fix }, causedBy(cause));
  // The failures of a lost race are kept as its errors, and are facts of it.
  if (code === "ORCH_RACE_LOST") {
    return new OrchError(code, { ...facts, failures: errors } as never, { says, fix }, causedBy(cause));
  }
  const error = new OrchError(code, facts, { says, fix }, causedBy(cause));
  return Object.assign(error, { errors: errors.map((one) => revive(one)) });
}

/** An error of somebody else, as it was. */
function foreign({ message, code, facts, errors, cause }: Partial<EventError>, name: string): Error {
  const says = String(message ?? "");
  const inner = errors?.map((one) => revive(one));
  const fields = given({ code, facts });
  if (name === "AggregateError" && inner !== undefined) {
    return Object.assign(new AggregateError(inner, says, causedBy(cause)), fields);
  }
  const error = new (CLASSES.get(name) ?? Error)(says, causedBy(cause));
  return Object.assign(error, fields, given({ errors: inner }));
}

function causedBy(cause: EventError | undefined): ErrorOptions | undefined {
  return cause === undefined ? undefined : { cause: revive(cause) };
}

/** What was thrown, as a run that is resumed will have it; with its stack, for whoever looks for the fault. */
export function asRevived(thrown: unknown): Error {
  const revived = revive(errorData(thrown));
  let [from, to]: unknown[] = [thrown, revived];
  while (from instanceof Error && to instanceof Error) {
    Object.defineProperty(to, "stack", { value: from.stack, configurable: true, writable: true });
    from = from.cause;
    to = to.cause;
  }
  return revived;
}
