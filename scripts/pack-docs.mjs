/**
 * Puts the pages of `docs/` into `packages/core/docs`, so that they travel with the package that everybody installs. A link that leads out
 * of these pages leads to the repository on GitHub instead. Decisions, signatures and pictures stay at home.
 *
 *     node scripts/pack-docs.mjs
 */
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, posix, sep } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const REPOSITORY = "https://github.com/orch-ts/orch/blob/main/";
const target = join(root, "packages/core/docs");

const pages = globSync("docs/**/*.md", { cwd: root })
  .map((page) => page.replaceAll(sep, "/"))
  .filter((page) => !/^docs\/(decisions|api|images)\//.test(page));
const packed = new Set(pages);

rmSync(target, { recursive: true, force: true });
for (const page of pages) {
  const file = join(root, "packages/core", page);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, withLinks(page, readFileSync(join(root, page), "utf8")));
}

/** The text of a page; programs in it stay as they are. */
function withLinks(page, text) {
  return text
    .split(/(^```[\s\S]*?^```$)/m)
    .map((part) =>
      part.startsWith("```")
        ? part
        : part.replace(/\]\(([^)\s]+)\)/g, (_, link) => `](${leading(page, link)})`),
    )
    .join("");
}

function leading(page, link) {
  if (/^(#|[a-z]+:)/.test(link)) return link;
  const [path, anchor] = link.split("#");
  const place = posix.join(posix.dirname(page), path);
  return packed.has(place) ? link : `${REPOSITORY}${place}${anchor === undefined ? "" : `#${anchor}`}`;
}
