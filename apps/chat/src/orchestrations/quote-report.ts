/** Makes a report readable that a model filled with quotes, because it cannot write. */
import type { Citation, Report } from "./report.ts";

const MAX_SECTIONS = 4;
const MAX_QUOTES = 5;
/** Characters of a title, which is the question. */
const MAX_TITLE = 120;

/** Keeps the quotes that tell something by themselves, and not too many of them. */
export function quoteReport(report: Report): Report {
  const sections = report.sections
    .map((section) => {
      const citations = section.citations.filter(tells).slice(0, MAX_QUOTES);
      return { ...section, citations, text: citations.map(({ quote }) => quote).join(" ") };
    })
    .filter(({ citations }) => citations.length > 0)
    .slice(0, MAX_SECTIONS);
  const characters = [...report.title];
  const title =
    characters.length > MAX_TITLE ? `${characters.slice(0, MAX_TITLE).join("").trimEnd()}…` : report.title;
  return { ...report, title, sections, citations: sections.flatMap(({ citations }) => citations) };
}

/** Questions, lines that lead to something else, and headings in bold answer nothing. */
function tells({ quote }: Citation): boolean {
  return !/[?:][\s*_"”|)]*$/.test(quote) && !/^(\*\*|__)[^*_]+\1$/.test(quote);
}
