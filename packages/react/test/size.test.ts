/** How large the package is in a page: everything in it, minified and compressed, without React. */
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { expect, it } from "vitest";

const LIMIT = 3000;

it.each([
  ["everything", 'export * from "@orch/react"; export * from "@orch/react/chat";'],
  ["useRun", 'export { useRun } from "@orch/react";'],
  ["the transport", 'export * from "@orch/react/chat";'],
])("has at most 3,000 bytes in a page: %s", async (name, contents) => {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    ...{ bundle: true, minify: true, write: false, metafile: true, format: "esm", target: "es2023" },
    conditions: ["@orch/source"],
    external: ["react"],
  });
  const gzip = gzipSync(outputFiles[0]!.contents, { level: 9 }).length;
  console.log(
    `@orch/react, ${name}: ${gzip} bytes (limit ${LIMIT}), ${outputFiles[0]!.contents.length} before compression`,
  );

  expect(gzip).toBeLessThanOrEqual(LIMIT);
  // Nothing of the server, and nothing of the AI SDK, comes along.
  expect(
    Object.keys(metafile.inputs).filter((file) => !/packages\/react\/src|^<stdin>$|react\/src/.test(file)),
  ).toEqual([]);
});
