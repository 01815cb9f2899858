import type { AssistantMessage, Citation } from "@orch/agents";
import { expect, test } from "vitest";
import { plainText } from "../terminal/styled.ts";
import { createTheme } from "../terminal/theme.ts";
import { citationsEntry } from "./citations.ts";

const theme = createTheme();

function lines(...citations: readonly Citation[]): readonly string[] {
  const message: AssistantMessage = {
    role: "assistant",
    content: [{ type: "text", text: "Tea grows, see https://said.example.", citations }],
    origin: { provider: "p", api: "a", model: "m" },
    finish: { reason: "stop" },
  };
  return citationsEntry(message)
    .flatMap((entry) => entry({ width: 60, theme }))
    .map(plainText)
    .filter((line) => line !== "");
}

test("A21: sources are a numbered list with titles and whole addresses, each once; one alone has no number", () => {
  expect(lines()).toEqual([]);
  expect(lines({ url: "https://a.example/x", title: "About tea" })).toEqual([
    expect.stringMatching(/ About tea https:\/\/a\.example\/x$/),
  ]);
  const many = lines(
    { url: "https://a.example", title: "A\nB", quote: "q" },
    { url: "https://a.example", title: "again" },
    { url: "https://said.example" },
    { path: "docs/tea.md", line: 3 },
    { title: "leaf.pdf" },
  );
  expect(many.map((line) => line.slice(2))).toEqual([
    "1. A B https://a.example",
    "2. docs/tea.md:3",
    "3. leaf.pdf",
  ]);
});

test("A21: a long list is counted, and a hostile title or address is shown and not obeyed", () => {
  const many = Array.from({ length: 10 }, (_, at): Citation => ({ url: `https://a.example/${at}` }));
  expect(lines(...many).at(-1)).toContain("2 more sources");
  const hostile = lines({
    url: "https://a.example/\u202egpj",
    title: `\u001b]0;x\u0007${"t".repeat(500)}`,
  }).join("\n");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not come out.
  expect(hostile).not.toMatch(/[\u001b\u0007\u202e]/);
  expect(hostile.length).toBeLessThan(300);
});
