import { readFileSync } from "node:fs";
import starlight from "@astrojs/starlight";
import { defineConfig } from "astro/config";
import type { MenuItem } from "./src/menu/site-menu.ts";
import { BASE, ORIGIN, REPOSITORY } from "./src/page/site-page.ts";

type Entry =
  | { readonly label: string; readonly link: string }
  | { readonly label: string; readonly collapsed: boolean; readonly items: Entry[] };

const { menu } = JSON.parse(readFileSync("node_modules/.site/source.json", "utf8")) as {
  readonly menu: readonly MenuItem[];
};

function entryOf({ label, slug, items, collapsed = false }: MenuItem): Entry {
  return items === undefined
    ? { label, link: `/${slug}/`.replace("//", "/") }
    : { label, collapsed, items: items.map(entryOf) };
}

export default defineConfig({
  site: ORIGIN,
  base: BASE,
  trailingSlash: "always",
  srcDir: "site",
  publicDir: "node_modules/.site/public",
  cacheDir: "node_modules/.site/cache",
  image: { service: { entrypoint: "astro/assets/services/noop" } },
  integrations: [
    starlight({
      title: "Orch",
      description: "Typed state machines that coordinate agents, and a terminal chat on top.",
      social: [{ icon: "github", label: "Repository", href: REPOSITORY }],
      sidebar: menu.map(entryOf),
      credits: false,
      lastUpdated: false,
      pagination: true,
      customCss: ["./site/site.css"],
      // Only guides have `words` (site/components/WeighedTitle.astro): a title of a decision is no answer.
      pagefind: { ranking: { metaWeights: { title: 0, words: 5 } } },
      components: {
        MarkdownContent: "./site/components/WeighedContent.astro",
        PageTitle: "./site/components/WeighedTitle.astro",
      },
      markdown: { processedDirs: ["../../docs", "../../packages", "../../examples"] },
    }),
  ],
});
