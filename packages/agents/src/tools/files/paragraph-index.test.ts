import fc from "fast-check";
import { expect, test } from "vitest";
import { paragraphIndex } from "./paragraph-index.ts";
import { paragraphsOf } from "./paragraphs.ts";

const word = fc.constantFrom(
  ..."state advancer retry retries model session error journal run tool".split(" "),
);
const text = fc
  .array(fc.array(word, { minLength: 1, maxLength: 9 }), { maxLength: 4 })
  .map((paragraphs) => paragraphs.map((words) => words.join(" ")).join("\n\n"));
const changes = fc.array(fc.tuple(fc.constantFrom("a.md", "b.md", "c.md", "d.md"), text), { maxLength: 12 });

test("gives the same hits and scores however its files came to be", () => {
  fc.assert(
    fc.property(changes, word, word, (puts, one, other) => {
      const used = paragraphIndex();
      for (const [path, content] of puts) used.put(path, paragraphsOf(path, content));
      const fresh = paragraphIndex();
      for (const [path, content] of [...new Map(puts)].sort()) fresh.put(path, paragraphsOf(path, content));
      expect(used.size()).toBe(fresh.size());
      expect(used.search(`${one} ${other}`, 20)).toEqual(fresh.search(`${one} ${other}`, 20));
    }),
    { numRuns: 300 },
  );
});

test("puts headings before text, and rare words before common ones", () => {
  const index = paragraphIndex();
  index.put(
    "a.md",
    paragraphsOf(
      "a.md",
      "# Retries\n\nA delay grows.\n\n# Other\n\nOne word on retries.\n\nOne word.\n\nOne word more.",
    ),
  );
  expect(index.search("retry", 5).map((hit) => hit.paragraph.line)).toEqual([3, 7]);
  expect(index.weightOf("retri")).toBeGreaterThan(index.weightOf("word"));
  expect(index.search("retry of xylophones", 5)[0]?.coverage).toBeLessThan(0.5);
});
