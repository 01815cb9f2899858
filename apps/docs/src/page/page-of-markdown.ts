/** What a Markdown file says of itself. */
export interface MarkdownPage {
  readonly title: string;
  readonly description: string;
  /** The text after the title. */
  readonly body: string;
  /** What stands in the comment `<!-- words: ... -->`, if there is one. */
  readonly words?: string;
}

const WORDS = /^<!-- words: (.+?) -->\n*/m;

const LONGEST = 200;

/** Takes the title from the first heading, and the description from the first paragraph, as far as whole sentences fit. */
export function pageOfMarkdown(text: string): MarkdownPage {
  const heading = /^# (.+)$/m.exec(text);
  const whole = heading === null ? text : text.slice(heading.index + heading[0].length).trimStart();
  const words = WORDS.exec(whole)?.[1];
  const body = whole.replace(WORDS, "");
  const title = plainOf(heading?.[1] ?? "");
  return { title, description: firstSentences(body), body, ...(words === undefined ? {} : { words }) };
}

function firstSentences(body: string): string {
  const paragraph = body.split(/\n\s*\n/).find((block) => /^[A-Z`"*[]/.test(block)) ?? "";
  let description = "";
  for (const sentence of plainOf(paragraph).split(/(?<=[.?!:])\s+/)) {
    if (description !== "" && description.length + sentence.length > LONGEST) break;
    description = `${description} ${sentence}`.trim();
  }
  return description.replace(/:$/, ".");
}

/** Text without the marks of Markdown. */
export function plainOf(markdown: string): string {
  return markdown
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/[`*]|<[^>]+>/g, "")
    .replaceAll(/\s+/g, " ")
    .trim();
}
