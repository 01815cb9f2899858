/** Decisions that carry values of the user, as JSON: which edge was taken, and what was chosen. */
import type { Made } from "../kernel/compiled.ts";
import type { AddedDecision, ChoiceDecision, MoveDecision } from "../kernel/decisions.ts";
import { keptForm } from "../kernel/kept-form.ts";
import type { Codec } from "./codec.ts";
import type { Json } from "./json.ts";

/**
 * A move as JSON, with the states it leads from and to for error messages: edge, target, input, whether the input is nothing,
 * the data of a made state, its form, and whether the data is nothing. What follows the last that is there is left out.
 */
export function moveToJson(
  decision: MoveDecision,
  codec: Codec,
  from?: string,
  to?: string,
  what?: string,
): Json {
  if (decision.length < 3) return decision as unknown as Json;
  const [edge, target, input, made] = decision;
  const json = codec.encode(
    input,
    from === undefined
      ? "what an edge gave"
      : what !== undefined
        ? `what the edge from "${from}" to "${to}" adds to a dossier`
        : `the input that the conversion from "${from}" to "${to}" gave`,
  );
  const move = json === undefined ? [edge, target, null, 1] : [edge, target, json];
  if (made === undefined) return move;
  return [...move, ...(json === undefined ? [] : [0]), ...madeToJson(made, codec, to)];
}

/** The move that {@link moveToJson} wrote. */
export function moveFromJson(json: readonly Json[], codec: Codec): MoveDecision {
  if (json.length < 3) return json as unknown as MoveDecision;
  const [edge, target, input, isNothing, ...made] = json as readonly [number, number, ...Json[]];
  const given = codec.decode(isNothing === 1 ? undefined : input);
  if (json.length < 5) return [edge, target, given];
  return [edge, target, given, madeFromJson(made, codec)];
}

/** A move that added to a dossier, as JSON. */
export function addedToJson({ move, added }: AddedDecision, codec: Codec): Json {
  const json = codec.encode(added, "what an edge adds to a dossier");
  return { move: moveToJson(move, codec), ...(json === undefined ? {} : { added: json }) };
}

/** The move that {@link addedToJson} wrote. */
export function addedFromJson(json: { readonly [key: string]: Json }, codec: Codec): AddedDecision {
  return { move: moveFromJson(json["move"] as readonly Json[], codec), added: codec.decode(json["added"]) };
}

/** What a state was made from, with what is inside it where nothing else tells, and whether the data is nothing. */
export function madeToJson(
  { data, inside, form = inside && keptForm(inside) }: Made,
  codec: Codec,
  to: string | undefined,
): readonly Json[] {
  const json = codec.encode(data, `the data from which "${to ?? "a state"}" was made`);
  if (json === undefined) return [null, (form as Json | undefined) ?? null, 1];
  return form === undefined ? [json] : [json, form as Json];
}

/** What {@link madeToJson} wrote. */
export function madeFromJson([data, form, isNothing]: readonly Json[], codec: Codec): Made {
  return { data: codec.decode(isNothing === 1 ? undefined : data), ...(form == null ? {} : { form }) };
}

/** A choice whose conversion made an input, as JSON: the input in a list, which is empty where it is nothing. */
export function choiceToJson({ chose, form, given }: ChoiceDecision, codec: Codec): Json {
  const json = codec.encode(given![0], `the input that the conversion to "${chose}" gave`);
  const kept = json === undefined ? [] : [json];
  return form === undefined ? { chose, given: kept } : { chose, form: form as Json, given: kept };
}

/** The choice that {@link choiceToJson} wrote. */
export function choiceFromJson(json: { readonly [key: string]: Json }, codec: Codec): ChoiceDecision {
  const { given, ...choice } = json as unknown as ChoiceDecision & { readonly given: readonly [Json?] };
  return { ...choice, given: [codec.decode(given[0])] };
}
