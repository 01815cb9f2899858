import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { pageOf } from "./page.ts";
import type { Results } from "./results.ts";

it("docs/performance.md is what the last results make of it", () => {
  const results = JSON.parse(
    readFileSync(join(import.meta.dirname, "results/latest.json"), "utf8"),
  ) as Results;
  const page = readFileSync(join(import.meta.dirname, "../docs/performance.md"), "utf8");

  expect(page, "Run `node bench/page.ts`.").toBe(pageOf(results));
});
