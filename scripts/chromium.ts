/**
 * A real browser for tests of pages: Chromium or Chrome, as this machine has it, driven by playwright-core.
 *
 *     node scripts/chromium.ts    says which one the tests take, or in one line that they skip it
 *
 * `CHROME_PATH` names another one. Where there is none, tests that ask for `chromiumPath` are skipped.
 */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium } from "playwright-core";

/** As packages name the program, the first one found counts. */
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Where it stands when no folder of `PATH` has it. */
const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/google-chrome",
  "/opt/google/chrome/chrome",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
];

/** It calls nobody but the page's server, keeps nothing, and runs as any user, also as root of a container. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-dev-shm-usage",
  "--no-first-run",
  "--no-proxy-server",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The line that says why tests of pages are skipped. */
export const NO_CHROMIUM =
  "skipped: tests of pages in a browser; there is no Chromium here. Install Chromium or Chrome, or name one in CHROME_PATH.";

/**
 * Finds the browser. A path in `CHROME_PATH` is taken as it is, also when nothing stands there: then the start of the browser
 * says so. `exists` says whether a file is there.
 */
export function findChromium(
  env: { readonly [name: string]: string | undefined },
  exists: (path: string) => boolean,
): string | undefined {
  const named = env["CHROME_PATH"];
  if (named !== undefined && named !== "") return named;
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...found, ...PLACES].find(exists);
}

/** The browser of this machine; `undefined` where there is none. */
export const chromiumPath: string | undefined = findChromium(process.env, existsSync);

/** Starts the browser with an empty profile, which goes when it is closed. The caller closes it. */
export function openChromium(): Promise<Browser> {
  if (chromiumPath === undefined) throw new TypeError(NO_CHROMIUM);
  return chromium.launch({ executablePath: chromiumPath, headless: true, args: FLAGS });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  console.log(chromiumPath === undefined ? NO_CHROMIUM : `tests of pages use ${chromiumPath}`);
}
