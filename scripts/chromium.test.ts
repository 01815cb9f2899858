/** The browser that tests of pages use: how it is found, when it is installed, and that it starts. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter } from "node:path";
import { describe, expect, it } from "vitest";
import { chromiumPath, findChromium, openChromium } from "./chromium.ts";
import { runWithin, wayToChromium } from "./provide-chromium.ts";

const has =
  (...paths: string[]) =>
  (path: string): boolean =>
    paths.includes(path);

describe("Chromium for tests", () => {
  it("is the one that CHROME_PATH names, before any other", () => {
    const env = { CHROME_PATH: "/my/chrome", PATH: "/bin" };

    expect(findChromium(env, has("/bin/chromium"))).toBe("/my/chrome");
    expect(findChromium({ ...env, CHROME_PATH: "" }, has("/bin/chromium"))).toBe("/bin/chromium");
  });

  it("is looked for in the folders of PATH, then in the usual places", () => {
    const PATH = ["/a", "", "/b"].join(delimiter);

    expect(findChromium({ PATH }, has("/b/google-chrome"))).toBe("/b/google-chrome");
    expect(findChromium({ PATH }, has("/a/google-chrome", "/b/chromium"))).toBe("/b/chromium");
    expect(findChromium({}, has("/opt/google/chrome/chrome"))).toBe("/opt/google/chrome/chrome");
    expect(findChromium({ PATH }, has())).toBeUndefined();
  });

  it("is installed by root on Debian in CI, and nowhere else", () => {
    const machine = { chromium: undefined, isRoot: true, isDebian: true, isCi: true };

    expect(wayToChromium(machine)).toBe("install");
    expect(wayToChromium({ ...machine, chromium: "/usr/bin/chromium" })).toBe("there");
    for (const missing of ["isRoot", "isDebian", "isCi"]) {
      expect(wayToChromium({ ...machine, [missing]: false })).toBe("skip");
    }
  });

  it("gives up an installation that fails, or hangs, with what went wrong", () => {
    const node = process.execPath;

    expect(runWithin(60_000, node, ["-e", ""])).toBeUndefined();
    expect(runWithin(60_000, node, ["-e", "console.error('no room'); process.exit(3)"])).toBe("no room");
    expect(runWithin(1, node, ["-e", "setInterval(() => {}, 1000)"])).toContain("ETIMEDOUT");
    expect(runWithin(60_000, "no-such-program", [])).toContain("ENOENT");
  });

  it.skipIf(chromiumPath === undefined)("opens a page of a server on this machine", async () => {
    const server = createServer((_, response) => response.end("<title>Orch</title><h1>Hello</h1>"));
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    await using browser = await openChromium();
    try {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);

      expect([await page.title(), await page.textContent("h1")]).toEqual(["Orch", "Hello"]);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});
