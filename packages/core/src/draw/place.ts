/**
 * Places: where a state stands in its orchestration, whichever visit and whichever item of a list it
 * is about. `research/searchAll#2[7]/search#1` stands at `research/searchAll[]/search`.
 */

/** One part of a path. */
interface Part {
  readonly id: string;
  /** The key of the branch that follows in the path; absent where none does. */
  readonly key: string | undefined;
}

/** The place of a path. `isList` tells of a place whether its branches are numbered. */
export function placeOf(path: string, isList: (place: string) => boolean): string {
  let place = "";
  for (const { id, key } of partsOf(path)) {
    place = place === "" ? id : `${place}/${id}`;
    if (key !== undefined) place = branchPlace(place, isList(place) ? "" : key);
  }
  return place;
}

/** The place of a fan-out's branch; the key of a list's branches is empty. */
export function branchPlace(fan: string, key: string): string {
  return `${fan}[${key}]`;
}

/** The place around a place; `undefined` for the run's own. */
export function outerPlace(place: string): string | undefined {
  let outer: string | undefined;
  let at = "";
  let start = "";
  for (const { id, key } of partsOf(place)) {
    outer = at === "" ? undefined : at;
    at = start === "" ? id : `${start}/${id}`;
    start = key === undefined ? at : branchPlace(at, key);
  }
  return outer;
}

/** Ids hold none of the characters that separate them, so the first separator of each kind counts. */
function* partsOf(path: string): Iterable<Part> {
  let at = 0;
  while (at < path.length) {
    const open = path.indexOf("[", at);
    const slash = path.indexOf("/", at);
    if (open >= 0 && (slash < 0 || open < slash)) {
      const close = path.indexOf("]/", open);
      const end = close < 0 ? path.length : close;
      yield { id: withoutVisit(path.slice(at, open)), key: path.slice(open + 1, end) };
      at = end + 2;
    } else {
      const end = slash < 0 ? path.length : slash;
      yield { id: withoutVisit(path.slice(at, end)), key: undefined };
      at = end + 1;
    }
  }
}

function withoutVisit(part: string): string {
  const mark = part.lastIndexOf("#");
  return mark < 0 ? part : part.slice(0, mark);
}
