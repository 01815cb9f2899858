/** The orchestrations that come with the program, and their sources, to be copied as a start. */
import { readFile } from "node:fs/promises";

/** Their names. */
export const BUNDLED_NAMES = ["research", "chat", "triage", "review"] as const;

/** One of them. */
export type BundledName = (typeof BUNDLED_NAMES)[number];

/** The build copies the sources beside the program. */
const SOURCES = new URL(
  import.meta.url.endsWith(".ts") ? "../orchestrations/" : "./sources/",
  import.meta.url,
);
const IMPORT = /(from ")\.\/([a-z-]+\.ts)(";)/g;
/** Its types are those of the public door. */
const PUBLIC = "orchestration-context.ts";

/** The text of a bundled orchestration under another name, and of the files that it imports, by their paths in `orc/`. `orch` is what the user types to start the program. */
export async function copiedOrchestration(
  bundled: BundledName,
  name: string,
  orch: string,
): Promise<{ readonly code: string; readonly beside: ReadonlyMap<string, string> }> {
  const beside = new Map<string, string>();
  const copy = async (file: string, to: string): Promise<string> => {
    const source = await readFile(new URL(file, SOURCES), "utf8");
    for (const [, , imported] of source.matchAll(IMPORT)) {
      const path = `${name}/${imported}`;
      if (imported === PUBLIC || beside.has(path)) continue;
      beside.set(path, "");
      beside.set(path, await copy(imported!, "./"));
    }
    return source.replace(IMPORT, (_all, before: string, imported: string, after: string) =>
      imported === PUBLIC ? `${before}@orch/chat${after}` : `${before}${to}${imported}${after}`,
    );
  };
  const source = await copy(`${bundled}.ts`, `./${name}/`);
  const code = `// A copy of ${bundled}, to change as you like. Try it: ${orch} -p --orc ${name} "..."       In the chat: /orc ${name}\n${source.replace(`"${bundled}"`, `"${name}"`)}`;
  return { code, beside };
}
