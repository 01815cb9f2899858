/**
 * Colours for code. highlight.js's core and each language are loaded when a fence first asks for them;
 * until then code is drawn plain.
 */
import type { HLJSApi, LanguageFn } from "highlight.js";
import type { SafeText } from "../terminal/safe-text.ts";
import type { Role } from "../terminal/theme.ts";
import { parseMarkup } from "./highlight-markup.ts";

/** A piece of code of one kind. */
export interface CodeSpan {
  readonly text: SafeText;
  readonly role?: Role;
}

/** Colours code, once its language was loaded. */
export interface Highlighter {
  /** The code as spans, or `undefined` when the language is unknown or not loaded yet. */
  readonly highlight: (language: string, code: SafeText) => readonly CodeSpan[] | undefined;
  /** Loads a language; settles when it can be used, also when there is none of that name. Never rejects. */
  readonly load: (language: string) => Promise<void>;
}

type LoadLanguage = () => Promise<{ readonly default: LanguageFn }>;

const LANGUAGES: ReadonlyMap<string, LoadLanguage> = new Map<string, LoadLanguage>([
  ["bash", () => import("highlight.js/lib/languages/bash")],
  ["c", () => import("highlight.js/lib/languages/c")],
  ["cpp", () => import("highlight.js/lib/languages/cpp")],
  ["csharp", () => import("highlight.js/lib/languages/csharp")],
  ["css", () => import("highlight.js/lib/languages/css")],
  ["diff", () => import("highlight.js/lib/languages/diff")],
  ["go", () => import("highlight.js/lib/languages/go")],
  ["java", () => import("highlight.js/lib/languages/java")],
  ["javascript", () => import("highlight.js/lib/languages/javascript")],
  ["json", () => import("highlight.js/lib/languages/json")],
  ["markdown", () => import("highlight.js/lib/languages/markdown")],
  ["python", () => import("highlight.js/lib/languages/python")],
  ["rust", () => import("highlight.js/lib/languages/rust")],
  ["sql", () => import("highlight.js/lib/languages/sql")],
  ["typescript", () => import("highlight.js/lib/languages/typescript")],
  ["xml", () => import("highlight.js/lib/languages/xml")],
  ["yaml", () => import("highlight.js/lib/languages/yaml")],
]);

const ALIASES: ReadonlyMap<string, string> = new Map([
  ["sh", "bash"],
  ["shell", "bash"],
  ["zsh", "bash"],
  ["console", "bash"],
  ["c++", "cpp"],
  ["cs", "csharp"],
  ["c#", "csharp"],
  ["patch", "diff"],
  ["golang", "go"],
  ["js", "javascript"],
  ["jsx", "javascript"],
  ["mjs", "javascript"],
  ["jsonc", "json"],
  ["md", "markdown"],
  ["py", "python"],
  ["rs", "rust"],
  ["ts", "typescript"],
  ["tsx", "typescript"],
  ["html", "xml"],
  ["svg", "xml"],
  ["yml", "yaml"],
]);

/** Code with a longer line, or longer than this many units, is drawn plain: grammars are not linear. */
const MAX_LINE = 1000;
const MAX_CODE = 20_000;

/** A highlighter with nothing loaded. */
export function createHighlighter(): Highlighter {
  let core: HLJSApi | undefined;
  const loading = new Map<string, Promise<void>>();
  const load = async (name: string, language: LoadLanguage): Promise<void> => {
    const [{ default: api }, { default: grammar }] = await Promise.all([
      import("highlight.js/lib/core"),
      language(),
    ]);
    api.registerLanguage(name, grammar);
    core = api;
  };
  return {
    highlight: (language, code) => {
      const name = canonical(language);
      if (core?.getLanguage(name) === undefined || code.length > MAX_CODE || hasLongLine(code))
        return undefined;
      return parseMarkup(core.highlight(code, { language: name, ignoreIllegals: true }).value);
    },
    load: (language) => {
      const name = canonical(language);
      const source = LANGUAGES.get(name);
      if (source === undefined) return Promise.resolve();
      let pending = loading.get(name);
      if (pending === undefined) {
        // A grammar that cannot be loaded leaves code plain; colour is not worth a failure.
        pending = load(name, source).catch(() => undefined);
        loading.set(name, pending);
      }
      return pending;
    },
  };
}

function canonical(language: string): string {
  const name = language.toLowerCase();
  return ALIASES.get(name) ?? name;
}

function hasLongLine(code: string): boolean {
  let start = 0;
  while (start < code.length) {
    const found = code.indexOf("\n", start);
    const end = found < 0 ? code.length : found;
    if (end - start > MAX_LINE) return true;
    start = end + 1;
  }
  return false;
}
