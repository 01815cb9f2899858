import { describe, expect, test } from "vitest";
import { safeText } from "../terminal/safe-text.ts";
import { paint, plainText } from "../terminal/styled.ts";
import { createTheme } from "../terminal/theme.ts";
import { drawMarkdown } from "./block-stream.ts";
import { createHighlighter } from "./highlighter.ts";

const theme = createTheme();
const bare = createTheme({ env: { NO_COLOR: "1" } });
const draw = (text: string, width = 72): string[] => drawMarkdown(text, { width, theme }).map(plainText);

describe("markdown", () => {
  test("draws headings, paragraphs, lists and rules", () => {
    expect(
      draw(
        "## Title\n\nSome **bold** and *soft* `code`.\n\n- one\n  - two\n    1. three\n- four\n\n---\n\nEnd",
        40,
      ),
    ).toEqual([
      "Title",
      "",
      "Some bold and soft code.",
      "",
      "• one",
      "  • two",
      "    1. three",
      "• four",
      "",
      "───────────────────────────────────────",
      "",
      "End",
    ]);
  });

  test("indents what belongs to an item, and wraps under its text", () => {
    expect(draw("10. a long item that wraps\n\n    and more\n\n    ```\n    code\n    ```", 20)).toEqual([
      "10. a long item that",
      "    wraps",
      "",
      "    and more",
      "",
      "───",
      "code",
    ]);
  });

  test("draws tables in columns, and as lists below 60 columns", () => {
    const table = "| Name | Cells |\n|---|--:|\n| wide 漢字 | 12 |\n| b | 3 |";
    expect(draw(table)).toEqual([
      "Name       Cells",
      "─────────  ─────",
      "wide 漢字     12",
      "b              3",
    ]);
    expect(draw(table, 40)).toEqual(["Name: wide 漢字", "Cells: 12", "", "Name: b", "Cells: 3"]);
  });

  test("T09: tells in full where a link goes, and to whom where that is not plain", () => {
    expect(draw("See [the guide](https://example.com/docs/install?x=1#step-2) end", 200)).toEqual([
      "See the guide (https://example.com/docs/install?x=1#step-2) end",
    ]);
    expect(draw("[https://github.com](https://evil.example/x)")).toEqual([
      "https://github.com (https://evil.example/x)",
    ]);
    expect(draw("[here](https://github.com@evil.example/x)")).toEqual([
      "here (https://github.com@evil.example/x, at evil.example)",
    ]);
    expect(draw("www.a.example <b@c.example>")).toEqual(["www.a.example b@c.example"]);
    expect(draw("[docs](docs/a.md) <https://a.example>")).toEqual(["docs (docs/a.md) https://a.example"]);
    expect(draw("[x](javascript:alert)")).toEqual(["x (javascript:alert)"]);
  });

  test("cleans what the lexer makes of references", () => {
    expect(draw("a&#27;[2Jb")).toEqual(["ab"]);
    expect(draw("a&#27;[2Jb &amp; &lt;b&gt; &#x9b;6n")).toEqual(["ab & <b>"]);
  });

  test("quotes with a bar and shows tags as text", () => {
    expect(draw("> a\n> > b\n\n<b>x</b>")).toEqual(["│ a", "│ ", "│ │ b", "", "<b>x</b>"]);
  });

  test("draws a rule of any length", () => {
    expect(draw("-".repeat(80), 30)).toEqual(["─".repeat(29)]);
  });

  test("T11: draws headings by their look, without the signs, where there are looks", () => {
    const text = "# One\n\n## Two `code`\n";
    expect(draw(text)).toEqual(["One", "", "Two code"]);
    expect(drawMarkdown(text, { width: 72, theme: bare }).map(plainText)).toEqual([
      "# One",
      "",
      "## Two `code`",
    ]);
    const [first] = drawMarkdown(text, { width: 72, theme })[0]!;
    expect(first?.style).toMatchObject({ bold: true, underline: true });
  });

  test("T10: leaves code and long words to the terminal where nobody counts rows", () => {
    const soft = (text: string): string[] =>
      drawMarkdown(text, { width: 20, theme, soft: true }).map(plainText);
    const code = `docker run --rm -v "$PWD:/work"  --name  x`;
    expect(soft(`\`\`\`sh\n${code}\n\`\`\``)).toEqual(["─── sh", code]);
    const url = "https://example.com/a/long/path?with=a&query=1";
    expect(soft(`- See ${url}, or ask.`)).toEqual(["• See", `  ${url},`, "  or ask."]);
    expect(draw(`See ${url}`, 20).every((line) => line.length <= 20)).toBe(true);
  });

  test("shows a text that overflows the lexer as it is", () => {
    expect(draw(">".repeat(4000), 80).join("")).toBe(">".repeat(4000));
  });

  test("writes styles of ours only, and none with NO_COLOR", () => {
    const text =
      "# A\n\n**b** _c_ `d` \u001b[31mred\u001b[0m ~~e~~ [f](https://g.example)\n\n```ts\nconst a = 1;\n```";
    const styled = drawMarkdown(text, { width: 72, theme }).map((line) => paint(line, theme.colours));
    expect(styled.join("\n")).toContain("\u001b[1mb\u001b[22m");
    expect(styled.join("\n")).not.toContain("\u001b[31m");
    const plain = drawMarkdown(text, { width: 72, theme: bare }).map((line) => paint(line, bare.colours));
    expect(plain.join("\n")).not.toContain("\u001b");
    expect(plain.join("\n")).toContain("`d`");
  });
});

describe("the highlighter", () => {
  test("colours a language after it was loaded, and keeps every character", async () => {
    const highlighter = createHighlighter();
    const code = 'const a: Map<string, number> = f("x & y", `t`); // done';
    const text = `\`\`\`ts\n${code}\n\`\`\``;
    const before = drawMarkdown(text, { width: 72, theme, highlighter });
    expect(before.flat().some((piece) => piece.style === theme.styles.keyword)).toBe(false);
    await highlighter.load("ts");
    const after = drawMarkdown(text, { width: 72, theme, highlighter });
    expect(after.map(plainText)).toEqual(["─── ts", code]);
    expect(after.flat().find((piece) => piece.style === theme.styles.keyword)?.text).toBe("const");
    expect(after.flat().some((piece) => piece.style === theme.styles.comment)).toBe(true);
  });

  test("leaves an unknown language and very long lines plain", async () => {
    const highlighter = createHighlighter();
    await highlighter.load("no-such-language");
    await highlighter.load("json");
    expect(highlighter.highlight("no-such-language", safeText("a"))).toBeUndefined();
    expect(highlighter.highlight("json", safeText("1".repeat(2000)))).toBeUndefined();
    expect(highlighter.highlight("json", safeText("[1]"))).toBeDefined();
  });
});
