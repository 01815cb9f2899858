import { expect, it } from "vitest";
import { surfaceChanges, surfaceOf } from "./api-diff.ts";

const report = (doors: Readonly<Record<string, readonly string[]>>): string =>
  Object.entries(doors)
    .map(([door, rows]) => `## ${door}\n\n| name | kind |\n|---|---|\n${rows.join("\n")}\n`)
    .join("\n");

it("tells which names are gone, moved, of another kind, or new", () => {
  const before = report({
    "@p": ["| `gone` | function |", "| `Moved` | class |", "| `Kind` | interface |", "| `same` | const |"],
  });
  const now = report({
    "@p": ["| `Kind` | type |", "| `same` | const |", "| `fresh` | function |", "| `Fresh` | type |"],
    "@p/door": ["| `Moved` | class |"],
  });

  expect(surfaceChanges(surfaceOf(before), surfaceOf(now))).toEqual([
    "@p: gone is gone",
    "@p: Moved moved to @p/door",
    "@p: Kind was interface, and is type",
    "@p: new values fresh",
    "@p: 1 new types",
    "@p/door: new values Moved",
  ]);
});
