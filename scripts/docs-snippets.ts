/** The pages of the documentation, and the TypeScript in them. */
import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** A TypeScript block of a page, with JSX or without. */
export interface Snippet {
  /** A file name that tells the page. */
  readonly name: string;
  readonly code: string;
}

/** Every page a reader may open, by its path from the root. What is generated of the doors is no page: it has no text. */
export async function pages(): Promise<string[]> {
  const found = globSync(["docs/**/*.md", "{packages,apps}/*/README.md", "packages/*/skills/**/*.md"], {
    cwd: root,
    exclude: ["docs/api/**", "**/node_modules/**"],
  });
  return ["README.md", ...found.map((path) => path.replaceAll(sep, "/")).sort()];
}

/** Every TypeScript block of every page. */
export async function snippets(): Promise<Snippet[]> {
  const found: Snippet[] = [];
  for (const page of await pages()) {
    const text = await readFile(join(root, page), "utf8");
    for (const [, ending, code = ""] of text.matchAll(/^```(tsx?)\n([\s\S]*?)^```/gm)) {
      found.push({ name: `${page.replaceAll(/[/.]/g, "_")}_${found.length + 1}.${ending}`, code });
    }
  }
  return found;
}
