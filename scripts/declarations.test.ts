import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Consumer, compilers } from "./declarations.ts";
import { snippets } from "./docs-snippets.ts";
import { budget, thorough } from "./lanes.ts";

let consumer: Consumer;

beforeAll(async () => {
  consumer = await Consumer.create();
  await consumer.copy("examples");
  // What examples take from the scripts.
  for (const name of [
    "child-environment",
    "free-ports",
    "guarded-process",
    "restate-cluster",
    "restate-server",
    "tcp-balancer",
  ])
    await consumer.copy(`scripts/${name}.ts`);
  await consumer.write("inferred.ts", await readFile(join(import.meta.dirname, "inferred.ts"), "utf8"));
  for (const { name, code } of await snippets()) await consumer.write(`docs/${name}`, code);
});

afterAll(() => consumer.remove());

// In lane `test` the types of the doors are tried by packages/core/test/types.test.ts, and forgotten-types.test.ts finds what declarations lack.
it.runIf(thorough).each(Object.keys(compilers).slice(0, budget("compilers")))(
  "every example, snippet and inferred export compiles to declarations in %s",
  async (compiler) => {
    expect(await consumer.compile(compiler)).toBe("");
  },
);
