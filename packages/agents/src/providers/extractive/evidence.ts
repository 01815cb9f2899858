/** A sentence that may be quoted, and where it stands. */
import type { Citation } from "../../words/message.ts";

/** One verbatim sentence. Line breaks inside it were turned into single spaces, nothing else. */
export interface Evidence {
  /** A file relative to the root, or `tool:<name>` for the result of a tool. */
  readonly path: string;
  /** The line it starts on, from 1. */
  readonly line: number;
  /** The heading it stands under; empty where there is none. */
  readonly heading: string;
  readonly quote: string;
  /** How well it fits the question, from 0 to 1, compared with the best one found. */
  readonly score: number;
}

/** The mark that stands behind a quote, like `[docs/retry.md:12]`. */
export function markOf(evidence: Evidence): string {
  return isFromTool(evidence) ? `[${evidence.path}]` : `[${evidence.path}:${evidence.line}]`;
}

/** The quote as a citation of a text part. */
export function citationOf(evidence: Evidence): Citation {
  const { path, line, heading, quote } = evidence;
  if (isFromTool(evidence)) return { title: path, quote };
  return heading === "" ? { path, line, quote } : { path, line, quote, title: heading };
}

function isFromTool(evidence: Evidence): boolean {
  return evidence.path.startsWith("tool:");
}
