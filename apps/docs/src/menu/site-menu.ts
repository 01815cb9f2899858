import type { ApiDoor } from "../api/api-pages.ts";
import { plainOf } from "../page/page-of-markdown.ts";

/** A line of the menu: a page, or a group of lines. */
export interface MenuItem {
  readonly label: string;
  /** The slug of the page; a group has none. */
  readonly slug?: string;
  readonly items?: readonly MenuItem[];
  readonly collapsed?: boolean;
}

/** A row of a table whose first cell is a link. */
const ROW = /^\| \[([^\]]+)\]\(([^)]+)\) \|/gm;

/**
 * The menu is the start page: each of its sections with a table of pages is a group. Behind these stands the reference of the doors.
 *
 * @param start the Markdown of the start page
 * @param slugFor the slug of a link of that page; `undefined` where no page shows its target
 */
export function siteMenu(
  start: string,
  slugFor: (target: string) => string | undefined,
  doors: readonly ApiDoor[],
): MenuItem[] {
  const groups = start
    .split(/^## /m)
    .slice(1)
    .flatMap((section): MenuItem[] => {
      const items = [...section.matchAll(ROW)].flatMap(([, label = "", target = ""]): MenuItem[] => {
        const slug = slugFor(target);
        return slug === undefined ? [] : [{ label: capital(plainOf(label)), slug }];
      });
      return items.length === 0 ? [] : [{ label: section.split("\n")[0]!.trim(), items }];
    });
  return [{ label: "Start", slug: "" }, ...groups, apiMenu(doors)];
}

function apiMenu(doors: readonly ApiDoor[]): MenuItem {
  const packages = new Map<string, ApiDoor[]>();
  for (const door of doors) {
    const name = door.name.split("/").slice(0, 2).join("/");
    packages.set(name, [...(packages.get(name) ?? []), door]);
  }
  const items = [...packages].map(([label, own]): MenuItem => {
    const lines = own.map(({ name, slug }) => ({ label: name, slug }));
    return lines.length === 1 ? lines[0]! : { label, collapsed: true, items: lines };
  });
  return { label: "API reference", collapsed: true, items: [{ label: "All doors", slug: "api" }, ...items] };
}

/** The slugs of a menu, in its order. */
export function slugsOf(menu: readonly MenuItem[]): string[] {
  return menu.flatMap(({ slug, items }) => [...(slug === undefined ? [] : [slug]), ...slugsOf(items ?? [])]);
}

function capital(label: string): string {
  return label.slice(0, 1).toUpperCase() + label.slice(1);
}
