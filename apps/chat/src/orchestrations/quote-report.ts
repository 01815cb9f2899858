/** Makes a report readable that a model filled with quotes, because it cannot write. */
import type { Citation, Report } from "./report.ts";

const MAX_SECTIONS = 4;
const MAX_QUOTES = 5;
/** Characters of a title, which is the question. */
const MAX_TITLE = 120;

/** Keeps the quotes that tell something by themselves, and not too many of them; what it leaves out it says. */
export function quoteReport(report: Report): Report {
  const telling = report.sections
    .map((section) => ({ ...section, citations: section.citations.filter(tells) }))
    .filter(({ citations }) => citations.length > 0);
  const sections = telling.slice(0, MAX_SECTIONS).map((section) => {
    const citations = section.citations.slice(0, MAX_QUOTES);
    return { ...section, citations, text: citations.map(({ quote }) => quote).join(" ") };
  });
  const characters = [...report.title];
  const title =
    characters.length > MAX_TITLE ? `${characters.slice(0, MAX_TITLE).join("").trimEnd()}…` : report.title;
  const citations = sections.flatMap((section) => section.citations);
  const warnings = [...report.warnings, ...leftOut(report.sections, sections)];
  return { ...report, title, sections, citations, warnings };
}

/** Says how much more was found, so that what is shown does not pass for all of it. */
function leftOut(found: Report["sections"], shown: Report["sections"]): readonly string[] {
  const quotes = (sections: Report["sections"]): number =>
    sections.reduce((sum, { citations }) => sum + citations.length, 0);
  const left = quotes(found) - quotes(shown);
  if (left === 0) return [];
  const files = found.length - shown.length;
  const what = left === 1 ? "1 more quote" : `${left} more quotes`;
  const where = files === 0 ? "" : files === 1 ? " (1 more section)" : ` (${files} more sections)`;
  return [`Not shown: ${what}${where}. Ask more exactly to see more.`];
}

/** Questions, lines that lead to something else, and headings in bold answer nothing. */
function tells({ quote }: Citation): boolean {
  return !/[?:][\s*_"”|)]*$/.test(quote) && !/^(\*\*|__)[^*_]+\1$/.test(quote);
}
