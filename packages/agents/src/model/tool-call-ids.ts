/**
 * Ids of tool calls that a provider accepts. A conversation that moves between providers carries
 * ids of all of them, and servers disagree on characters and length; some use `call_0` in every turn.
 */
import type { Origin } from "../words/message.ts";

/** Which ids a provider takes: `wide` is 1-64 of `[a-zA-Z0-9_-]`, `medium` 1-40 of them, `nine` exactly 9 letters or digits. */
export type CallIdRule = "wide" | "medium" | "nine";

const LEGAL: Record<CallIdRule, RegExp> = {
  wide: /^[\w-]{1,64}$/,
  medium: /^[\w-]{1,40}$/,
  nine: /^[a-zA-Z0-9]{9}$/,
};

/** The rule of a wire format; OpenAI's Chat Completions takes 40 characters at most. */
export function callIdRule(target: Origin): CallIdRule {
  return target.api === "chat-completions" ? "medium" : "wide";
}

export function isLegalCallId(id: string, rule: CallIdRule): boolean {
  return LEGAL[rule].test(id);
}

/** A legal id made from any text: the same text gives the same id, in every turn and process. */
export function derivedCallId(text: string, rule: CallIdRule): string {
  if (rule === "nine") return digest(text, 2).slice(0, 9);
  return `t_${digest(text, 4)}`;
}

/**
 * FNV-1a with several starting values, 7 characters of base 36 each. Four give 128 bits: enough
 * against chance, and no secret depends on it.
 *
 * Source: http://www.isthe.com/chongo/tech/comp/fnv/
 */
function digest(text: string, words: number): string {
  let digits = "";
  for (let word = 0; word < words; word++) {
    let hash = (0x811c9dc5 ^ (word * 0x9e3779b1)) >>> 0;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
      hash = Math.imul(hash ^ (unit >>> 8), 0x01000193);
    }
    digits += (hash >>> 0).toString(36).padStart(7, "0");
  }
  return digits;
}
