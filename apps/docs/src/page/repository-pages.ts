import { globSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { pageOfMarkdown } from "./page-of-markdown.ts";
import type { PageKind, SitePage } from "./site-page.ts";

/** The Markdown files that are pages: `docs/api` is not, because the site shows the declarations themselves. */
const SHOWN = ["docs/**/*.md", "packages/*/README.md", "apps/chat/README.md", "examples/README.md"];
const HIDDEN = ["docs/api/**", "docs/decisions/0000-template.md", "**/node_modules/**"];

/** Every page that is a file of the repository, in the order of the paths. `root` is the folder of the repository. */
export function repositoryPages(root: string): SitePage[] {
  return globSync(SHOWN, { cwd: root, exclude: HIDDEN })
    .map((path) => path.replaceAll(sep, "/"))
    .sort()
    .map((path) => {
      const page = pageOfMarkdown(readFileSync(join(root, path), "utf8"));
      return { ...page, slug: slugOf(path), kind: kindOf(path), path };
    });
}

/** The address of a file: `docs/durability.md` is `durability`, and a `README.md` is its folder. */
export function slugOf(path: string): string {
  return path
    .replace(/^docs\//, "")
    .replace(/^apps\/chat\//, "packages/chat/")
    .replace(/(^|\/)README\.md$/, "")
    .replace(/\.md$/, "");
}

function kindOf(path: string): PageKind {
  if (path.startsWith("docs/decisions/")) return "history";
  if (!path.startsWith("docs/")) return "package";
  if (path === "docs/README.md") return "start";
  return /^docs\/(errors|inside|performance|features|panes|providers\/servers)\.md$/.test(path)
    ? "reference"
    : "guide";
}
