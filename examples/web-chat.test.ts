/** The page of examples/web-chat in a real browser: stock `useChat`, the transport of `@orch/react`, and `useRun`. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ListeningServer } from "@orch/server/node";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, openChromium } from "../scripts/chromium.ts";
import { thorough } from "../scripts/lanes.ts";
import { buildPage } from "./web-chat/build-page.ts";
import { serve } from "./web-chat/served.ts";

const LINES = ["Tides rise twice a day.", "The moon pulls the sea."];

let folder: string;
let browser: Browser;
let listening: ListeningServer;
let gates: { readonly [place in "search" | "report"]: PromiseWithResolvers<void> };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "web-chat-"));
  await mkdir(join(folder, "docs"));
  await writeFile(join(folder, "docs/tides.md"), `# Tides\n\n${LINES.join("\n\n")}\n`);
  await buildPage(join(folder, "page"));
  if (chromiumPath !== undefined) browser = await openChromium();
});
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});
afterEach(() => listening?.stop());

/** Serves the page. Searches and lines of the report wait until the test opens their gate. */
async function open(query: string): Promise<Page> {
  gates = { search: Promise.withResolvers(), report: Promise.withResolvers() };
  const pace = async (place: "search" | "report", signal: AbortSignal): Promise<void> => {
    const stopped = new Promise<void>((resolve) =>
      signal.addEventListener("abort", () => resolve(), { once: true }),
    );
    await Promise.race([gates[place].promise, stopped]);
  };
  listening = await serve({ root: join(folder, "docs"), files: join(folder, "page"), pace });
  const page = await browser.newPage();
  page.setDefaultTimeout(300_000);
  await page.goto(`${listening.url}/?${query}`);
  return page;
}

const ask = async (page: Page, text: string): Promise<void> => {
  await page.getByLabel("Message").fill(text);
  await page.getByRole("button", { name: "Send" }).click();
};
/** Resolves when the last message is in a state. */
const until = (page: Page, status: string): Promise<void> =>
  page.locator(`article[data-status="${status}"]`).last().waitFor();
const railOf = async (page: Page): Promise<string[]> =>
  (await page.locator(".rail li").allInnerTexts()).map((line) =>
    line.replace(/\s*\d+ ms/, "").replace(/\s+/g, " "),
  );
const textOf = (page: Page): Promise<string> => page.locator("article .text").last().innerText();

describe("a page", () => {
  // Built it is in every lane.
  it.runIf(thorough)("has right types, and is built", async () => {
    const tsc = join(import.meta.dirname, "../node_modules/.bin/tsc");
    const project = join(import.meta.dirname, "web-chat/tsconfig.json");
    const { stdout } = await promisify(execFile)(tsc, ["-p", project, "--pretty", "false"]).catch(
      (failed: { readonly stdout: string }) => failed,
    );
    expect(stdout).toBe("");
  });

  it.skipIf(chromiumPath === undefined)(
    "with stock useChat talks to research, shows the rail, answers an approval, is loaded again in the middle, and goes on",
    async () => {
      const page = await open("chat=c1");
      await ask(page, "tides");
      await page.locator(".rail li", { hasText: "wait" }).nth(1).waitFor();
      expect((await railOf(page)).slice(0, 2)).toEqual(["✓ plan", "● searches"]);

      // In the middle of the searches.
      await page.reload();
      await page.locator(".rail li", { hasText: "wait" }).nth(1).waitFor();
      expect(await page.locator("article.user").innerText()).toBe("tides");
      gates.search.resolve();
      await page.getByText("Write a report from 2 findings?").waitFor();
      await until(page, "waiting");
      expect((await railOf(page)).at(-1)).toBe("? approve");

      // While it waits.
      await page.reload();
      await page.getByRole("button", { name: "Yes" }).click();
      await page.locator("article .text").nth(1).waitFor();

      // In the middle of the report.
      await page.reload();
      await page.locator(".rail li", { hasText: "report" }).waitFor();
      gates.report.resolve();
      await until(page, "completed");
      const text = await textOf(page);
      for (const line of LINES) expect(text.split(line)).toHaveLength(2);
      expect((await railOf(page)).slice(-2)).toEqual(["✓ approve answered", "✓ report"]);
      expect(await page.locator("output").getAttribute("data-status")).toBe("ready");

      // When it is over, the conversation is what was said.
      await page.reload();
      await until(page, "completed");
      expect(await textOf(page)).toBe(text);
      await page.close();
    },
  );

  // Beside both stands the page with stock useChat.
  it.skipIf(chromiumPath === undefined || !thorough)(
    "with the transport of @orch/react goes on with a second message, and stops on the server",
    async () => {
      const page = await open("chat=c2&transport=orch");
      gates.search.resolve();
      gates.report.resolve();
      await ask(page, "tides");
      await page.getByRole("button", { name: "No" }).click();
      await until(page, "completed");
      expect(await textOf(page)).toBe("Left alone.");

      gates = { ...gates, search: Promise.withResolvers() };
      await ask(page, "moon");
      await page.locator("article").nth(3).locator(".rail li", { hasText: "wait" }).nth(1).waitFor();
      await page.getByRole("button", { name: "Stop" }).click();
      await until(page, "cancelled");
      expect(await page.locator("article").nth(3).locator(".rail li").first().innerText()).toContain("plan");
      await page.close();
    },
  );

  it.skipIf(chromiumPath === undefined || !thorough)(
    "with useRun shows a run that another client started, answers it, and goes on after a reload",
    async () => {
      const page = await open("chat=none");
      const started = await fetch(`${listening.url}/v1/runs`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ orchestration: "report", input: "tides" }),
      });
      const { run } = (await started.json()) as { readonly run: string };
      await page.goto(`${listening.url}/?run=${run}`);
      gates.search.resolve();
      await page.getByRole("button", { name: "Yes" }).click();
      await page
        .locator("article .text", { hasText: "\n" })
        .or(page.locator("article .text:not(:empty)"))
        .first()
        .waitFor();
      await page.reload();
      await page.locator(".rail li", { hasText: "report" }).waitFor();
      gates.report.resolve();
      await until(page, "completed");
      const text = await textOf(page);
      for (const line of LINES) expect(text.split(line)).toHaveLength(2);

      await page.goto(`${listening.url}/?run=nobody`);
      await page.getByText('There is no run "nobody"').waitFor();
      await page.close();
    },
  );
});
