/** Letters for random texts. fast-check's own units make a table of all of Unicode first, which takes seconds of each process. */
import fc from "fast-check";

const FIRST_HALF = 0xd800;
/** How many code points are halves of a pair, and no letters. */
const HALVES = 0x800;
const LAST = 0x10ffff - HALVES;

/** Any letter of Unicode, each second one of ASCII. */
export function anyLetter(): fc.Arbitrary<string> {
  return fc
    .oneof(fc.nat({ max: 0x7f }), fc.nat({ max: LAST }))
    .map((place) => String.fromCodePoint(place < FIRST_HALF ? place : place + HALVES));
}
