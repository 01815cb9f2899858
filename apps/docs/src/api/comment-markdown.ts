const EMPTY: readonly string[] = [];

/** Turns a TSDoc comment into Markdown: parameters become a list, and each example stands under its own line. */
export function commentMarkdown(comment: string): string {
  const text = comment
    .replace(/^\s*\/\*\*/, "")
    .replace(/\*\/\s*$/, "")
    .replaceAll(/^[ \t]*\* ?/gm, "")
    .replaceAll(
      /\{@link(?:code|plain)?\s+([^}|\s]+)(?:\s*\|\s*([^}]+))?\}/g,
      (_, name: string, label?: string) => (label === undefined ? `\`${name}\`` : label.trim()),
    )
    .trim();
  const [first = "", ...tags] = `\n${text}`.split(/^(?=@[a-zA-Z]+)/m);
  return [first.trim(), ...parametersOf(tags), ...tags.flatMap(tagMarkdown)]
    .filter((block) => block !== "")
    .join("\n\n");
}

function parametersOf(tags: readonly string[]): readonly string[] {
  const rows = tags.flatMap((tag) => {
    const [, name, words] = /^@(?:param|typeParam|template)\s+(\S+)\s*(?:-\s*)?([\s\S]*)/.exec(tag) ?? EMPTY;
    return name === undefined ? [] : [`- \`${name}\`: ${words?.trim().replaceAll(/\s+/g, " ")}`];
  });
  return rows.length === 0 ? [] : [rows.join("\n")];
}

const LEADS: { readonly [tag: string]: string } = {
  returns: "Returns ",
  throws: "Throws ",
  default: "Default: ",
  defaultValue: "Default: ",
  see: "See ",
  deprecated: "**Deprecated.** ",
};

function tagMarkdown(tag: string): readonly string[] {
  const [, name = "", words = ""] = /^@([a-zA-Z]+)\s*([\s\S]*)/.exec(tag) ?? EMPTY;
  if (name === "example") return [words.includes("```") ? words.trim() : `\`\`\`ts\n${words.trim()}\n\`\`\``];
  const lead = LEADS[name];
  return lead === undefined ? [] : [`${lead}${words.trim()}`];
}
