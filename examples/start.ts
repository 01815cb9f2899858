/** Runs an example by its name: `pnpm --filter @orch/examples start research-classes`. */
import { globSync } from "node:fs";

const here = import.meta.dirname;
const names = globSync("*.ts", { cwd: here, exclude: ["start.ts", "*.test.ts"] }).map((file) =>
  file.slice(0, -3),
);
// The example finds its own arguments where it looks for them.
const [name = ""] = process.argv.splice(2, 1);
if (names.includes(name)) {
  await import(`./${name}.ts`);
} else {
  console.error(`There is no example "${name}". There are: ${names.toSorted().join(", ")}.`);
  process.exitCode = 2;
}
