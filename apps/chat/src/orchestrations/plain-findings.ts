/** What can be found in a text without judging it: what was left behind, and what is there twice. */
import type { Finding } from "./review-findings.ts";
import type { ReviewLine, ReviewMaterial } from "./review-source.ts";

/** A sign in a line, and what it says. */
interface Sign {
  readonly pattern: RegExp;
  readonly says: string;
  readonly suggestion: string;
  /** Only in code, or only in prose. Default: in both. */
  readonly where?: "code" | "prose";
}

const SIGNS: readonly Sign[] = [
  {
    pattern: /^(?:<{7}|>{7}) .+/,
    says: "A conflict of a merge stands here.",
    suggestion: "Choose one of the two sides.",
  },
  {
    pattern: /\b(?:TODO|FIXME|TBD|XXX)\b.*/,
    says: "Something is left to be done.",
    suggestion: "Do it, or write down where it will be done.",
  },
  {
    pattern: /\[secret left out\]/,
    says: "This looks like a key or a password.",
    suggestion: "Take it out of the file, and make a new one.",
  },
  {
    pattern: /\b(?:console\.(?:log|debug)|debugger\b|dbg!|breakpoint)\s{0,4}[(;]?.*/,
    says: "This looks like a trace of debugging.",
    suggestion: "Take it out, or use the program's log.",
    where: "code",
  },
  {
    pattern: /\b(?:describe|it|test)\.only\b.*/,
    says: "Only this test would run.",
    suggestion: "Take .only out.",
    where: "code",
  },
  {
    pattern: /\b(\p{L}{2,}) \1\b/iu,
    says: "A word stands here twice.",
    suggestion: "Leave one of them.",
    where: "prose",
  },
];

const PROSE = /(?:\.(?:md|mdx|txt|rst|adoc)|^[^.]+)$/i;
/** Longer lines are no prose that a person wrote. */
const MAX_LINE = 2000;
const MAX_FINDINGS = 20;

/** Finds what needs no model: of changes only in new lines. At most twenty. */
export function plainFindings({ kind, lines }: Pick<ReviewMaterial, "kind" | "lines">): readonly Finding[] {
  const judged = kind === "changes" ? lines.filter(({ added }) => added) : lines;
  return judged.flatMap(signsIn).slice(0, MAX_FINDINGS);
}

function signsIn({ path, line, text }: ReviewLine): readonly Finding[] {
  if (text.length > MAX_LINE) return [];
  const kind = PROSE.test(path) ? "prose" : "code";
  return SIGNS.flatMap(({ pattern, says, suggestion, where = kind }) => {
    const quote = where === kind ? pattern.exec(text)?.[0].trim() : undefined;
    return quote === undefined ? [] : [{ path, line, quote, text: says, suggestion }];
  });
}
