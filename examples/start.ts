/** Runs an example by its name: `pnpm --filter @orch/examples start research-classes`. */
import { globSync } from "node:fs";

const here = import.meta.dirname;
const files = [
  ...globSync("*.ts", { cwd: here, exclude: ["start.ts", "*.test.ts"] }),
  ...globSync("conversations/*.ts", { cwd: here, exclude: ["**/model.ts", "**/*.test.ts"] }),
  ...globSync("*/main.ts", { cwd: here, exclude: ["node_modules/**"] }),
];
const names = new Map(files.map((file) => [file.replace(/(?:[\\/]main)?\.ts$/, ""), file]));
// The example finds its own arguments where it looks for them.
const [name = ""] = process.argv.splice(2, 1);
const file = names.get(name);
if (file !== undefined) {
  await import(`./${file}`);
} else {
  console.error(`There is no example "${name}". There are: ${[...names.keys()].toSorted().join(", ")}.`);
  process.exitCode = 2;
}
