import { expect, test } from "vitest";
import { plainText } from "../terminal/styled.ts";
import { createTheme } from "../terminal/theme.ts";
import { queueCommand } from "./queue.ts";

function desk(...queue: readonly string[]) {
  const rows: string[] = [];
  const changes: [readonly string[], string | undefined][] = [];
  const command = queueCommand({
    queue,
    requeue: (after, text) => changes.push([after, text]),
    print: (entry) => rows.push(...entry({ width: 60, theme: createTheme() }).map(plainText)),
  });
  return { rows, changes, command };
}

test("/queue lists what waits in a row each, cleaned, and offers it", () => {
  const { rows, command } = desk("hello\nthere", "\u001b]0;x\u0007/new");
  void command.run("");
  expect(rows[0]).toBe("1. hello there");
  expect(rows[1]).toMatch(/^2\. .*\/new$/);
  expect(rows.join("")).not.toContain("\u001b");
  expect(command.values?.().map(({ value }) => value)).toEqual(["edit 1", "drop 1", "edit 2", "drop 2"]);
});

test("/queue edit and drop change one item, or all; what is no item changes nothing", () => {
  const { rows, changes, command } = desk("a", "b", "c");
  for (const argument of ["edit 2", "drop 3", "drop all"]) void command.run(argument);
  expect(changes).toEqual([
    [["a", "c"], "b"],
    [["a", "b"], undefined],
    [[], undefined],
  ]);
  for (const argument of ["drop 4", "drop 0", "edit all", "edit", "\u001b[2J"]) void command.run(argument);
  expect(changes).toHaveLength(3);
  expect(rows.filter((row) => row.includes("1 to 3 wait"))).toHaveLength(5);
  expect(rows.join("")).not.toContain("\u001b");
});

test("/queue says when nothing waits", () => {
  const { rows, command } = desk();
  void command.run("drop all");
  expect(rows.join(" ")).toContain("Nothing waits.");
});
