import { Box, renderToString } from "ink";
import { expect, test } from "vitest";
import { firedBy } from "../../test/support/fired-by.ts";
import { drawMarkdown } from "../transcript/block-stream.ts";
import { Lines } from "./lines.tsx";
import { safe } from "./safe-text.ts";
import { paint, plainText, span } from "./styled.ts";
import { createTheme } from "./theme.ts";

const theme = createTheme();

test("lines are drawn as they are, empty ones included", () => {
  const lines = drawMarkdown(
    "# One\n\n- two **three**\n\n```ts\nfour();\n```\n\n| a | b |\n|---|---|\n| 1 | 漢字 |",
    { width: 70, theme },
  );
  const bare = createTheme({ env: { NO_COLOR: "1" } });
  expect(renderToString(<Lines lines={lines} theme={bare} />, { columns: 70 })).toBe(
    lines.map(plainText).join("\n"),
  );
  expect(renderToString(<Lines lines={[]} theme={theme} />)).toBe("");
  // One empty line keeps its row between two others; Ink gives an empty text none.
  const around = renderToString(
    <Box flexDirection="column">
      <Lines lines={[[span(safe`a`)]]} theme={bare} />
      <Lines lines={[[]]} theme={bare} />
      <Lines lines={[[span(safe`b`)]]} theme={bare} />
    </Box>,
  );
  expect(around.split("\n").map((row) => row.trimEnd())).toEqual(["a", "", "b"]);
});

test("markdown that was written to harm fires nothing but our own styles", async () => {
  const hostile = [
    "[https://github.com](https://evil.example/\u009d52;c;aGk=\u009c) \u001b]8;;https://evil.example\u001b\\x\u001b]8;;\u001b\\",
    "a&#27;]52;c;aGk=&#7;b &#x9b;2J &#155;6n **c\u001b[2J** `d&#27;[6n`",
    "```\u001b]0;title\u0007\n\u001b[2J&#27;[2J\n```",
    "| \u001b[2J&#27;c | b |\n|---|---|\n| &#x90;q | \u202e |",
    "1. &#27;[6n\n   > &#27;P0;0|\n\n<b>&#27;]2;x&#7;</b>",
  ].join("\n\n");
  const lines = drawMarkdown(hostile, { width: 70, theme });
  const drawn = renderToString(<Lines lines={lines} theme={theme} />, { columns: 70 });
  // Ink removes control sequences too, so what it is handed is also looked at.
  const handed = lines.map((line) => paint(line, theme.colours)).join("\n");
  for (const text of [drawn, handed]) {
    const fired = await firedBy(text.replaceAll("\n", "\r\n"));
    expect(new Set(fired)).toEqual(new Set(["CSI m"]));
  }
});
