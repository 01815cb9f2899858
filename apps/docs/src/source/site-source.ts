import { statSync } from "node:fs";
import { join, posix } from "node:path";
import { apiDoors, apiPages } from "../api/api-pages.ts";
import { type MenuItem, siteMenu } from "../menu/site-menu.ts";
import { repositoryPages } from "../page/repository-pages.ts";
import { type LinkTargets, withSiteLinks } from "../page/site-links.ts";
import { addressOf, type SitePage } from "../page/site-page.ts";

/** All that the site is made of. */
export interface SiteSource {
  readonly pages: readonly SitePage[];
  readonly menu: readonly MenuItem[];
}

/** The file that is the start page, and whose tables are the menu. */
const START = "docs/README.md";

/** Reads the pages of a repository, and turns their links into those of the site. `doorSources` are those of its packages, by their names. */
export function siteSource(root: string, doorSources: ReadonlyMap<string, string>): SiteSource {
  const files = repositoryPages(root);
  const doors = apiDoors(root, doorSources);
  const targets: LinkTargets = {
    slugs: slugsByPath(files),
    isFolder: (path) => statSync(join(root, path), { throwIfNoEntry: false })?.isDirectory() === true,
  };
  const shown = files.map((page) => ({ ...page, body: withSiteLinks(page.body, page.path ?? "", targets) }));
  const start = files.find(({ path }) => path === START)?.body ?? "";
  const slugFor = (target: string): string | undefined =>
    targets.slugs.get(posix.join(posix.dirname(START), target).replace(/\/$/, ""));
  return {
    pages: [...shown, decisionsPage(files), ...apiPages(doors)],
    menu: siteMenu(start, slugFor, doors),
  };
}

function slugsByPath(files: readonly SitePage[]): ReadonlyMap<string, string> {
  const slugs = new Map<string, string>([
    ["docs/decisions", "decisions"],
    ["docs/api", "api"],
  ]);
  for (const { path = "", slug } of files) {
    slugs.set(path, slug);
    if (path.endsWith("/README.md")) slugs.set(posix.dirname(path), slug);
  }
  return slugs;
}

/** The list of decisions, which a reader of the repository sees as a folder. */
function decisionsPage(files: readonly SitePage[]): SitePage {
  const rows = files
    .filter(({ kind }) => kind === "history")
    .map(({ slug, title, description }) => `- [${title}](${addressOf(slug)}): ${description}`);
  return {
    slug: "decisions",
    title: "Decisions",
    description: "Why Orch is built as it is: one page for each decision.",
    body: `Each page says why a decision was needed, what was decided, what else there was, and what it costs.\n\n${rows.join("\n")}\n`,
    kind: "history",
  };
}
