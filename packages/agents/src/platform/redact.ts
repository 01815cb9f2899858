/**
 * Takes secrets out of text before it goes into a failure, a log or an event. Providers echo keys
 * in their error messages, and a proxy may echo a whole request.
 */
declare const redacted: unique symbol;

/** Text that went through {@link redact}. */
export type Redacted = string & { readonly [redacted]: true };

const MARK = "[redacted]";

/** What a secret looks like; the first group, where there is one, stays. */
const PATTERNS: readonly RegExp[] = [
  // Keys with a known prefix: OpenAI, Anthropic, OpenRouter, Groq, xAI, Google, Hugging Face, GitHub, Slack.
  /\b(?:sk|pk|rk|gsk|xai|hf|ghp|gho|ghs|github_pat|xox[abprs]|pplx|nvapi|fw|r8)[-_][\w*.-]{6,}/g,
  /\bAIza[\w-]{10,}/g,
  /\beyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?/g,
  /((?:authorization)["']?\s*[:=]\s*["']?(?:bearer|basic|token)\s+)(?!\[redacted\])[^\s"',;&}]+/gi,
  // Elsewhere these three are also English words, so what follows must look like a key.
  /\b((?:[Bb]earer|BEARER|[Bb]asic|BASIC|[Tt]oken|TOKEN)\s+)(?=[\w.~+/=*-]*(?:[\d_=+*]|[a-z][A-Z]))[\w.~+/=*-]{6,}/g,
  /((?:api[-_ ]?key|x-api-key|authorization|access[-_ ]?token|client[-_ ]?secret|password|secret)["']?\s*[:=]\s*["']?)(?!\[redacted\]|bearer\b|basic\b)[^\s"',;&}]{4,}/gi,
  /([?&](?:key|token|sig|signature)=)[^&\s"']+/gi,
  /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@:]*:[^\s/@]+(?=@)/gi,
];

/**
 * Replaces API keys, tokens and passwords in `text` by `[redacted]`.
 *
 * @param secrets Texts that must go wherever they stand, such as the key in use. Shorter than 4 characters are ignored.
 */
export function redact(text: string, secrets: readonly string[] = []): Redacted {
  let clean = text;
  for (const secret of secrets) {
    if (secret.length >= 4) for (const form of formsOf(secret)) clean = clean.replaceAll(form, MARK);
  }
  for (const pattern of PATTERNS) {
    clean = clean.replace(pattern, (_match, kept: unknown) => (typeof kept === "string" ? kept : "") + MARK);
  }
  return clean as Redacted;
}

/** How a secret may be written: as it is, in JSON, in JSON within JSON, in a URL, in base64 of both alphabets. */
function formsOf(secret: string): ReadonlySet<string> {
  const bytes = String.fromCharCode(...new TextEncoder().encode(secret));
  const base64 = btoa(bytes).replace(/=+$/, "");
  // encodeURIComponent throws on half a surrogate pair.
  const escaped = JSON.stringify(secret).slice(1, -1);
  return new Set([
    // Longer forms hold shorter ones, and go first.
    JSON.stringify(escaped).slice(1, -1),
    escaped,
    secret,
    encodeURIComponent(secret.toWellFormed()),
    base64,
    base64.replaceAll("+", "-").replaceAll("/", "_"),
  ]);
}
