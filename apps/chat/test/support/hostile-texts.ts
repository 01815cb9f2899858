/** What a stranger writes to steer a terminal. For tests only. */
import fc from "fast-check";
import { safeText } from "../../src/terminal/safe-text.ts";

const ST = ["\u001b\\", "\u009c", "\u0007", ""];
const INTRODUCERS = [
  "\u001b]",
  "\u009d",
  "\u001bP",
  "\u0090",
  "\u001b_",
  "\u009f",
  "\u001b^",
  "\u009e",
  "\u001bX",
  "\u0098",
];
const OSC_HEADS = [
  "0;",
  "2;",
  "4;1;",
  "8;;",
  "8;id=a;",
  "9;",
  "52;c;",
  "777;notify;",
  "1337;File=",
  "10;?",
  "",
];
const CSI_TAILS = [
  "2J",
  "6n",
  "?1049h",
  "31m",
  "8m",
  "30;40m",
  "1;1H",
  "c",
  ">c",
  "?25l",
  "!p",
  " q",
  "5i",
  "t",
  "3J",
  "",
];

/** Every sequence may stand in the payload of every other: holes are in the nesting, not in byte soup. */
export const { hostile } = fc.letrec<{ hostile: string; piece: string }>((tie) => ({
  hostile: fc.array(tie("piece"), { maxLength: 5 }).map((pieces) => pieces.join("")),
  piece: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom("word ", "é", "漢字", "👩‍👩‍👧", "\n", "\t", "https://github.com"),
    fc.constantFrom(
      "\u0000",
      "\u0007",
      "\u0008",
      "\r",
      "\u007f",
      "\u0018",
      "\u001a",
      "\u0085",
      "\u001b",
      "\u009b",
      "\u009d",
    ),
    fc.constantFrom(
      "\u202e",
      "\u200b",
      "\u200d",
      "\u2028",
      "\ufe0f",
      "\ud800",
      "\udc00",
      "\u{e0041}",
      "\u{e0100}",
      "\u0301",
    ),
    fc
      .tuple(fc.constantFrom("\u001b[", "\u009b"), tie("hostile"), fc.constantFrom(...CSI_TAILS))
      .map(([head, inner, tail]) => head + inner + tail),
    fc
      .tuple(
        fc.constantFrom(...INTRODUCERS),
        fc.constantFrom(...OSC_HEADS),
        tie("hostile"),
        fc.constantFrom(...ST),
      )
      .map((parts) => parts.join("")),
    fc
      .tuple(fc.constantFrom("\u001b(", "\u001b#", "\u001b%", "\u001b "), tie("hostile"))
      .map((parts) => parts.join("")),
    // What a reader of Markdown or of HTML makes of it.
    fc
      .tuple(
        fc.constantFrom("&#27;", "&#x1b;", "&#155;", "&#x9d;", "&#x202e;"),
        tie("hostile"),
        fc.constantFrom(...CSI_TAILS),
      )
      .map(([head, inner, tail]) => `${head}]0;${inner}&#7;${head}[${tail}`),
    tie("hostile").map(
      (inner) => `\u001b]8;;https://evil.example/${inner}\u001b\\https://github.com\u001b]8;;\u001b\\`,
    ),
  ),
}));

/** So many texts, always the same ones, each with something that a terminal would obey or that is not what it seems. */
export function hostileTexts(count: number): readonly string[] {
  const texts = fc.sample(hostile, { numRuns: count * 4, seed: 11 });
  return [...new Set(texts.filter((text) => safeText(text) !== text))].slice(0, count);
}

/** The same text in pieces, cut in the middle of its sequences. */
export function inPieces(text: string, size = 3): readonly string[] {
  return Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
    text.slice(at * size, (at + 1) * size),
  );
}
