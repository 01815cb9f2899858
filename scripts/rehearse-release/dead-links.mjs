/** Links of the pages in installed packages that lead to nothing in the same package. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** Each dead link of the packages below `modules`, as `page -> link`. */
export function deadLinks(modules) {
  const pages = globSync("{@orch/*,create-orch}/{*.md,docs/**/*.md,skills/**/*.md}", { cwd: modules });
  return pages.flatMap((page) => {
    const file = join(modules, page);
    const text = readFileSync(file, "utf8").replaceAll(/^```[\s\S]*?^```$/gm, "");
    const links = [...text.matchAll(/\]\((?![a-z]+:|#)([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, link]) => link);
    const dead = links.filter((link) => {
      const place = join(dirname(file), link);
      // What lies beside the package is another one, or nothing.
      return relative(join(modules, ownerOf(page)), place).startsWith("..") || !existsSync(place);
    });
    return dead.map((link) => `${page} -> ${link}`);
  });
}

function ownerOf(page) {
  const parts = page.split(/[\\/]/);
  return parts[0].startsWith("@") ? `${parts[0]}/${parts[1]}` : parts[0];
}
