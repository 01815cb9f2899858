import { posix } from "node:path";
import { addressOf, BASE, REPOSITORY } from "./site-page.ts";

/** What a link may lead to. */
export interface LinkTargets {
  /** The slug of each page by the path of its file, and by that of its folder where it is a `README.md`. */
  readonly slugs: ReadonlyMap<string, string>;
  /** Whether a path of the repository is a folder. */
  readonly isFolder: (path: string) => boolean;
}

const FENCE = /^(`{3,}|~{3,})/;
/** A link or picture: what stands before its target, the target, and the title behind it. */
const LINK = /(\]\()(?!https?:|mailto:|#)([^)\s]+)((?:\s+"[^"]*")?\))/g;

/** Turns the links of a file at `path` into links of the site, or of the repository where no page shows the target. */
export function withSiteLinks(markdown: string, path: string, targets: LinkTargets): string {
  let fence: string | undefined;
  const lines = markdown.split("\n").map((line) => {
    const mark = FENCE.exec(line)?.[1];
    if (mark !== undefined && (fence === undefined || line.startsWith(fence))) {
      fence = fence === undefined ? mark : undefined;
      return line;
    }
    if (fence !== undefined || /^ {4}/.test(line)) return line;
    return line.replaceAll(
      LINK,
      (_, open: string, target: string, close: string) => open + siteLink(target, path, targets) + close,
    );
  });
  return lines.join("\n");
}

/** Where one relative link of a file leads. */
export function siteLink(target: string, path: string, { slugs, isFolder }: LinkTargets): string {
  const [relative = "", anchor] = target.split("#");
  const file = posix.join(posix.dirname(path), relative).replace(/\/$/, "");
  const hash = anchor === undefined ? "" : `#${anchor}`;
  if (file.startsWith("docs/images/")) return `${BASE}/images/${posix.basename(file)}`;
  const slug = slugs.get(file);
  if (slug !== undefined) return addressOf(slug) + hash;
  return `${REPOSITORY}/${isFolder(file) ? "tree" : "blob"}/main/${file}${hash}`;
}
