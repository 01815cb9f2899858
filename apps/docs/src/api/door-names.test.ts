import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { DeclarationReader } from "./door-names.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "orch-doors-"));
});
afterEach(() => rmSync(root, { recursive: true }));

const write = (path: string, text: string): void => writeFileSync(join(root, path), text);

it("finds what a door exports, through other files and under other names", () => {
  write("index.ts", `export { wait as pause, type Wait } from "./wait.ts";\nexport const ONE: number = 1;\n`);
  write("wait.ts", `import type { Base } from "./base.ts";\nexport type { Base as Wait };\n`);
  write(
    "wait.ts",
    `import type { Base } from "./base.ts";
/** Waits. */
export function wait(name: string): void;
export function wait(name: number): void;
export function wait(_name: unknown): void {}
export type { Base as Wait };
/** @internal */
export const hidden: number = 1;
`,
  );
  write(
    "base.ts",
    "/** A base. */\nexport interface Base {\n  /** Its size. */\n  readonly size: number;\n}\n",
  );

  const names = new DeclarationReader(root).namesOf("index.ts");

  expect(names.map(({ name, kind, path }) => [name, kind, path])).toEqual([
    ["ONE", "const", "index.ts"],
    ["pause", "function", "wait.ts"],
    ["Wait", "interface", "base.ts"],
  ]);
  expect(names[1]!.declarations).toHaveLength(2);
  expect(names[1]!.comment.trim()).toBe("/** Waits. */");
  expect(names[2]!.declarations[0]).toContain("/** Its size. */");
});

it("leaves out what is internal", () => {
  write("index.ts", "/** @internal */\nexport const hidden: number = 1;\nexport const shown: number = 1;\n");

  expect(new DeclarationReader(root).namesOf("index.ts").map(({ name }) => name)).toEqual(["shown"]);
});
