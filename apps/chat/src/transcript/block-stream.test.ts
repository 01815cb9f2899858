import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { budget, shareOf } from "../../../../scripts/lanes.ts";
import { processorTime } from "../../../../scripts/processor-time.ts";
import { type Line, paint, plainText } from "../terminal/styled.ts";
import { createTheme } from "../terminal/theme.ts";
import { widthOf } from "../terminal/width.ts";
import { type ClosedBlock, createBlockStream, drawBlock, drawMarkdown } from "./block-stream.ts";
import type { MarkdownStyle } from "./markdown.ts";

const style: MarkdownStyle = { width: 72, theme: createTheme() };

function stream(text: string, cuts: readonly number[], as: MarkdownStyle = style): ClosedBlock[] {
  const at = [...cuts.map((cut) => cut % (text.length + 1)), 0, text.length].sort((a, b) => a - b);
  const blocks = createBlockStream();
  const closed: ClosedBlock[] = [];
  for (let next = 1; next < at.length; next++) {
    closed.push(...blocks.push(text.slice(at[next - 1], at[next]), as));
    for (const line of blocks.live(5, as)) expect(widthOf(plainText(line))).toBeLessThanOrEqual(as.width);
  }
  return [...closed, ...blocks.end(as)];
}

/** Documents whose words are all different, so that each can be looked for. */
const shape = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("paragraph"), lines: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ kind: fc.constant("heading"), lines: fc.integer({ min: 1, max: 6 }) }),
    fc.record({ kind: fc.constant("setext"), lines: fc.constant(1) }),
    fc.record({ kind: fc.constant("fence"), lines: fc.integer({ min: 0, max: 40 }) }),
    fc.record({ kind: fc.constant("list"), lines: fc.integer({ min: 1, max: 8 }) }),
    fc.record({ kind: fc.constant("numbers"), lines: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ kind: fc.constant("quote"), lines: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ kind: fc.constant("table"), lines: fc.integer({ min: 0, max: 5 }) }),
    fc.record({ kind: fc.constant("rule"), lines: fc.constant(1) }),
    fc.record({ kind: fc.constant("indented"), lines: fc.integer({ min: 1, max: 4 }) }),
  ),
  { maxLength: 8 },
);

function write(blocks: readonly { kind: string; lines: number }[]): { text: string; words: string[] } {
  const words: string[] = [];
  const word = (): string => {
    words.push(`w${words.length}x`);
    return words.at(-1)!;
  };
  const times = (count: number, line: (at: number) => string): string =>
    Array.from({ length: count }, (_, at) => line(at)).join("\n");
  const text = blocks.map(({ kind, lines }) => {
    switch (kind) {
      case "heading":
        return `${"#".repeat(lines)} ${word()} **${word()}**`;
      case "setext":
        return `${word()}\n===`;
      case "fence":
        return `\`\`\`ts\n${times(lines, () => `const ${word()} = "${word()}";`)}\n\`\`\``;
      case "list":
        return times(
          lines,
          (at) => `${"  ".repeat(at % 4)}- ${word()} *${word()}*\n${"  ".repeat((at % 4) + 1)}${word()}`,
        );
      case "numbers":
        return times(
          lines,
          (at) => `${at + 1}. ${word()}\n   - ${word()}\n\n   ${word()}\n   \`\`\`\n   ${word()}\n   \`\`\``,
        );
      case "quote":
        return times(lines, () => `> ${word()} \`${word()}\``);
      case "table":
        return `| ${word()} | ${word()} |\n|---|--:|\n${times(lines, () => `| ${word()} | ${word()} |`)}`;
      case "rule":
        return "---";
      case "indented":
        return times(lines, () => `    ${word()}`);
      default:
        return times(lines, () => `${word()} [${word()}](https://a.example) ~~${word()}~~`);
    }
  });
  return { text: text.join("\n\n"), words };
}

const cuts = fc.array(fc.nat(), { maxLength: 30 });

describe("a block stream", () => {
  test("gives the same blocks however the text is cut, and those of the whole", () => {
    fc.assert(
      fc.property(shape, cuts, (blocks, at) => {
        const { text } = write(blocks);
        const whole = stream(text, []);
        expect(stream(text, at)).toEqual(whole);
        expect(whole.flatMap((closed) => closed.lines)).toEqual(drawMarkdown(text, style));
      }),
      { numRuns: budget("cutTexts") },
    );
  });

  test("shows every word once, in order, at any width", () => {
    fc.assert(
      fc.property(shape, cuts, fc.integer({ min: 24, max: 100 }), (blocks, at, width) => {
        const { text, words } = write(blocks);
        const drawn = stream(text, at, { ...style, width }).flatMap((closed) => closed.lines.map(plainText));
        const seen = drawn.join("\n").match(/w\d+x/gu) ?? [];
        // A narrow table repeats its keys in every row.
        if (width >= 60 || !blocks.some((block) => block.kind === "table")) expect(seen).toEqual(words);
        else expect(new Set(seen)).toEqual(new Set(words));
        for (const line of drawn) expect(widthOf(line)).toBeLessThanOrEqual(width);
      }),
      { numRuns: budget("cutTexts") },
    );
  });

  test("gives the same for any text, and lets nothing unprintable through", () => {
    const soup = fc.array(
      fc.constantFrom(
        "a",
        "# ",
        "- ",
        "1. ",
        "> ",
        "```",
        "~~~",
        "\n",
        "\n\n",
        "    ",
        "|",
        "|-|\n",
        "*",
        "`",
        "\t",
        "[x](y)",
        "&#27;",
        "\u001b[2J",
        "<b>",
        "---\n",
        "👩‍👩‍👧",
        "漢",
      ),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(soup, cuts, (parts, at) => {
        const text = parts.join("");
        const whole = stream(text, []);
        expect(stream(text, at)).toEqual(whole);
        for (const { lines } of whole)
          for (const line of lines) expect(paint(line, false)).not.toMatch(/\p{Cc}/u);
      }),
      { numRuns: budget("cutTexts") },
    );
  });

  /** What is printed of a text that is settled as it comes, in windows of these widths. */
  const settle = (text: string, at: readonly number[], widths: readonly number[]): string[] => {
    const blocks = createBlockStream();
    const rows: string[] = [];
    const print = (lines: readonly Line[]): void => void rows.push(...lines.map(plainText));
    const ends = [...at.map((cut) => cut % (text.length + 1)), text.length].sort((a, b) => a - b);
    let from = 0;
    let soft = { ...style, soft: true, width: widths[0]! };
    for (const [turn, end] of ends.entries()) {
      soft = { ...soft, width: widths[turn % widths.length]! };
      for (const closed of blocks.push(text.slice(from, end), soft)) print(closed.lines);
      const part = blocks.settle(soft);
      if (part !== undefined) print(drawBlock(part.block, soft, part.part));
      from = end;
    }
    for (const closed of blocks.end(soft)) print(closed.lines);
    return rows;
  };

  const prose = fc.array(
    fc.constantFrom(
      ..."a bc def ghij **bold words** *one* `code of it` [link](https://a.example/x_y) 2*3 *open ~5 _x_".split(
        " ",
      ),
      "\n",
      "\n\n",
      "\n- ",
      "\n1. ",
      "\n> ",
      "\n```ts\nlet a = 1;\n\nlet b = 2;\n```\n",
      "\n| a | b |\n|---|---|\n",
      "\n---\n",
      "\n===\n",
      "  \n",
      "\n<div>\n",
      "漢字。漢字",
    ),
    { minLength: 20, maxLength: 200 },
  );

  test("settles rows of an open block as they stand in the whole", () => {
    fc.assert(
      fc.property(prose, fc.array(fc.nat(), { minLength: 5, maxLength: 60 }), (words, at) => {
        const text = words.join(" ");
        const whole = drawMarkdown(text, { ...style, soft: true, width: 40 }).map(plainText);
        expect(settle(text, at, [40])).toEqual(whole);
      }),
      { numRuns: budget("cutTexts") },
    );
  });

  test("settles each character once, whatever width the window has meanwhile", () => {
    fc.assert(
      fc.property(prose, fc.array(fc.nat(), { minLength: 5, maxLength: 60 }), (words, at) => {
        // A table that is printed in a narrow window repeats its keys.
        const text = words.filter((word) => !word.includes("|")).join(" ");
        const inked = (rows: readonly string[]): string => rows.join("").replaceAll(/[\s─│]/g, "");
        const whole = drawMarkdown(text, { ...style, soft: true });
        expect(inked(settle(text, at, [40, 72, 24, 100]))).toBe(inked(whole.map(plainText)));
      }),
      { numRuns: budget("cutTexts") },
    );
  });

  test("settles a paragraph row by row, a fence line by line, and draws what is left", () => {
    const blocks = createBlockStream();
    blocks.push(`${"word ".repeat(40)}**bold`, style);
    expect(blocks.settle(style)?.part).toEqual({ from: 0, to: 112 });
    expect(blocks.settle(style)).toBeUndefined();
    expect(blocks.live(9, style).map(plainText)).toEqual([`${"word ".repeat(12)}**bold`]);
    blocks.push("**\n\n```ts\nlet a;\nlet b", style);
    expect(blocks.settle(style)?.part).toEqual({ from: 0, to: 1 });
    expect(blocks.live(9, style).map(plainText)).toEqual(["let b"]);
    expect(blocks.push("\n```\n", style)[0]?.lines.map(plainText)).toEqual(["let b"]);
  });

  test("commits a fence in slabs and a list item by item, and holds a table", () => {
    const blocks = createBlockStream();
    expect(blocks.push(`\`\`\`ts\n${"code();\n".repeat(40)}`, style)).toHaveLength(2);
    expect(blocks.live(3, style)).toHaveLength(3);
    blocks.push("```\n", style);
    expect(blocks.push("- a\n- b\n- c", style)).toHaveLength(1);
    expect(blocks.push("\n", style)).toHaveLength(1);
    expect(blocks.push("\n\n| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n", style)).toHaveLength(1);
    expect(blocks.live(9, style).map(plainText)).toContain("| 1 | 2 |");
    const table = blocks.push("\n", style);
    expect(table).toHaveLength(1);
    expect(table[0]!.lines.map(plainText)).toEqual(["", "a  b", "─  ─", "1  2", "3  4"]);
  });

  test("cuts a line without end, the same whatever the deltas, and loses nothing of it", () => {
    const text = "abc漢👩‍👩‍👧".repeat(3000);
    const drawn = stream(text, [1, 5000, 5001, 9999, 20_000]);
    expect(drawn).toEqual(stream(text, []));
    expect(drawn.flatMap((closed) => closed.lines.map(plainText)).join("")).toBe(text);
    expect(drawn.length).toBeGreaterThan(2);
  });

  const shapes: readonly (readonly [string, (size: number) => string])[] = [
    ["one line", (size: number) => "word ".repeat(size / 5)],
    ["one fence", (size: number) => `\`\`\`\n${"code();\n".repeat(size / 8)}`],
    ["one paragraph", (size: number) => "word word\n".repeat(size / 10)],
    ["one table", (size: number) => `|a|b|\n|-|-|\n${"|1|2|\n".repeat(size / 6)}`],
    ["one list", (size: number) => "- item of a list\n".repeat(size / 17)],
    ["nested quotes", (size: number) => ">".repeat(size)],
    ["nested items", (size: number) => "- ".repeat(size / 2)],
    ["open brackets", (size: number) => "[".repeat(size)],
    ["emphasis", (size: number) => "_a".repeat(size / 2)],
  ];
  test.each(shareOf(shapes, 0, 3))(
    "costs linear time for %s",
    (_name, make) => {
      const time = (size: number): number => {
        const text = make(size);
        const blocks = createBlockStream();
        const before = processorTime();
        for (let at = 0; at < text.length; at += 256) {
          blocks.push(text.slice(at, at + 256), style);
          blocks.settle(style);
        }
        blocks.end(style);
        return processorTime() - before;
      };
      time(10_000);
      let [large, small] = [time(60_000), time(15_000)];
      // A collection of garbage may fall into any of them.
      for (let more = 0; more < 5 && large >= 10 * Math.max(small, 2); more++)
        [large, small] = [Math.min(large, time(60_000)), Math.min(small, time(15_000))];
      expect(large / Math.max(small, 2)).toBeLessThan(10);
    },
    30_000,
  );
});
