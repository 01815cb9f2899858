import { join } from "node:path";
import { build } from "vite";

/** Builds the page into a folder. */
export async function buildPage(outDir: string): Promise<void> {
  await build({
    configFile: join(import.meta.dirname, "vite.config.ts"),
    build: { outDir, emptyOutDir: true },
    logLevel: "warn",
  });
}
