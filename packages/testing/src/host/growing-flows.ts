import { each, type Items, items, orchestration, runnable } from "@orch/core";
import { adds, flow, type HostFlow } from "./host-flow.ts";

const links: Items<string> = items("links");

/** Flows whose lists grow, or whose results are taken as they come. */
export const growingFlows: readonly HostFlow[] = [
  flow("results that are taken as they come", ["a", "b", "c"], { output: ["a1!", "b1!", "c1!"] }, (ran) => {
    const branch = runnable("branch", async (input: string, ctx) => {
      ran(ctx.path);
      return `${input}1`;
    });
    const fan = each("fan", branch, { follow: adds("!", ran), concurrency: 2 });
    return orchestration("followed", (o) => o.start(fan).finish(fan));
  }),
  flow(
    "items that are added while the list runs, each once",
    ["a"],
    { output: ["page a", "page b", "page c"] },
    (ran) => {
      const visit = runnable("visit", async (url: string, ctx) => {
        ran(ctx.path);
        for (const link of { a: ["b", "c"], b: ["c", "a"] }[url] ?? []) links.add(ctx, link, { key: link });
        return url;
      });
      const read = runnable("read", async (url: string, ctx) => {
        ran(ctx.path);
        return `page ${url}`;
      });
      const page = orchestration("page", (o) => o.start(visit).advance(visit, read).finish(read));
      // The item that a list begins with has no key.
      const crawl = each("crawl", page, { items: links, concurrency: 1 });
      const pages = runnable("pages", async (all: readonly string[]) => [...new Set(all)]);
      return orchestration("growing", (o) => o.start(crawl).advance(crawl, pages).finish(pages));
    },
    { needs: "items" },
  ),
];
