/** What is said on a platform without SQLite. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { bundlePackage } from "../../../../scripts/bundle.ts";
import { childEnvironment } from "../../../../scripts/child-environment.ts";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const old = ["/usr/bin/node", "/usr/local/bin/node"].find((node) => {
  const { stdout } = spawnSync(node, ["--version"], { encoding: "utf8" });
  return stdout?.startsWith("v20.");
});

describe("a platform without SQLite", () => {
  it("E34, further: is named when Node was started without it", () => {
    const program = 'await import("@orch/sqlite").catch(({ code, message }) => console.log(code, message));';
    const said = execFileSync(
      process.execPath,
      ["--no-experimental-sqlite", "--conditions=@orch/source", "--input-type=module", "--eval", program],
      { cwd: join(root, "examples"), encoding: "utf8" },
    );

    expect(said).toMatch(
      /^ORCH_NODE_SQLITE .*needs the module node:sqlite, which this Node \d+\.\d+\.\d+ does not have/,
    );
  });

  it.skipIf(old === undefined)(
    "E34: is named by the version that is needed and the version that there is",
    async () => {
      const folder = mkdtempSync(join(tmpdir(), "orch-old-node-"));
      try {
        for (const name of ["core", "sqlite"]) {
          const place = join(folder, "node_modules/@orch", name);
          mkdirSync(place, { recursive: true });
          await bundlePackage(join(root, "packages", name), join(place, "dist"));
          const doors = name === "core" ? ["doors", "draw", "host"] : ["sessions"];
          const exports = Object.fromEntries([
            [".", "./dist/index.js"],
            ...doors.map((door) => [`./${door}`, `./dist/${door}.js`]),
          ]);
          writeFileSync(
            join(place, "package.json"),
            JSON.stringify({ name: `@orch/${name}`, version: "0.0.0", type: "module", exports }),
          );
        }
        writeFileSync(
          join(folder, "try.mjs"),
          'await import("@orch/sqlite").catch((e) => console.log(e.message));',
        );
        const said = execFileSync(old!, [join(folder, "try.mjs")], {
          encoding: "utf8",
          env: childEnvironment(),
        });

        expect(said).toMatch(/^@orch\/sqlite needs Node 22\.18 or newer; this is 20\.\d+\.\d+\./);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );
});
