import { expect, it } from "vitest";
import { type LinkTargets, siteLink, withSiteLinks } from "./site-links.ts";

const targets: LinkTargets = {
  slugs: new Map([
    ["docs/events.md", "events"],
    ["docs/README.md", ""],
    ["docs/reference", "reference"],
    ["packages/core/README.md", "packages/core"],
  ]),
  isFolder: (path) => path === "examples/reference",
};

it.each([
  ["events.md", "/orch/events/"],
  ["events.md#live", "/orch/events/#live"],
  ["README.md", "/orch/"],
  ["reference/", "/orch/reference/"],
  ["../packages/core/README.md", "/orch/packages/core/"],
  ["images/chat.svg", "/orch/images/chat.svg"],
  ["../scripts/lanes.ts", "https://github.com/orch-ts/orch/blob/main/scripts/lanes.ts"],
  ["../examples/reference", "https://github.com/orch-ts/orch/tree/main/examples/reference"],
])("turns the link %s of a page into %s", (link, place) => {
  expect(siteLink(link, "docs/durability.md", targets)).toBe(place);
});

it("leaves code, anchors and other hosts alone", () => {
  const page = [
    "See [a](events.md), [b](#here) and [c](https://example.com/events.md).",
    "````md",
    "```ts",
    "[d](events.md)",
    "````",
    "    [e](events.md)",
    "![f](images/chat.svg)",
  ].join("\n");

  expect(withSiteLinks(page, "docs/durability.md", targets).split("\n")).toEqual([
    "See [a](/orch/events/), [b](#here) and [c](https://example.com/events.md).",
    "````md",
    "```ts",
    "[d](events.md)",
    "````",
    "    [e](events.md)",
    "![f](/orch/images/chat.svg)",
  ]);
});
