import { expect, test } from "vitest";
import { plainText } from "../terminal/styled.ts";
import { createTheme } from "../terminal/theme.ts";
import { expandCommand } from "./expand.ts";

test("T05: shows the last result of a tool in full, cleaned, and counts what is too much", () => {
  const shown = (result: string | undefined): readonly string[] => {
    const rows: string[] = [];
    expandCommand({
      lastCall:
        result === undefined
          ? undefined
          : { label: "read_file(a)" as never, depth: 0, status: "done", result },
      print: (entry) => void rows.push(...entry({ width: 60, theme: createTheme() }).map(plainText)),
    }).run("");
    return rows;
  };
  expect(shown(undefined)).toEqual(["No tool was called yet in this conversation."]);
  const rows = shown(`one\n\u001b]0;x\u0007two\n${"long ".repeat(20)}\n`);
  expect(rows.slice(0, 3)).toEqual(["", "  ● read_file(a)", "one"]);
  expect(rows.join("")).not.toContain("\u001b");
  expect(shown("line\n".repeat(800)).at(-1)).toBe("300 more lines: /export json has them all");
});
