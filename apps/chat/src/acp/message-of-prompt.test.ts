import { pathToFileURL } from "node:url";
import type { ContentBlock } from "@agentclientprotocol/sdk";
import { expect, test } from "vitest";
import { messageOfPrompt } from "./message-of-prompt.ts";

const FOLDER = "/home/ada/project";
const text = (words: string): ContentBlock => ({ type: "text", text: words });
const link = (path: string): ContentBlock => ({
  type: "resource_link",
  name: path,
  uri: pathToFileURL(path).href,
});
const message = (...blocks: readonly ContentBlock[]): string => messageOfPrompt(blocks, FOLDER);

test("words and files of the folder stand as they would be typed", () => {
  expect(message(text("What says "), link(`${FOLDER}/docs/a.md`), text("?"))).toBe("What says @docs/a.md?");
});

test("what is not in the folder, or cannot be named by a word, is a link and is not attached", () => {
  for (const path of ["/etc/passwd", "/home/ada/project-2/a.md", "/home/ada", FOLDER, `${FOLDER}/a b.md`])
    expect(message(link(path))).toMatch(/^\[.*\]\(file:/);
  expect(message({ type: "resource_link", name: "page", uri: "https://example.org/" })).toBe(
    "[page](https://example.org/)",
  );
  expect(message({ type: "resource_link", name: "odd", uri: "file://host/x" })).toBe("[odd](file://host/x)");
});

test("text that came along stands behind the words, with its source", () => {
  const uri = 'zed://selection?"a"';
  expect(message(text("Why?"), { type: "resource", resource: { uri, text: "let x;" } })).toBe(
    'Why?`zed://selection?%22a%22`\n\n<context source="zed://selection?%22a%22">\nlet x;\n</context>',
  );
  const file = { uri: pathToFileURL(`${FOLDER}/docs/a.md`).href, text: "unsaved" };
  expect(message(text("Is "), { type: "resource", resource: file }, text(" right?"))).toBe(
    'Is `docs/a.md` right?\n\n<context source="docs/a.md">\nunsaved\n</context>',
  );
});

test("pictures and sounds are no part of a message", () => {
  expect(message({ type: "image", data: "aGk=", mimeType: "image/png" })).toBe("");
});
