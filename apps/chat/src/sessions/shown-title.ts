import { type SafeText, safeText } from "../terminal/safe-text.ts";

/** Where text begins that was piped in beside a message. */
const PIPED = /\s+<context>\s[\s\S]*$/;

/** The title of a conversation in a line, without what was piped in beside its first message. */
export function shownTitle(title: string): SafeText {
  return safeText(title.replace(PIPED, "").replaceAll(/\s*\n\s*/g, " "));
}
