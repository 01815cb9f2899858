/** What is published: few files, the names as they were written, and nothing loaded that is not used. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BuiltFile, bundlePackage } from "./bundle.ts";

const packages = fileURLToPath(new URL("../packages", import.meta.url));
const names = ["agents", "chat-runtime", "core", "restate", "server", "sqlite", "testing"] as const;
type Name = (typeof names)[number];

const built = new Map<Name, readonly BuiltFile[]>();
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "orch-build-"));
  for (const name of names) built.set(name, await bundlePackage(join(packages, name), join(folder, name)));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Everything that is loaded with a door: files of the package itself, and names of packages. */
function loadedWith(name: Name, door: string): { readonly own: string[]; readonly foreign: string[] } {
  const files = new Map(built.get(name)!.map((file) => [file.name, file]));
  const loaded = new Set([door]);
  for (const one of loaded) for (const imported of files.get(one)?.imports ?? []) loaded.add(imported);
  const all = [...loaded].sort();
  return { own: all.filter((one) => files.has(one)), foreign: all.filter((one) => !files.has(one)) };
}

describe("the published build", () => {
  it.each(names)("has a file for every door of %s, and every map that a file names", (name) => {
    const { publishConfig } = JSON.parse(readFileSync(join(packages, name, "package.json"), "utf8")) as {
      readonly publishConfig: { readonly exports: { readonly [door: string]: string | { default: string } } };
    };
    for (const target of Object.values(publishConfig.exports)) {
      if (typeof target === "string") continue;
      const file = join(folder, name, target.default.replace("./dist/", ""));
      expect(existsSync(file), file).toBe(true);
    }
    for (const { name: file } of built.get(name)!) {
      const [, map] = /sourceMappingURL=(.*)/.exec(readFileSync(join(folder, name, file), "utf8")) ?? [];
      if (map !== undefined) expect(existsSync(join(folder, name, dirname(file), map)), map).toBe(true);
    }
  });

  it.each(names)("loads the main door of %s in at most two files of its own", (name) => {
    expect(loadedWith(name, "index.js").own.length).toBeLessThanOrEqual(2);
  });

  it("loads nothing with core, and with agents nothing but core", () => {
    for (const { name } of built.get("core")!) expect(loadedWith("core", name).foreign).toEqual([]);
    const { foreign } = loadedWith("agents", "index.js");
    expect(foreign.filter((one) => !one.startsWith("@orch/core"))).toEqual([]);
  });

  it("loads no provider's library, no MCP and no tracing with any door", () => {
    const ours = /^(@orch\/|node:)|^(ignore|minisearch|zod)$/;
    for (const { name } of built.get("agents")!) {
      expect(
        loadedWith("agents", name).foreign.filter((one) => !ours.test(one)),
        name,
      ).toEqual([]);
    }
  });

  it("loads nothing with the server but core, agents and the chat runtime, and Node with its door to Node alone", () => {
    const doors = built.get("server")!.filter(({ name }) => !name.includes("/"));
    for (const { name } of doors) {
      const foreign = loadedWith("server", name).foreign.filter((one) => !one.startsWith("@orch/"));
      expect(
        foreign.filter((one) => name !== "node.js" || !one.startsWith("node:")),
        name,
      ).toEqual([]);
    }
  });

  it.each(names)("keeps the names of the classes of %s, which its errors are called by", (name) => {
    for (const { name: file, code } of built.get(name)!) {
      const renamed = [
        ...code.matchAll(/^(?:var|let|const|class) (\w+)(?: = class(?: (?!extends)(\w+))?)?/gm),
      ].filter(
        ([line, outer, inner]) =>
          line.includes("class") && (/\$\d*$/.test(outer!) || (inner ?? outer) !== outer),
      );
      expect(
        renamed.map(([line]) => line),
        file,
      ).toEqual([]);
    }
  });

  it("keeps comments, and gives no short names to what files share", () => {
    const code = built
      .get("core")!
      .map((file) => file.code)
      .join("\n");

    expect(code).toContain("The base of all errors that Orch throws.");
    expect(code).not.toMatch(/\b\w as \w+\b.*from "\.\/shared/);
  });
});
