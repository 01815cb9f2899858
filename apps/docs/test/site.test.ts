/**
 * The built site in a real browser. `.ci/run` has built it; elsewhere the test does. In lane `test` the sources of the pages are tested alone
 * (`src/source/site-source.test.ts`), because a build and a browser take some twenty seconds.
 */
import { execFileSync } from "node:child_process";
import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, openChromium } from "../../../scripts/chromium.ts";
import { budget, figure, takes, thorough } from "../../../scripts/lanes.ts";
import { BASE, ORIGIN } from "../src/page/site-page.ts";
import { type ServedSite, serveSite } from "./site-server.ts";

const here = join(import.meta.dirname, "..");
const dist = join(here, "dist");

const WIDTHS = { phone: { width: 390, height: 844 }, laptop: { width: 1280, height: 800 } };

/** Of one page: a tenth of what counts as good (web.dev/articles/cls). */
const MOST_SHIFT = 0.01;

/** Of one page, in bytes, before it is compressed. */
const MOST_HTML = 375_000;

/** The pages that are opened in any case: the start, long texts, wide tables and drawings, the largest of the reference. */
const CHOSEN = [
  "",
  "chat/",
  "durability/",
  "events/",
  "performance/",
  "panes/",
  "server/react/",
  "api/core/types/c/",
];

/** What a reader types, and the page that has to stand first. */
const SEARCHES: { readonly [words: string]: string } = {
  retry: "failures/",
  timeout: "failures/",
  resume: "durability/",
  "human approval": "questions/",
  OPENAI_API_KEY: "providers/",
  useChat: "server/ai-sdk/",
  parallel: "orchestrations/",
  "exit code": "cli/",
  tracing: "tracing/",
  mock: "testing-agents/",
  ollama: "providers/",
  mermaid: "drawing/",
  install: "start/library/",
  docker: "recipes/docker/",
  langgraph: "compare/langgraph/",
  failover: "scale/",
};

/** What a page did while it was open. */
interface Opened {
  readonly problems: readonly string[];
  /** Of all scripts that it loaded, compressed. */
  readonly scriptBytes: number;
  readonly shift: number;
  /** By how many pixels the page is wider than the window. */
  readonly excess: number;
}

let site: ServedSite;
let browser: Browser;

async function withPage<T>(
  size: { width: number; height: number },
  act: (page: Page) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext({ viewport: size });
  try {
    return await act(await context.newPage());
  } finally {
    await context.close();
  }
}

/** Opens a page, waits until all that it loads by itself is there, and goes down to its end. */
async function open(page: Page, path: string): Promise<Opened> {
  const problems: string[] = [];
  const scripts = new Set<string>();
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("response", (response) => {
    if (response.status() >= 400) problems.push(`${response.status()} ${response.url()}`);
    const isScript = response.request().resourceType() === "script";
    if (isScript) scripts.add(new URL(response.url()).pathname.slice(BASE.length));
  });
  await page.goto(`${site.url}/${path}`, { waitUntil: "networkidle" });
  const { shift, excess } = await page.evaluate(async () => {
    const shifts: number[] = [];
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shifts.push((entry as unknown as { value: number }).value);
    });
    observer.observe({ type: "layout-shift", buffered: true });
    window.scrollTo(0, document.body.scrollHeight);
    await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
    return {
      shift: shifts.reduce((sum, one) => sum + one, 0),
      excess: document.documentElement.scrollWidth - window.innerWidth,
    };
  });
  const inline = await page.evaluate(() =>
    [...document.scripts]
      .filter(({ src }) => src === "")
      .map(({ text }) => text)
      .join("\n"),
  );
  const texts = [inline, ...[...scripts].map((path) => readFileSync(join(dist, path)))];
  const scriptBytes = texts.reduce((sum, text) => sum + gzipSync(text).length, 0);
  return { problems, scriptBytes, shift, excess };
}

/** What the test runner sets in the environment. */
const RUNNERS = new Set(["BASE_URL", "DEV", "MODE", "NODE_ENV", "PROD", "SSR", "TEST", "VITEST"]);

/** Whether something that the site is made of is newer than the site, or there is none yet. */
function isOld(): boolean {
  const made = statSync(join(dist, "llms.txt"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const root = join(here, "../..");
  const sources = globSync(
    ["docs/**/*.md", "apps/docs/*.ts", "apps/docs/{src,site}/**/*", "packages/*/CHANGELOG.md"],
    { cwd: root, exclude: ["**/node_modules/**"] },
  );
  return sources.some((file) => statSync(join(root, file)).mtimeMs > made);
}

/** Builds the site without the settings of the test runner: its `BASE_URL` would be that of every link. */
function build(): void {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !RUNNERS.has(name)));
  execFileSync(process.execPath, [join(here, "build.ts")], { env, stdio: ["ignore", "ignore", "inherit"] });
}

describe.skipIf(!thorough || chromiumPath === undefined)("the site", () => {
  beforeAll(async () => {
    if (isOld()) build();
    site = await serveSite(dist);
    browser = await openChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await site?.[Symbol.asyncDispose]();
  });

  it.each(Object.entries(WIDTHS))(
    "opens on a %s without an error, a shift, or a row that is too wide",
    async (name, size) => {
      const all = globSync("**/index.html", { cwd: dist }).map((path) => path.replace("index.html", ""));
      const paths = all
        .toSorted()
        .filter((path, at) => CHOSEN.includes(path) || takes(at, budget("sitePagesEvery")));
      let largest = 0;
      const bad: object[] = [];
      await withPage(size, async (page) => {
        for (const path of paths) {
          page.removeAllListeners();
          const { problems, scriptBytes, shift, excess } = await open(page, path);
          largest = Math.max(largest, scriptBytes);
          if (problems.length > 0 || excess > 0 || shift >= MOST_SHIFT)
            bad.push({ path, problems, shift, excess });
        }
      });

      expect(bad).toEqual([]);
      // A cached script is not loaded again, so the first page has them all.
      expect(largest).toBeLessThan(60_000);
      expect(all).toEqual(expect.arrayContaining(CHOSEN));
      figure(
        `pages of the site opened on a ${name}: ${paths.length}, with at most ${largest} bytes of script`,
      );
    },
  );

  it("has no page that is too large for a phone", () => {
    const sizes = globSync("**/index.html", { cwd: dist }).map(
      (page) => [page, statSync(join(dist, page)).size] as const,
    );
    const largest = sizes.reduce((most, one) => (one[1] > most[1] ? one : most));

    expect(sizes.filter(([, size]) => size > MOST_HTML)).toEqual([]);
    figure(`largest page of the site: ${largest[0]}, ${largest[1]} bytes`);
  });

  it("finds the right page first for what a reader types", async () => {
    const found: { [words: string]: string } = {};
    await withPage(WIDTHS.laptop, async (page) => {
      await page.goto(`${site.url}/`, { waitUntil: "networkidle" });
      await page.click("site-search button[data-open-modal]");
      const input = page.locator(".pagefind-ui__search-input");
      for (const words of Object.keys(SEARCHES)) {
        await input.fill("");
        await page.waitForFunction(() => document.querySelector(".pagefind-ui__result-link") === null);
        await input.fill(words);
        // Results load side by side: the first to come need not be the first of the list.
        const first = page
          .locator(".pagefind-ui__results > li:first-child .pagefind-ui__result-link")
          .first();
        const address = new URL((await first.getAttribute("href"))!, site.url);
        found[words] = address.pathname.slice(BASE.length + 1);
      }
    });

    expect(found).toEqual(SEARCHES);
  });

  it("has its menu behind a button on a phone, which leads to a page", async () => {
    await withPage(WIDTHS.phone, async (page) => {
      await page.goto(`${site.url}/`, { waitUntil: "networkidle" });
      const link = page.locator("nav.sidebar a", { hasText: "Durability" }).first();
      expect(await link.isVisible()).toBe(false);
      await page.click("button.sl-menu-button");
      await link.click();

      await page.waitForURL(`${site.url}/durability/`);
      expect(await page.textContent("h1")).toBe("Durability");
    });
  });

  it("gives every page as Markdown, and language models a list of them", () => {
    const listed = [...readFileSync(join(dist, "llms.txt"), "utf8").matchAll(/\]\(([^)]+)\)/g)];
    const files = listed.map(([, address]) => address!.replace(`${ORIGIN}${BASE}/`, ""));

    expect(files.filter((file) => !existsSync(join(dist, file)))).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(["durability.md", "api/core.md", "llms-full.txt"]));
    expect(readFileSync(join(dist, "durability.md"), "utf8")).toMatch(/^# Durability\n/);
  });
});
