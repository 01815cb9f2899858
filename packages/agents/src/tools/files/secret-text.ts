/** Takes keys out of the text of a file before a model sees it. Line numbers stay, so that what is cited is right. */

const MARK = "[secret left out]";

const PRIVATE_KEY =
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g;

/** Keys whose makers gave them a shape of their own. */
const KEYS: readonly RegExp[] = [
  /\b(?:sk|pk|rk)[-_][\w-]{20,}/g,
  /\b(?:gsk|hf|npm|gh[pousr]|dop_v1|sbp|shpat)_[A-Za-z0-9]{20,}/g,
  /\bgithub_pat_\w{20,}/g,
  /\b(?:xai|glpat|pplx|nvapi|pypi|xox[abprse])-[\w-]{10,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\b(?:AIza[\w-]{30,}|ya29\.[\w-]{20,}|1\/\/0[\w-]{30,}|hvs\.[\w-]{20,}|SG\.[\w-]{16,}\.[\w-]{16,})/g,
  /\beyJ[\w-]{8,4096}\.eyJ[\w-]{8,4096}\.[\w-]{8,}/g,
  /\bAGE-SECRET-KEY-1[0-9A-Z]{20,}/g,
];

/** Every repetition is bounded: a file that was written to be slow costs no more than another. What follows a name like `apiKey` counts when it looks drawn by lot; the first group stays. */
const NAMED: readonly RegExp[] = [
  /((?:api[-_]?key|secret|token|passw(?:or)?d|access[-_]?key|private[-_]?key|client[-_]?secret)["']?\s{0,4}[:=]\s{0,4}["']?)(?=[\w+/~-]{0,64}\d)(?=[\w+/~-]{0,64}[A-Za-z])[\w+/~-]{16,512}={0,2}(?![\w(.])/gi,
  /(\bauthorization["']?\s{0,4}[:=]\s{0,4}["']?(?:bearer|basic|token)\s{1,4})(?=[^\s"']{0,64}\d)[\w+/=.~-]{16,4096}/gi,
  /(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/@:"'<>{}$]{1,100}:)[^\s/@:"'<>{}$]{3,200}(?=@)/gi,
];

/** Gives `text` without the keys in it: each becomes a mark, and every line keeps its number. */
export function withoutSecrets(text: string): string {
  let clean = text.replace(PRIVATE_KEY, (block) => MARK + "\n".repeat(block.split("\n").length - 1));
  for (const pattern of KEYS) clean = clean.replace(pattern, MARK);
  for (const pattern of NAMED) clean = clean.replace(pattern, (_all, kept: string) => kept + MARK);
  return clean;
}
