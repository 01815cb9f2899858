import { expect, it } from "vitest";
import { pageOfMarkdown } from "./page-of-markdown.ts";

it("takes the title from the first heading, and whole sentences of the first paragraph as the description", () => {
  const page = pageOfMarkdown(
    "# The `orch` command\n\n![a picture](images/chat.svg)\n\nIt [opens](chat.md) the chat. **Twice** is fine:\n\n    orch\n",
  );

  expect(page).toMatchObject({
    title: "The orch command",
    description: "It opens the chat. Twice is fine.",
  });
  expect(page.body.startsWith("![a picture]")).toBe(true);
});

it("leaves out the sentence that would make a description long", () => {
  const { description } = pageOfMarkdown(`# A\n\nShort. ${"Word ".repeat(50)}end. More.\n`);

  expect(description).toBe("Short.");
});

it("takes a file without a heading or text as it is", () => {
  expect(pageOfMarkdown("")).toEqual({ title: "", description: "", body: "" });
  expect(pageOfMarkdown("| a |\n|---|\n")).toEqual({ title: "", description: "", body: "| a |\n|---|\n" });
});

it("takes the words for the search out of the text", () => {
  const page = pageOfMarkdown("# Failures\n\n<!-- words: timeout, cancel -->\n\nEvery run ends.\n");

  expect(page).toEqual({
    title: "Failures",
    description: "Every run ends.",
    body: "Every run ends.\n",
    words: "timeout, cancel",
  });
});
