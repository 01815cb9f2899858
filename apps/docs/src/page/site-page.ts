/** A page of the site, and where the site stands. */

/** Where the site is served, without the path. */
export const ORIGIN = "https://orch-ts.github.io";

/** The path under which every page stands. */
export const BASE = "/orch";

/** Where files of the repository are read that are no pages. */
export const REPOSITORY = "https://github.com/orch-ts/orch";

/** What a page is for. A search prefers them in this order. */
export type PageKind = "guide" | "package" | "reference" | "start" | "history";

/** How much a text counts in a search, by the kind of its page. */
export const WEIGHTS: { readonly [kind in PageKind]: number } = {
  guide: 1,
  package: 0.5,
  reference: 0.3,
  start: 0.1,
  history: 0.1,
};

/** A page before it is laid out. */
export interface SitePage {
  /** The path under {@link BASE}, without slashes at its ends; empty for the start page. */
  readonly slug: string;
  readonly title: string;
  /** One or two sentences for lists and search engines. */
  readonly description: string;
  /** Markdown, without the title. */
  readonly body: string;
  readonly kind: PageKind;
  /** Words that a reader may type in the search, and that the page does not say. */
  readonly words?: string;
  /** The file of the repository that it shows, when it shows one. */
  readonly path?: string;
}

/** The address of a page, from the root of the host. */
export function addressOf(slug: string): string {
  return slug === "" ? `${BASE}/` : `${BASE}/${slug}/`;
}
