import { type SafeText, safeText } from "./safe-text.ts";

/** What a question asks, as text: a text as it stands, the text in an object, or the object as JSON. */
export function promptText(prompt: unknown): SafeText {
  if (typeof prompt === "string") return safeText(prompt);
  if (typeof prompt === "object" && prompt !== null)
    for (const name of ["question", "prompt", "message", "text", "title"]) {
      const said: unknown = Object.hasOwn(prompt, name)
        ? (prompt as Record<string, unknown>)[name]
        : undefined;
      if (typeof said === "string") return safeText(said);
    }
  try {
    return safeText(JSON.stringify(prompt, undefined, 2) ?? String(prompt));
  } catch {
    return safeText(String(prompt));
  }
}
