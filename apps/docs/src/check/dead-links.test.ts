import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { deadLinks } from "./dead-links.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "orch-site-"));
  mkdirSync(join(folder, "events"));
  writeFileSync(join(folder, "events/index.html"), `<h2 id="live">Live</h2><a href="../">up</a>`);
});
afterEach(() => rmSync(folder, { recursive: true }));

const targets = (html: string): readonly string[] => {
  writeFileSync(join(folder, "index.html"), html);
  return deadLinks(folder).map(({ target }) => target);
};

it("finds no fault with pages, anchors, files and other hosts", () => {
  writeFileSync(join(folder, "a.svg"), "");
  const html = `<a id="top" href="/orch/events/#live"></a><a href="#top"></a><img src="/orch/a.svg"><a href="https://example.com/x">`;

  expect(targets(html)).toEqual([]);
});

it.each(["/orch/gone/", "/orch/events/#gone", "#gone", "/events/", "/orch/gone.svg", "/orch/events"])(
  "names %s, which leads nowhere",
  (target) => {
    expect(targets(`<a href="${target}">x</a>`)).toEqual([target]);
  },
);

it("does not read scripts, but follows where they are loaded from", () => {
  expect(targets(`<script src="/orch/gone.js">const a = '<a href="/no/">';</script>`)).toEqual([
    "/orch/gone.js",
  ]);
});
