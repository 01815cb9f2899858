/** What a field of a schema is for, told from its name. */
import { rawWords } from "../../tools/files/words.ts";

/** The part that a field plays. */
export type Role =
  | "queries"
  | "query"
  | "topic"
  | "title"
  | "path"
  | "line"
  | "quote"
  | "citations"
  | "url"
  | "score"
  | "found"
  | "faults"
  | "id"
  | "prose"
  /** Nothing can be told from the name. */
  | "other";

/** By the last word of the name, so that `filePath` is a path and `pathCount` is not. */
const BY_LAST_WORD: { readonly [word: string]: Role } = {
  queries: "queries",
  searches: "queries",
  keywords: "queries",
  query: "query",
  search: "query",
  keyword: "query",
  topic: "topic",
  question: "topic",
  goal: "topic",
  task: "topic",
  subject: "topic",
  title: "title",
  heading: "title",
  headline: "title",
  name: "title",
  label: "title",
  path: "path",
  paths: "path",
  file: "path",
  files: "path",
  filename: "path",
  line: "line",
  quote: "quote",
  quotes: "quote",
  excerpt: "quote",
  passage: "quote",
  sentence: "quote",
  snippet: "quote",
  citation: "citations",
  citations: "citations",
  source: "citations",
  sources: "citations",
  reference: "citations",
  references: "citations",
  url: "url",
  link: "url",
  href: "url",
  score: "score",
  relevance: "score",
  found: "found",
  answerable: "found",
  supported: "found",
  enough: "found",
  sufficient: "found",
  relevant: "found",
  faults: "faults",
  issues: "faults",
  problems: "faults",
  gaps: "faults",
  missing: "faults",
  errors: "faults",
  unsupported: "faults",
  contradictions: "faults",
  id: "id",
  text: "prose",
  content: "prose",
  body: "prose",
  summary: "prose",
  abstract: "prose",
  overview: "prose",
  answer: "prose",
  description: "prose",
  details: "prose",
  explanation: "prose",
  finding: "prose",
  fact: "prose",
  statement: "prose",
};

/** The role of a field by its name; `other` when the name says nothing. */
export function roleOf(name: string): Role {
  const last = rawWords(name).at(-1) ?? "";
  return Object.hasOwn(BY_LAST_WORD, last) ? BY_LAST_WORD[last]! : "other";
}
