import { fieldOf } from "../platform/field-of.ts";
import { given } from "../platform/given.ts";
import type { EventError } from "../words/events.ts";
import { isOrchError } from "./orch-error.ts";
import { plainFacts } from "./plain-facts.ts";
import { headersOf } from "./plain-headers.ts";

/** How deep a chain of causes is kept. */
const DEEPEST = 8;
/** How many errors are kept of one failure, causes and inner errors together. */
const MOST = 100;
/** The longest message that is kept, in characters. */
const LONGEST = 10_000;

/** An error, or whatever else was thrown, as plain data. The only place that says which of its fields are kept. */
export function errorData(thrown: unknown): EventError {
  return dataOf(thrown, 0, { left: MOST - 1 });
}

/** How many more errors may be kept. */
interface Room {
  left: number;
}

function dataOf(thrown: unknown, depth: number, room: Room): EventError {
  try {
    return read(thrown, depth, room);
  } catch {
    // Reading an error may throw. An unreadable error is still an error.
    return { name: "Error", message: "something that cannot be shown as text" };
  }
}

function read(thrown: unknown, depth: number, room: Room): EventError {
  const facts = fieldOf(thrown, "facts");
  const errors = errorsOf(thrown, facts);
  const cause = fieldOf(thrown, "cause");
  return {
    name: nameOf(thrown),
    message: wordsOf(thrown),
    ...given({
      code: textIn(thrown, "code"),
      status: numberIn(thrown, "status") ?? numberIn(thrown, "statusCode"),
      retryAfter: numberIn(thrown, "retryAfter"),
      retryable: booleanIn(thrown, "retryable"),
      terminal: booleanIn(thrown, "terminal"),
      headers: headersOf(fieldOf(thrown, "headers")),
      // An error inside of another one may be data by now. With advice somebody else's error would come back as one of ours.
      fix: isOrchError(thrown) || (depth && !(thrown instanceof Error)) ? textIn(thrown, "fix") : undefined,
      facts: typeof facts === "object" && facts !== null ? factsOf(facts, errors) : undefined,
      cause: cause === undefined ? undefined : inner(cause, depth, room),
      errors: errors?.flatMap((error) => inner(error, depth, room) ?? []),
    }),
  };
}

/** A cause, or an inner error; `undefined` where enough is kept already. */
function inner(thrown: unknown, depth: number, room: Room): EventError | undefined {
  if (depth >= DEEPEST || room.left <= 0) return undefined;
  room.left -= 1;
  return dataOf(thrown, depth + 1, room);
}

/** The errors that came together in one: those of an `AggregateError`, or the failures of a lost race. */
function errorsOf(thrown: unknown, facts: unknown): readonly unknown[] | undefined {
  const errors = fieldOf(thrown, "errors") ?? failuresOf(thrown, facts);
  return Array.isArray(errors) && typeof fieldOf(errors[0], "message") === "string" ? errors : undefined;
}

function failuresOf(thrown: unknown, facts: unknown): unknown {
  return fieldOf(thrown, "code") === "ORCH_RACE_LOST" ? fieldOf(facts, "failures") : undefined;
}

/** The failures of a race are its `errors`, and are not kept twice. */
function factsOf(facts: object, errors: readonly unknown[] | undefined): EventError["facts"] {
  if (errors === undefined || fieldOf(facts, "failures") !== errors) return plainFacts(facts);
  const { failures: _failures, ...rest } = facts as { readonly failures?: unknown };
  return plainFacts(rest);
}

function nameOf(thrown: unknown): string {
  const name = textIn(thrown, "name");
  const isError = thrown instanceof Error || typeof fieldOf(thrown, "message") === "string";
  return (isError && name) || "Error";
}

/** What was said, whole. An error of ours tells it apart from the advice. */
function wordsOf(thrown: unknown): string {
  const said = (isOrchError(thrown) ? textIn(thrown, "says") : undefined) ?? fieldOf(thrown, "message");
  const text = typeof said === "string" ? said : thrown instanceof Error ? "" : String(said ?? thrown);
  const words = text === "" && thrown instanceof Error ? thrown.name : text;
  return words.length > LONGEST ? `${words.slice(0, LONGEST)}...` : words;
}

function textIn(thrown: unknown, name: string): string | undefined {
  const value = fieldOf(thrown, name);
  return typeof value === "string" ? value : undefined;
}

function numberIn(thrown: unknown, name: string): number | undefined {
  const value = fieldOf(thrown, name);
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

function booleanIn(thrown: unknown, name: string): boolean | undefined {
  const value = fieldOf(thrown, name);
  return typeof value === "boolean" ? value : undefined;
}
