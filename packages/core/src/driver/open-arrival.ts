import type { Codec } from "../durable/codec.ts";
import type { Json } from "../durable/json.ts";
import { decisionFromJson, decisionToJson, keptMove } from "../durable/record-codec.ts";
import { asRevived, revive } from "../durable/revive.ts";
import type { Decision, Decisions, Mark, MarkKey, MetDecision, MoveDecision } from "../kernel/decisions.ts";
import type { OrchestrationEvent } from "../words/events.ts";
import type { Effect } from "./effect.ts";
import type { TakenArrival } from "./run-machine.ts";

/** An arrival that is being taken: its effects, and its decisions, which are made now or recalled in order. */
export class OpenArrival implements TakenArrival, Decisions {
  readonly effects: Effect[] = [];
  readonly events: OrchestrationEvent[] = [];
  readonly #codec: Codec;
  readonly #made: Json[] = [];
  readonly #recalled: readonly Json[] | undefined;
  #place = 0;
  #isShort = false;

  constructor(codec: Codec, recalled: readonly Json[] | undefined) {
    this.#codec = codec;
    this.#recalled = recalled;
  }

  /** Whether the arrival is taken for the first time. */
  get isFirst(): boolean {
    return this.#recalled === undefined;
  }

  get decisions(): readonly Json[] {
    return this.#recalled ?? this.#made;
  }

  /** Whether more or less is decided now than when the arrival was first taken. */
  get isMisfit(): boolean {
    return this.#isShort || (this.#recalled !== undefined && this.#place < this.#recalled.length);
  }

  recall(): Decision | undefined {
    if (this.#recalled === undefined) return undefined;
    const json = this.#recalled[this.#place++];
    if (json !== undefined) return decisionFromJson(json, this.#codec);
    this.#isShort = true;
    return undefined;
  }

  recallMark(key: MarkKey): Mark | "on" | undefined {
    if (this.#recalled === undefined) return undefined;
    const recalled = this.recallOwn(key);
    if (recalled === undefined) return "on";
    return { error: recalled.value === null ? null : revive(recalled.value) };
  }

  recallMet(path: string): MetDecision | "on" | undefined {
    if (this.#recalled === undefined) return undefined;
    const json = this.#recalled[this.#place];
    if (typeof json !== "object" || json === null || (json as { met?: Json }).met !== path) return "on";
    this.#place += 1;
    return decisionFromJson(json, this.#codec) as MetDecision;
  }

  admit(decision: MoveDecision, from: string, to: string, what?: string): MoveDecision {
    return keptMove(decision, this.#codec, from, to, what);
  }

  note(decision: Decision): void {
    if (this.#recalled === undefined) this.#made.push(decisionToJson(decision, this.#codec));
  }

  kept(error: Error): Error {
    return this.#recalled === undefined ? asRevived(error) : error;
  }

  /** The driver's own decision under this key. A new one is made by `make` and noted. */
  own(key: string, make: () => Json): Json {
    const recalled = this.recallOwn(key);
    if (recalled !== undefined) return recalled.value;
    const value = make();
    this.#made.push({ [key]: value });
    if (this.#recalled !== undefined) this.#isShort = true;
    return value;
  }

  /** The recorded decision, if the next one has this key. */
  recallOwn(key: string): { readonly value: Json } | undefined {
    const json = this.#recalled?.[this.#place];
    if (typeof json !== "object" || json === null || !Object.hasOwn(json, key)) return undefined;
    this.#place += 1;
    return { value: (json as { readonly [key: string]: Json })[key]! };
  }
}
