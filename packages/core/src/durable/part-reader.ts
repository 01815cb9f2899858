/** Puts the parts of a journal back into its values. A part is made once, and shared by all values that have it. */
import { JsonError } from "../errors/json-error.ts";
import type { JournalRecord } from "../words/journal-record.ts";
import type { Json } from "./json.ts";
import type { KnownParts } from "./known-parts.ts";
import { hasLongTexts, readValue } from "./long-text.ts";
import { at, LONG_TEXT, type PartHole, type PartWay, put } from "./part-place.ts";
import type { PartWriter } from "./part-writer.ts";
import { detailsOf, detailsText, type RecordDetails } from "./record-codec.ts";

/** What of a record may have parts: its value, and the decisions. */
interface Tree {
  readonly [part: string]: Json;
}

/** A record that was read for its parts. */
interface Read {
  /** As it stands in the journal. */
  readonly bare: Tree;
  /** With its texts, but with lists that lack their beginnings. */
  readonly tree: Tree;
  readonly holes: readonly PartHole[];
}

/** How far back a driver looks for parts that it can refer to, and how many records it learns from. */
const LOOKS_BACK = 64;
const LEARNS = 4;

const HAS_PARTS = /"p":\[/;

/** Whether a driver that goes on with a journal may refer to parts in one of its last records, or one of these refers to parts itself. */
export function endsWithParts(records: readonly JournalRecord[]): boolean {
  return records.slice(-LOOKS_BACK).some(mayHaveParts);
}

/** Whether a record has a text that may be a part, or refers to one. */
export function mayHaveParts({ value = "", more = "" }: JournalRecord): boolean {
  return value.length > LONG_TEXT || more.length > LONG_TEXT || HAS_PARTS.test(more);
}

/** The parts of one journal. */
export class PartReader {
  readonly #journal: readonly JournalRecord[];
  readonly #first: number;
  readonly #known: KnownParts | undefined;
  readonly #read = new Map<number, Read>();

  /** `journal` has every record of the run from number `first` on; of those before, `known` has what is known. */
  constructor(journal: readonly JournalRecord[], first = 1, known?: KnownParts) {
    this.#journal = journal;
    this.#first = first;
    this.#known = known;
  }

  /** A value as it was before its parts were taken out. It shares them: who hands it to somebody copies it. */
  value(json: Json | undefined, holes: readonly PartHole[]): Json | undefined {
    return json === undefined ? undefined : this.#filled({ v: json }, holes)["v"];
  }

  /** The decisions of a record, likewise. */
  decisions({ d = [], p = [] }: RecordDetails): readonly Json[] {
    return this.#filled({ d: d as Json }, p)["d"] as readonly Json[];
  }

  /** A record that needs no other one. */
  whole(record: JournalRecord): JournalRecord {
    const isWhole = record.more === undefined || !HAS_PARTS.test(record.more);
    if (isWhole && !hasLongTexts(record.value ?? "")) return record;
    const { p = [], ...details } = detailsOf(record.more);
    const { more: _more, value: text, ...bare } = record;
    const d = details.d === undefined ? {} : { d: this.decisions({ d: details.d, p }) };
    const more = detailsText({ ...details, ...d });
    const value = text === undefined ? undefined : JSON.stringify(this.value(readValue(text), p));
    return {
      ...bare,
      ...(value === undefined ? {} : { value }),
      ...(more === undefined ? {} : { more }),
    };
  }

  /** Tells a driver that goes on with the run which parts stand in its newest records. */
  teach(writer: PartWriter): void {
    this.#known?.teach(writer);
    const first = this.#journal.findLastIndex(({ type }) => type === "migrated") + 1;
    const found: number[] = [];
    for (
      let index = this.#journal.length - 1;
      index >= Math.max(first, this.#journal.length - LOOKS_BACK);
      index--
    ) {
      if (mayHaveParts(this.#journal[index]!)) found.unshift(index + this.#first);
      if (found.length === LEARNS) break;
    }
    for (const number of found) this.#teachRecord(number, writer);
  }

  #teachRecord(number: number, writer: PartWriter): void {
    const { bare, holes } = this.#record(number);
    for (const [, record, from, count] of holes) {
      const text = count === undefined ? this.#text(record, from) : null;
      if (typeof text === "string") writer.knows(text, record, from);
    }
    for (const [name, json] of Object.entries(bare)) {
      writer.learn(json, number, [name], (way) => this.#items(number, way, Number.MAX_SAFE_INTEGER));
    }
  }

  #filled(tree: Tree, holes: readonly PartHole[]): Tree {
    let filled = this.#withTexts(tree, holes);
    for (const [way, record, from, count] of holes) {
      if (count === undefined) continue;
      const own = at(filled, way);
      if (own === undefined) continue;
      filled = put(filled, way, [...this.#items(record, from, count), ...(own as readonly Json[])]) as Tree;
    }
    return filled;
  }

  #withTexts(tree: Tree, holes: readonly PartHole[]): Tree {
    let filled = tree;
    for (const [way, record, from, count] of holes) {
      if (count !== undefined || at(filled, way) === undefined) continue;
      filled = put(filled, way, this.#text(record, from)) as Tree;
    }
    return filled;
  }

  #text(record: number, from: PartWay): Json {
    if (record < this.#first) return this.#known?.at(record, from) ?? this.#missing(record);
    return at(this.#record(record).bare, from) ?? this.#missing(record);
  }

  /** The first items of a list, which may begin in earlier records. */
  #items(number: number, from: PartWay, most: number): readonly Json[] {
    const pieces: (readonly Json[])[] = [];
    let [record, way, count] = [number, from, most];
    for (;;) {
      if (record < this.#first) {
        const begin = this.#known?.at(record, way, count) ?? this.#missing(record);
        return [begin as readonly Json[], ...pieces.reverse()].flat();
      }
      const { tree, holes } = this.#record(record);
      const own = at(tree, way);
      if (!Array.isArray(own)) return this.#missing(record);
      const key = way.join("\n");
      const before = holes.find(([of, , , begins]) => begins !== undefined && of.join("\n") === key);
      if (before === undefined) {
        pieces.push(own.slice(0, count));
        return pieces.reverse().flat();
      }
      const [, next, nextWay, begins = 0] = before;
      if (count > begins) pieces.push(own.slice(0, count - begins));
      [record, way, count] = [next, nextWay, Math.min(count, begins)];
    }
  }

  #record(number: number): Read {
    const known = this.#read.get(number);
    if (known !== undefined) return known;
    const record = this.#journal[number - this.#first];
    if (record === undefined) return this.#missing(number);
    const { d = [], p = [] } = detailsOf(record.more);
    const v = record.value === undefined ? null : readValue(record.value);
    const bare: Tree = { v, d: d as Json };
    this.#read.set(number, { bare, tree: bare, holes: p });
    const read = { bare, tree: this.#withTexts(bare, p), holes: p };
    this.#read.set(number, read);
    return read;
  }

  #missing(record: number): never {
    const detail = `record ${record} has not the part that another refers to`;
    throw new JsonError({ reason: "syntax", detail });
  }
}
