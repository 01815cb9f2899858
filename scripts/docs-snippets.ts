/** The pages of the documentation, and the TypeScript in them. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** A TypeScript block of a page. */
export interface Snippet {
  /** A file name that tells the page. */
  readonly name: string;
  readonly code: string;
}

/** Every page a reader may open, by its path from the root. */
export async function pages(): Promise<string[]> {
  const found = ["README.md"];
  for (const folder of ["docs", "docs/decisions", "docs/server", "packages", "apps"]) {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      if (entry.name.endsWith(".md")) found.push(join(folder, entry.name));
      else if (folder === "packages" || folder === "apps") found.push(join(folder, entry.name, "README.md"));
    }
  }
  return found;
}

/** Every TypeScript block of every page. */
export async function snippets(): Promise<Snippet[]> {
  const found: Snippet[] = [];
  for (const page of await pages()) {
    const text = await readFile(join(root, page), "utf8");
    for (const [, code = ""] of text.matchAll(/^```ts\n([\s\S]*?)^```/gm)) {
      found.push({ name: `${page.replaceAll(/[/.]/g, "_")}_${found.length + 1}.ts`, code });
    }
  }
  return found;
}
