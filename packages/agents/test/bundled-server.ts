/** The server of `mcp-server.ts` as one file, which starts in half of the time: the tests of MCP start some forty. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";

const ROOT = join(import.meta.dirname, "../../..");
const FOLDER = join(ROOT, "node_modules/.cache/mcp-server");

/** Gives the file that Node runs; it is built anew when the source or a package changed. */
export function bundledServer(): string {
  const source = join(import.meta.dirname, "mcp-server.ts");
  const hash = createHash("sha256");
  for (const file of [source, join(ROOT, "pnpm-lock.yaml")]) hash.update(readFileSync(file));
  const built = join(FOLDER, `${hash.digest("hex").slice(0, 16)}.mjs`);
  if (existsSync(built)) return built;
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const fresh = `${built}.${process.pid}`;
  buildSync({
    entryPoints: [source],
    outfile: fresh,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "warning",
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  });
  renameSync(fresh, built);
  return built;
}
