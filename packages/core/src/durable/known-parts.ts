/** Parts of a journal that stand in a snapshot too, so that who goes on from it needs no record before it for them. */
import type { Json } from "./json.ts";
import { at, type PartWay } from "./part-place.ts";
import type { PartWriter } from "./part-writer.ts";

/** Where a part stands in the form of a snapshot, and where in the journal; with a count, so many first items of a list. */
export type KeptPart = readonly [inForm: PartWay, record: number, way: PartWay, count?: number];

/** The parts that a snapshot knows. */
export class KnownParts {
  readonly #form: Json;
  readonly #kept: readonly KeptPart[];
  readonly #places: ReadonlyMap<string, KeptPart>;

  constructor(form: Json, kept: readonly KeptPart[]) {
    this.#form = form;
    this.#kept = kept;
    this.#places = new Map(kept.map((part) => [keyOf(part[1], part[2]), part]));
  }

  /** What stands at a way of a record: a text, or the first items of a list; `undefined` where that is not known. */
  at(record: number, way: PartWay, count?: number): Json | undefined {
    const kept = this.#places.get(keyOf(record, way));
    if (kept === undefined) return undefined;
    const found = at(this.#form, kept[0]);
    if (count === undefined) return typeof found === "string" ? found : undefined;
    return Array.isArray(found) && (kept[3] ?? 0) >= count ? found.slice(0, count) : undefined;
  }

  /** Tells them to a driver, oldest first. */
  teach(writer: PartWriter): void {
    for (const [inForm, record, way, count] of this.#kept) {
      const found = at(this.#form, inForm);
      if (typeof found === "string") writer.knows(found, record, way);
      else if (Array.isArray(found)) writer.knowsList(found.slice(0, count), record, way);
    }
  }
}

function keyOf(record: number, way: PartWay): string {
  return `${record} ${JSON.stringify(way)}`;
}
