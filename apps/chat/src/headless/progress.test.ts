import { each, items, orchestration, runnable, signal, until } from "@orch/core";
import { expect, it } from "vitest";
import { z } from "zod";
import { progressLine } from "./progress.ts";

it("tells a person without a screen what a run waits for and what came, and nothing of the branches of a list", async () => {
  const paid = signal("paid", z.object({ sum: z.number() }));
  const links = items<string>("links");
  const visit = runnable("visit", (url: string, ctx) => {
    if (url === "a") links.add(ctx, "b");
    return url;
  });
  const crawl = each("crawl", visit, { items: links, follow: runnable("read", (url: string) => url) });
  const payment = until("payment", { signal: paid, timeout: 90_000 });
  const flow = orchestration("sale", (o) => o.start(crawl).advance(crawl, payment).finish(payment));
  const run = flow.start(["a"]);
  const lines: (string | undefined)[] = [];
  for await (const event of run.events()) {
    lines.push(progressLine(event)?.replace(/\d+\.\d s/, "0.0 s"));
    if (event.type === "run.waiting") await run.signal(paid, { sum: 12 });
  }

  expect(lines.filter((line) => line !== undefined)).toEqual([
    "◐ crawl",
    "● crawl 0.0 s",
    "◐ payment",
    "⏸ payment waits for the signal paid, at most 1m 30s",
    '● the signal paid came: {"sum":12}',
    "● payment 0.0 s",
  ]);
});
