/** The clipboard of the terminal, which a program reaches by a control sequence (OSC 52), also over ssh. */
import { type SafeText, safe } from "./safe-text.ts";

/** More bytes than this many terminals drop without a word: 100,000 in base64. */
export const MAX_CLIPBOARD = 74_994;

/** What has to be written, and what is to be said of it: no terminal answers whether it took it. */
export interface Clipboard {
  /** Absent when the terminal surely does not take it. */
  readonly sequence?: string;
  readonly note: SafeText;
}

/** Puts text that was cleaned into the clipboard: somebody will paste it into a shell. */
export function clipboard(text: SafeText, env: Readonly<Record<string, string | undefined>>): Clipboard {
  const term = env["TERM"] ?? "";
  if (term === "dumb" || term === "linux" || env["TERM_PROGRAM"] === "Apple_Terminal")
    return { note: safe`This terminal has no clipboard that a program can reach` };
  const bytes = Buffer.from(text, "utf8");
  if (bytes.length > MAX_CLIPBOARD)
    return {
      note: safe`That is too much for a terminal's clipboard (${bytes.length} bytes, ${MAX_CLIPBOARD} at most)`,
    };
  return { sequence: `\u001b]52;c;${bytes.toString("base64")}\u0007`, note: noteOf(env) };
}

function noteOf(env: Readonly<Record<string, string | undefined>>): SafeText {
  if (env["TMUX"] !== undefined)
    return safe`Given to tmux, which passes it on after: tmux set -g set-clipboard on`;
  if (env["STY"] !== undefined) return safe`Given to screen, which may not pass it on`;
  if (env["VTE_VERSION"] !== undefined) return safe`Given to the terminal, which may not support it`;
  return safe`Given to the terminal's clipboard; a few terminals ask before they take it, or have to be told to`;
}
