import { defineCollection } from "astro:content";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { docsSchema } from "@astrojs/starlight/schema";
import type { Loader } from "astro/loaders";
import { z } from "astro/zod";
import { REPOSITORY, type SitePage, WEIGHTS } from "../src/page/site-page.ts";

/** Takes the pages that `build.ts` has read from the repository. */
const repository: Loader = {
  name: "repository",
  async load({ store, parseData, renderMarkdown }) {
    const { pages } = JSON.parse(readFileSync("node_modules/.site/source.json", "utf8")) as {
      readonly pages: readonly SitePage[];
    };
    store.clear();
    for (const { slug, title, description, body, path, kind, words = "" } of pages) {
      const id = slug === "" ? "index" : slug;
      const editUrl = path === undefined ? false : `${REPOSITORY}/edit/main/${path}`;
      const filePath = path === undefined ? `site/made/${id}.md` : `../../${path}`;
      const data = await parseData({
        id,
        data: { title, description, editUrl, words, weight: WEIGHTS[kind] },
      });
      const rendered = await renderMarkdown(body, { fileURL: pathToFileURL(filePath) });
      store.set({ id, data, body, filePath, rendered });
    }
  },
};

export const collections = {
  docs: defineCollection({
    loader: repository,
    schema: docsSchema({ extend: z.object({ words: z.string(), weight: z.number() }) }),
  }),
};
