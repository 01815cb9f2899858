/** What a reader has to know of the machine, and nothing that names it. */
import { readFileSync } from "node:fs";
import { arch, availableParallelism, cpus, platform, totalmem } from "node:os";
import { join } from "node:path";
import type { Results } from "./results.ts";
import { entrants } from "./subjects.ts";

/** The machine, without its name. */
export function machine(load: number): Results["machine"] {
  return {
    load,
    processor: cpus()[0]?.model.trim() || "unknown",
    cores: availableParallelism(),
    gigabytes: Math.round(totalmem() / 1_024 ** 3),
    system: `${platform()} ${arch()}`,
  };
}

/** The versions of the packages measured, as installed here. */
export function versions(): Results["versions"] {
  const names = Object.values(entrants).flatMap(({ packages }) => packages);
  return Object.fromEntries([...names, "esbuild", "zod"].map((name) => [name, versionOf(name)]));
}

function versionOf(name: string): string {
  const file = join(import.meta.dirname, "node_modules", name, "package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly version: string }).version;
}
