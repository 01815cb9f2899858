/** Finds what is large in the values of one run, and what of it stands in the journal already. */
import { type Codec, plainJson, strictJson } from "./codec.ts";
import type { Json } from "./json.ts";
import { KnownItems } from "./known-items.ts";
import type { KeptPart } from "./known-parts.ts";
import { isKeptRaw, type LongText, valueText } from "./long-text.ts";
import { isLarge, LONG_LIST, LONG_TEXT, type PartHole, type PartWay } from "./part-place.ts";
import type { KnownPart } from "./plain-copy.ts";
import { type RecordDetails, takingText } from "./record-codec.ts";

/** A record that has parts. Its number is 0 until it is written; nothing refers to it before. */
interface Owner {
  record: number;
}

/** Where a part stands. */
interface PartPlace {
  readonly owner: Owner;
  readonly way: PartWay;
}

/** A large value as it is written. */
export interface WrittenParts {
  /** As {@link valueText} writes it. */
  readonly value: string;
  /** What is missing in it. */
  readonly parts: readonly PartHole[];
}

/** A list that stands in the journal. */
interface KnownList extends PartPlace {
  /** Its items, and perhaps those of a list that goes on where it ends. */
  readonly items: KnownItems;
  /** How many of them are its own. */
  readonly length: number;
}

/** A list that begins as one that is known. */
interface Match {
  readonly known: KnownList;
  /** How many items it has in common with that. */
  readonly count: number;
}

/** How many lists are remembered: one for each conversation that goes on side by side. */
const MOST_LISTS = 16;
/** How much text is remembered, in UTF-16 code units. What is forgotten is written again. */
const MOST_TEXT = 32 * 1024 * 1024;

/** The large parts of the journal of one run, as far as its driver wrote or read them. */
export class PartWriter {
  /** Makes values into JSON as the given codec does; the beginning of a list that is known is compared, and not checked again. */
  readonly codec: Codec;
  readonly #texts = new Map<string, PartPlace>();
  #length = 0;
  /** The one that was written last comes first. */
  #lists: readonly KnownList[] = [];
  #owner: Owner = { record: 0 };
  /** The long texts that are new in the value that is being written; absent for decisions, which are JSON. */
  #long: LongText[] | undefined;
  /** Lists that were copied with a beginning that is known. */
  readonly #matches = new WeakMap<object, Match>();

  constructor(codec: Codec) {
    this.codec =
      codec === strictJson
        ? { encode: (value, what) => plainJson(value, what, this.#begin), decode: codec.decode }
        : codec;
  }

  /** The text of a large value, as the value of the record that is written next. What is new in it is remembered when {@link taking} tells its number. */
  text(json: Json): WrittenParts {
    this.#owner = { record: 0 };
    const parts: PartHole[] = [];
    const long: LongText[] = [];
    this.#long = long;
    const written = this.#write(json, this.#owner, ["v"], parts);
    this.#long = undefined;
    return { value: valueText(written, long), parts };
  }

  /** The record of the last text is not written. */
  drop(): void {
    this.#owner = { record: 0 };
  }

  /**
   * What goes with a completion as text, with what was decided on account of it. `parts` are those of the value that the
   * record has, if that is large.
   */
  taking(
    details: RecordDetails,
    parts: readonly PartHole[] | undefined,
    decided: readonly Json[],
    record: number,
  ): string | undefined {
    if (parts !== undefined) this.#owner.record = record;
    if (parts === undefined && !isLarge(decided)) return takingText(details, decided);
    const owner: Owner = { record };
    const p = [...(parts ?? [])];
    const d = decided.map((one, place) => {
      return isLarge(one) ? this.#write(one, owner, ["d", place], p) : one;
    });
    return takingText(p.length === 0 ? details : { ...details, p }, d);
  }

  /** Remembers what stands in a record that was read. `listAt` gives a list of it with all of its items. */
  learn(json: Json, record: number, way: PartWay, listAt: (way: PartWay) => readonly Json[]): void {
    if (typeof json === "string") this.knows(json, record, way);
    if (typeof json !== "object" || json === null) return;
    if (Array.isArray(json)) this.knowsList(listAt(way), record, way);
    for (const [key, item] of Object.entries(json)) {
      this.learn(item, record, [...way, Array.isArray(json) ? Number(key) : key], listAt);
    }
  }

  /** A text stands in a record. */
  knows(text: string, record: number, way: PartWay): void {
    if (text.length > LONG_TEXT) this.#remember(text, { owner: { record }, way });
  }

  /** A list stands in a record, with all of its items. */
  knowsList(items: readonly Json[], record: number, way: PartWay): void {
    if (items.length < LONG_LIST) return;
    this.#keep({ owner: { record }, way, items: new KnownItems(items), length: items.length });
  }

  /** Where what is large in a value stands in the journal, as far as that is known. */
  *placesIn(json: Json, inForm: PartWay = []): Iterable<KeptPart> {
    if (typeof json === "string") {
      const place = json.length > LONG_TEXT ? this.#texts.get(json) : undefined;
      if (place !== undefined) yield [inForm, place.owner.record, place.way];
    }
    if (typeof json !== "object" || json === null) return;
    for (const [key, item] of Object.entries(json)) {
      yield* this.placesIn(item, [...inForm, Array.isArray(json) ? Number(key) : key]);
    }
    const begun = Array.isArray(json) ? this.#begin(json) : undefined;
    const match = begun && this.#matches.get(begun);
    if (match !== undefined) yield [inForm, match.known.owner.record, match.known.way, match.count];
  }

  /** `findsLists`: not inside of a long list, where a list would have to be found through its beginning. */
  #write(json: Json, owner: Owner, way: PartWay, holes: PartHole[], findsLists = true): Json {
    if (typeof json === "string") return this.#text(json, owner, way, holes);
    if (typeof json !== "object" || json === null) return json;
    if (Array.isArray(json)) {
      return findsLists && json.length >= LONG_LIST
        ? this.#list(json, owner, way, holes)
        : this.#items(json, owner, way, holes, findsLists);
    }
    let written: { [key: string]: Json } | undefined;
    for (const [key, item] of Object.entries(json as { readonly [key: string]: Json })) {
      const kept = this.#write(item, owner, [...way, key], holes, findsLists);
      if (kept === item) continue;
      written ??= { ...(json as { readonly [key: string]: Json }) };
      written[key] = kept;
    }
    return written ?? json;
  }

  #text(text: string, owner: Owner, way: PartWay, holes: PartHole[]): Json {
    if (text.length <= LONG_TEXT) return text;
    const place = this.#texts.get(text);
    if (place === undefined || place.owner.record === 0) {
      this.#remember(text, { owner, way });
      if (this.#long === undefined || !isKeptRaw(text)) return text;
      this.#long.push([way, text]);
      return null;
    }
    holes.push([way, place.owner.record, place.way]);
    return null;
  }

  #remember(text: string, place: PartPlace): void {
    if (!this.#texts.has(text)) this.#length += text.length;
    this.#texts.set(text, place);
    for (const [oldest] of this.#texts) {
      if (this.#length <= MOST_TEXT || oldest === text) break;
      this.#texts.delete(oldest);
      this.#length -= oldest.length;
    }
  }

  #list(list: readonly Json[], owner: Owner, way: PartWay, holes: PartHole[]): Json {
    const begun = this.#matches.has(list) ? list : this.#begin(list);
    const match = begun && this.#matches.get(begun);
    if (match === undefined) {
      this.#keep({ owner, way, items: new KnownItems(list), length: list.length });
      return this.#items(list, owner, way, holes, false);
    }
    const { known, count } = match;
    holes.push([way, known.owner.record, known.way, count]);
    const added = list.slice(count);
    if (added.length > 0 || count < known.length) {
      const items = known.items.first(count);
      items.add(added);
      this.#keep({ owner, way, items, length: list.length });
    }
    return this.#items(added, owner, way, holes, false);
  }

  #items(items: readonly Json[], owner: Owner, way: PartWay, holes: PartHole[], findsLists: boolean): Json {
    let written: Json[] | undefined;
    for (const [index, item] of items.entries()) {
      const kept = this.#write(item, owner, [...way, index], holes, findsLists);
      if (kept === item) continue;
      written ??= items.slice();
      written[index] = kept;
    }
    return written ?? items;
  }

  #keep(list: KnownList): void {
    this.#lists = [list, ...this.#lists.slice(0, MOST_LISTS - 1)];
  }

  /** A copy of a list as far as it begins like one that is known; the rest is to be added to it. */
  readonly #begin: KnownPart = (list) => {
    for (const known of this.#lists) {
      const most = Math.min(list.length, known.length);
      if (known.owner.record === 0 || most < LONG_LIST) continue;
      const copy = known.items.begin(list, most);
      const count = copy.length;
      if (count < LONG_LIST) continue;
      this.#matches.set(copy, { known, count });
      return copy;
    }
    return undefined;
  };
}
