/** Checks a draft against the files: each quote must stand in the cited file, word for word. */
import { findQuote } from "./quotes.ts";
import type { Citation, Draft, Report } from "./report.ts";

/** A draft after the check. */
export interface CheckedReport {
  /** The report, with the statements that passed the check. */
  readonly report: Report;
  /** The problems, as sentences for the writer of the next draft; empty when all of it holds. */
  readonly problems: readonly string[];
}

type Section = Draft["sections"][number];

/** Checks `draft`; `read` gives a file of the folder, or `undefined` when there is none. */
export async function checkReport(
  draft: Draft,
  read: (path: string) => Promise<string | undefined>,
): Promise<CheckedReport> {
  const problems: string[] = [];
  const sections: Section[] = [];
  for (const section of draft.sections) {
    const held = await holding(section.citations, read, problems);
    const citations = unique([...held, ...(await uncited(section, held, read))]);
    if (citations.length > 0) sections.push({ ...section, citations });
    else problems.push(`The section "${section.heading}" cites nothing that holds.`);
  }
  const citations = unique(sections.flatMap((section) => section.citations));
  if (sections.length === 0 && problems.length === 0) problems.push("The report has no sections.");
  return { report: { ...draft, sections, citations, warnings: [] }, problems };
}

async function holding(
  citations: readonly Citation[],
  read: (path: string) => Promise<string | undefined>,
  problems: string[],
): Promise<Citation[]> {
  const held: Citation[] = [];
  for (const { path, line, quote } of citations) {
    const text = await read(path);
    const found = text === undefined ? undefined : findQuote(text, quote, line);
    if (text === undefined) problems.push(`There is no file ${path}.`);
    else if (found === undefined) problems.push(`${path} does not say "${quote}".`);
    else held.push({ path, ...found });
  }
  return unique(held);
}

/** The text of a section outside its quotes, when a cited file contains that text: a quote without its place. */
async function uncited(
  { text }: Section,
  held: readonly Citation[],
  read: (path: string) => Promise<string | undefined>,
): Promise<readonly Citation[]> {
  let rest = text;
  for (const { quote } of held) rest = rest.replace(quote, "");
  for (const { path, line } of held) {
    const found = findQuote((await read(path)) ?? "", rest.trim(), line);
    if (found !== undefined) return [{ path, ...found }];
  }
  return [];
}

function unique(citations: readonly Citation[]): Citation[] {
  return [...new Map(citations.map((one) => [`${one.path}:${one.line}:${one.quote}`, one])).values()];
}
