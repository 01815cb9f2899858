import type { MenuItem } from "../menu/site-menu.ts";
import { BASE, ORIGIN, type SitePage } from "../page/site-page.ts";

/** Where the Markdown of a page stands. */
export function markdownAddress(slug: string): string {
  return `${ORIGIN}${BASE}/${slug === "" ? "index" : slug}.md`;
}

/** A page as one Markdown file. */
export function markdownOf({ title, body }: SitePage): string {
  const absolute = body.replaceAll(`](${BASE}/`, `](${ORIGIN}${BASE}/`);
  return `# ${title}\n\n${absolute.trim()}\n`;
}

/** The index for language models (llmstxt.org): each page with what it is about, in the order of the menu. */
export function llmsIndex(about: string, menu: readonly MenuItem[], pages: readonly SitePage[]): string {
  const bySlug = new Map(pages.map((page) => [page.slug, page]));
  const sections = menu.flatMap(({ label, items }) => {
    const rows = linesOf(items ?? [], bySlug);
    return rows.length === 0 ? [] : [`## ${label}\n\n${rows.join("\n")}`];
  });
  const all = `## Optional\n\n- [All pages in one file](${ORIGIN}${BASE}/llms-full.txt): the guides, without the reference of the doors`;
  return `# Orch\n\n> ${about}\n\n${[...sections, all].join("\n\n")}\n`;
}

function linesOf(items: readonly MenuItem[], pages: ReadonlyMap<string, SitePage>): string[] {
  return items.flatMap(({ label, slug, items: below }) => {
    const page = slug === undefined ? undefined : pages.get(slug);
    const line =
      page === undefined ? [] : [`- [${label}](${markdownAddress(page.slug)}): ${page.description}`];
    return [...line, ...linesOf(below ?? [], pages)];
  });
}

/** All guides in one file. */
export function llmsFull(pages: readonly SitePage[]): string {
  return pages
    .filter(({ kind, slug }) => kind !== "history" && !slug.startsWith("api"))
    .map(markdownOf)
    .join("\n---\n\n");
}
