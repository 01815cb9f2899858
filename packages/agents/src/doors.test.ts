import { build } from "esbuild";
import { expect, it } from "vitest";

/** What a door imports from outside as soon as it is loaded. */
async function importsOf(door: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [new URL(`./${door}.ts`, import.meta.url).pathname],
    bundle: true,
    write: false,
    metafile: true,
    splitting: true,
    format: "esm",
    platform: "node",
    conditions: ["@orch/source"],
    outdir: "out",
    packages: "external",
    alias: {
      "@orch/core/doors": new URL("../../core/src/doors.ts", import.meta.url).pathname,
      "@orch/core": new URL("../../core/src/index.ts", import.meta.url).pathname,
    },
    logLevel: "silent",
  });
  const first = Object.values(metafile.outputs).find(({ entryPoint }) =>
    entryPoint?.endsWith(`src/${door}.ts`),
  );
  return (first?.imports ?? []).flatMap(({ path, kind, external }) =>
    external && kind === "import-statement" ? [path] : [],
  );
}

it.each(["mcp", "otel", "cost", "wrappers", "embedding", "batch", "partial", "provider-tools"])(
  "%s loads nothing from outside before it is used",
  async (door) => {
    expect(await importsOf(door)).toEqual([]);
  },
);
