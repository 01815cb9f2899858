/** What a review finds: where it stands, what is wrong there, and how it is shown. */
import { z } from "zod";
import type { ReviewLine } from "./review-source.ts";

const finding = z.object({
  path: z.string().describe("The file, as in the material."),
  line: z.int().min(1).describe("The line, as in the material."),
  quote: z.string().describe("Words of that line, copied exactly."),
  text: z.string().describe("What is wrong, in one sentence."),
  suggestion: z.string().nullable().describe("How to mend it, in one sentence; null if that is plain."),
});

/** The answer of the reviewing agent. */
export const findingsSchema = z.object({ findings: z.array(finding).max(20) });

/** Something to mend, with its place. */
export type Finding = z.infer<typeof finding>;

/** The findings whose words stand in the material, each once and at the line where they stand; others are left out. */
export function placed(findings: readonly Finding[], lines: readonly ReviewLine[]): readonly Finding[] {
  const found = findings.flatMap((one) => {
    const quote = one.quote.trim().replace(/^[+-]\s*/, "");
    const near = lines
      .filter(({ path, text }) => path === one.path && quote !== "" && text.includes(quote))
      .sort((a, b) => Math.abs(a.line - one.line) - Math.abs(b.line - one.line))[0];
    return near === undefined ? [] : [{ ...one, quote, line: near.line }];
  });
  const keys = found.map(({ path, line, quote }) => `${path}:${line}:${quote}`);
  return found.filter((_, at) => keys.indexOf(keys[at]!) === at);
}

/** What is shown of a review. */
interface Shown {
  readonly name: string;
  readonly findings: readonly Finding[];
  readonly note: string;
  readonly decision?: string;
}

/** A review as Markdown. */
export function reviewText({ decision, ...review }: Shown): string {
  const blocks = [`# Review of ${review.name}`, findingsText(review)].filter((block) => block !== "");
  if (decision === "approve") blocks.push("Approved.");
  if (decision === "stop") blocks.push("Stopped without an approval.");
  return blocks.join("\n\n");
}

/** The findings alone, with what is to be known of them. */
export function findingsText({ findings, note }: Omit<Shown, "decision">): string {
  return [...findings.map(findingText), ...(note === "" ? [] : [`_${note}_`])].join("\n\n");
}

function findingText({ path, line, quote, text, suggestion }: Finding, at: number): string {
  const mend = suggestion === null || suggestion === "" ? "" : ` ${suggestion}`;
  // A model that only quotes says nothing besides.
  const place = `${at + 1}. \`${path}:${line}\``;
  return text === quote ? `${place} ${quote}` : `${place} ${text}${mend}\n   > ${quote}`;
}
