/** Lets the user write a text in an editor of their own. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Programs } from "./programs.ts";

/** The text as it was saved, or why there is none, as a sentence. */
export type OutsideText = { readonly text: string } | { readonly problem: string };

/**
 * Opens `text` in `$VISUAL`, `$EDITOR` or `vi`, in a file that only the user can read and that is gone afterwards. The caller
 * has given the terminal back, and reads nothing from it meanwhile.
 */
export async function editOutside(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
  programs: Programs,
): Promise<OutsideText> {
  const editor = env["VISUAL"] || env["EDITOR"] || "vi";
  const folder = await mkdtemp(join(tmpdir(), "orch-draft-"));
  const file = join(folder, "draft.md");
  try {
    await writeFile(file, `${text}\n`, { mode: 0o600 });
    // By a shell, as git does: the setting may hold options, like `code --wait`.
    const code = await programs.attend("sh", ["-c", `${editor} "$@"`, editor, file]);
    if (code !== 0) {
      const how = code === undefined ? "could not be started" : `ended with code ${code}`;
      return { problem: `The editor "${editor}" ${how}, and the input is as it was. Set VISUAL or EDITOR.` };
    }
    return { text: (await readFile(file, "utf8")).replace(/\r?\n$/, "") };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
