/** The report that `research` gives, and how it is shown. */
import { z } from "zod";

const citation = z.object({
  path: z.string().describe("The file, as in the material."),
  line: z.int().min(1).describe("The line the quote begins on, as in the material."),
  quote: z.string().describe("Words from that place, copied exactly, one sentence at most."),
});

/** The answer of the writing agent. */
export const draftSchema = z.object({
  title: z.string().describe("At most ten words."),
  summary: z.string().describe("The answer to the question in two or three sentences."),
  sections: z.array(
    z.object({
      heading: z.string(),
      text: z.string().describe("Only what the citations of this section support."),
      citations: z.array(citation),
    }),
  ),
});

/** A quote and where it stands. */
export type Citation = z.infer<typeof citation>;

/** A report as it was written, not checked yet. */
export type Draft = z.infer<typeof draftSchema>;

/** A checked report: each quote stands at its line. */
export interface Report extends Draft {
  /** The citations of all sections, each once. */
  readonly citations: readonly Citation[];
  /** What the reader should know about how it was made. */
  readonly warnings: readonly string[];
}

/** The report as Markdown, in blocks that can be shown one after the other. */
export function reportBlocks(report: Report): readonly string[] {
  const { title, summary, sections, warnings } = report;
  const quoted = sections.length > 0 && sections.every(isOnlyQuotes);
  const blocks = [`# ${title}`];
  // Where the sections are quotes, the summary is some of the same quotes again.
  if (!quoted) blocks.push(summary);
  for (const section of sections) {
    const twice = sections.filter(({ heading }) => heading === section.heading).length > 1;
    blocks.push(`## ${section.heading}${twice ? ` (${section.citations[0]?.path})` : ""}`);
    if (isOnlyQuotes(section)) blocks.push(section.citations.map(quoteLine).join("\n"));
    else blocks.push(`${section.text} ${placesOf(section.citations)}`);
  }
  const notes = quoted ? ["Quoted word for word from your files; nothing was added.", ...warnings] : warnings;
  if (notes.length > 0) blocks.push(notes.map((note) => `_${note}_`).join("\n\n"));
  return blocks;
}

/** The report as Markdown. */
export function reportText(report: Report): string {
  return reportBlocks(report).join("\n\n");
}

function isOnlyQuotes({ text, citations }: Draft["sections"][number]): boolean {
  let rest = text;
  for (const { quote } of citations) rest = rest.replace(quote, "");
  return citations.length > 0 && rest.trim() === "";
}

function quoteLine({ path, line, quote }: Citation): string {
  return `- ${quote} \`${path}:${line}\``;
}

function placesOf(citations: readonly Citation[]): string {
  const places = new Set(citations.map(({ path, line }) => `\`${path}:${line}\``));
  return `(${[...places].join(", ")})`;
}
