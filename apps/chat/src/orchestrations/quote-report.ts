/** Makes a report readable that a model filled with quotes, because it cannot write. */
import type { Citation, Report } from "./report.ts";

const MAX_SECTIONS = 4;
const MAX_QUOTES = 5;

/** Keeps the quotes that tell something by themselves, and not too many of them. */
export function quoteReport(report: Report): Report {
  const sections = report.sections
    .map((section) => {
      const citations = section.citations.filter(tells).slice(0, MAX_QUOTES);
      return { ...section, citations, text: citations.map(({ quote }) => quote).join(" ") };
    })
    .filter(({ citations }) => citations.length > 0)
    .slice(0, MAX_SECTIONS);
  return { ...report, sections, citations: sections.flatMap(({ citations }) => citations) };
}

/** Questions, lines that lead to something else, and headings in bold answer nothing. */
function tells({ quote }: Citation): boolean {
  return !/[?:][\s*_"”|)]*$/.test(quote) && !/^(\*\*|__)[^*_]+\1$/.test(quote);
}
