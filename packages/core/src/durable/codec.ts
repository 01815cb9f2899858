/**
 * Codecs: how values become the JSON of a journal, and come back. The default takes plain JSON only,
 * and refuses by name what would come back as something else, on the first run and not on the resumed one.
 */
import { NotSerializableError } from "../errors/not-serializable-error.ts";
import type { Json } from "./json.ts";
import { isPlainAlready, type KnownPart, type PlainProblem, plainCopy } from "./plain-copy.ts";

/**
 * Turns values into JSON and back. Both are pure. A run goes on with what `decode` gives for what `encode` gave, in its
 * first life as in a later one.
 */
export interface Codec {
  /** `what` names the value in an error, like `the output of "plan"`. */
  readonly encode: (value: unknown, what: string) => Json | undefined;
  readonly decode: (json: Json | undefined) => unknown;
}

/**
 * Plain JSON. Properties that are `undefined` are left out, -0 becomes 0, and objects get the prototype of an object
 * literal. Everything else that would come back as something else is refused.
 */
export const strictJson: Codec = {
  encode: (value, what) => plainJson(value, what),
  decode: (json) => json,
};

/** A value as plain JSON. `begin` knows lists that were checked before. @throws NotSerializableError */
export function plainJson(value: unknown, what: string, begin?: KnownPart): Json | undefined {
  if (isPlainAlready(value)) return value;
  const problem: PlainProblem = { found: "", path: [], begin };
  const copy = plainCopy(value, problem);
  if (problem.found === "") return copy;
  throw new NotSerializableError({ value: what, place: placeOf(problem.path), found: problem.found });
}

/** The value with which a run goes on after it was kept. @throws NotSerializableError, or what the codec throws. */
export function keptValue(codec: Codec, value: unknown, what: string): unknown {
  return codec.decode(codec.encode(value, what));
}

function placeOf(path: readonly (string | number)[]): string {
  let text = "";
  for (const step of [...path].reverse()) {
    if (typeof step === "number") text += `[${step}]`;
    else text += text === "" ? step : `.${step}`;
  }
  return text;
}
