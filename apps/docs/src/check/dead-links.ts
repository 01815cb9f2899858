import { globSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { BASE } from "../page/site-page.ts";

/** A link that leads nowhere. */
export interface DeadLink {
  readonly page: string;
  readonly target: string;
}

/** What one page of the built site has. */
interface BuiltPage {
  readonly anchors: ReadonlySet<string>;
  readonly links: readonly string[];
}

/** The links of a built site that lead to no file of it, or to no anchor of their page. Links to other hosts are not followed. */
export function deadLinks(folder: string): DeadLink[] {
  const files = new Set(
    globSync("**/*", { cwd: folder, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, "/")),
  );
  const pages = new Map(
    [...files]
      .filter((path) => path.endsWith(".html"))
      .map((path) => [path, builtPage(readFileSync(join(folder, path), "utf8"))] as const),
  );
  return [...pages].flatMap(([page, { links }]) =>
    links.filter((target) => !leadsSomewhere(target, page, files, pages)).map((target) => ({ page, target })),
  );
}

function leadsSomewhere(
  target: string,
  page: string,
  files: ReadonlySet<string>,
  pages: ReadonlyMap<string, BuiltPage>,
): boolean {
  const { pathname, hash } = new URL(target, `https://site${BASE}/${page}`);
  if (pathname !== BASE && !pathname.startsWith(`${BASE}/`)) return false;
  const path = decodeURIComponent(pathname.slice(BASE.length + 1));
  const file = path === "" || path.endsWith("/") ? `${path}index.html` : path;
  if (!files.has(file)) return false;
  const anchor = decodeURIComponent(hash.slice(1));
  return anchor === "" || pages.get(file)?.anchors.has(anchor) === true;
}

function builtPage(html: string): BuiltPage {
  const text = html.replaceAll(/<(script|style)\b[\s\S]*?<\/\1>/g, (element) => /^<[^>]*>/.exec(element)![0]);
  const attributes = (pattern: RegExp): string[] =>
    [...text.matchAll(pattern)].map(([, value = ""]) =>
      value.replaceAll("&amp;", "&").replaceAll("&#38;", "&"),
    );
  return {
    anchors: new Set(attributes(/\sid="([^"]+)"/g)),
    links: attributes(/\s(?:href|src)="([^"]*)"/g).filter((link) => !/^(?:[a-z]+:|\/\/)/i.test(link)),
  };
}
