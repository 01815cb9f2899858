/** What holds for the pages of this repository, without a build of the site. */
import { join } from "node:path";
import { expect, it } from "vitest";
import { slugsOf } from "../menu/site-menu.ts";
import { llmsFull, llmsIndex } from "../text/llms-text.ts";
import { siteSource } from "./site-source.ts";

const { pages, menu } = siteSource(
  join(import.meta.dirname, "../../../.."),
  new Map([["@orch/core/doors", "packages/core/src/doors.ts"]]),
);
const bySlug = new Map(pages.map((page) => [page.slug, page]));
const listed = slugsOf(menu);

it("every page has a title, a description and an address of its own", () => {
  expect(bySlug.size).toBe(pages.length);
  expect(pages.filter(({ title, description }) => title === "" || description === "")).toEqual([]);
});

it("the start page leads to every guide, and to nothing twice", () => {
  const under = (slug: string): boolean =>
    /^(reference|packages|decisions)\/|^examples$/.test(slug) || /\/types(\/|$)/.test(slug);

  expect(pages.map(({ slug }) => slug).filter((slug) => !listed.includes(slug) && !under(slug))).toEqual([]);
  expect(listed.filter((slug) => !bySlug.has(slug))).toEqual([]);
  expect(listed).toHaveLength(new Set(listed).size);
});

it("a door shows its signatures with their comments, and links to the source", () => {
  const { body } = bySlug.get("api/core/doors")!;

  expect(body).toMatch(/^### \w+/m);
  expect(body).toContain("```ts wrap\n");
  expect(body).toContain("https://github.com/orch-ts/orch/blob/main/packages/core/src/");
  expect(body).not.toMatch(/export declare|\t/);
});

it("language models get an index of the menu, and all guides in one file", () => {
  const index = llmsIndex("About.", menu, pages);

  expect(index).toMatch(/^# Orch\n\n> About\.\n\n## /);
  expect(index).toContain("](https://orch-ts.github.io/orch/durability.md): ");
  expect(llmsFull(pages)).toContain("\n# Durability\n");
  expect(llmsFull(pages)).not.toContain("](/orch/");
});
