/** What is reviewed: a document of the folder, or what git says has changed in it. */
import { textFolder, withoutSecrets } from "@orch/agents/files";
import { isOrchError } from "@orch/core";
import type { OrchestrationContext } from "./orchestration-context.ts";

/** One line of what is reviewed. */
export interface ReviewLine {
  readonly path: string;
  /** From 1, in the file as it is now. */
  readonly line: number;
  readonly text: string;
  /** Whether the changes brought it. */
  readonly added: boolean;
}

/** What a message asks to review. */
export interface ReviewTarget {
  readonly kind: "document" | "changes" | "none";
  /** As it is called in headings: a path, or `the changes since HEAD`. */
  readonly name: string;
  /** The path of a document, or the revision that changes are told from. */
  readonly from: string;
  /** What the message says besides: what to look at. */
  readonly focus: string;
  /** Why there is nothing to review. */
  readonly says: string;
}

/** What is reviewed, line by line. */
export interface ReviewMaterial {
  readonly kind: ReviewTarget["kind"];
  readonly name: string;
  readonly focus: string;
  readonly lines: readonly ReviewLine[];
  /** What was left out, as sentences; empty where nothing was. */
  readonly note: string;
}

/** Finds what a message names, and reads it. */
export interface ReviewSource {
  readonly choose: (message: string) => Promise<ReviewTarget>;
  readonly document: (target: ReviewTarget) => Promise<ReviewMaterial>;
  readonly changes: (target: ReviewTarget) => Promise<ReviewMaterial>;
}

/** A model reads no more of a text than this, in characters. */
const MAX_TEXT = 60_000;
const DIFF = ["diff", "--relative", "--unified=3", "--no-color", "--src-prefix=a/", "--dst-prefix=b/"];
const REVISION = /(?:^|\s)(?:diff|since|against)\s+([\w][\w./~^@-]{0,200})(?=\s|$)/i;
/** Words that only say that something is to be reviewed. */
const WRAPPING =
  /^(?:please|review|check|judge|look|at|the|my|our|this|these|git|diff|changes?|file|document|working|tree|for|of|in|and|since|against)$/i;
const NOTHING =
  "Name a file of this folder, or change one: without a file the changes since HEAD are reviewed.";

/** Opens the folder and the repository of `context`. Nothing is read before a message is. */
export function reviewSource({ root, git }: OrchestrationContext): ReviewSource {
  const folder = textFolder({ root });
  const read = (path: string): Promise<string | undefined> =>
    folder.read(path).catch((error: unknown) => {
      if (isOrchError(error, "ORCH_PATH_REFUSED")) return undefined;
      throw error;
    });
  return {
    choose: async (message) => {
      const words = message.split(/\s+/).filter((word) => word !== "");
      const names = words.map((word) => word.replace(/^[@"'`(]+|["'`),.;:?!]+$/g, ""));
      for (const [at, path] of names.entries()) {
        if (path === "" || (await read(path)) === undefined) continue;
        return { kind: "document", name: path, from: path, focus: focusOf(words, at), says: "" };
      }
      const missing = names.find((name) => /^[\w.@-]*\/[\w./@-]+$|^[\w-]+\.\w{1,5}$/.test(name));
      const revision = REVISION.exec(message)?.[1];
      if (missing !== undefined && missing !== revision) {
        const says = `There is no file ${missing} here that may be read. ${NOTHING}`;
        return { kind: "none", name: missing, from: "", focus: "", says };
      }
      const from = revision ?? "HEAD";
      const focus = focusOf(words, revision === undefined ? -1 : names.indexOf(revision));
      return { kind: "changes", name: `the changes since ${from}`, from, focus, says: "" };
    },
    document: async ({ kind, name, from, focus }) => {
      const text = await read(from);
      const lines = (text ?? "")
        .replace(/\n$/, "")
        .split("\n")
        .map((one, at) => {
          return { path: from, line: at + 1, text: one, added: false };
        });
      return { kind, name, focus, ...bounded(text === undefined ? [] : lines) };
    },
    changes: async ({ kind, name, from, focus }) => {
      const diff = await git?.([...DIFF, "--end-of-options", from, "--"]);
      const none = (note: string): ReviewMaterial => ({ kind, name, focus, lines: [], note });
      if (diff === undefined) return none(`git cannot say what changed since ${from} here. ${NOTHING}`);
      const lines = linesOf(withoutSecrets(diff));
      if (diff.trim() === "") return none(`Nothing has changed since ${from}. ${NOTHING}`);
      const paths = [...new Set(lines.map(({ path }) => path))];
      const closed = new Set<string>();
      // What may not be read as a file is not read as a change of it either.
      for (const path of paths) if ((await read(path)) === undefined) closed.add(path);
      const { note, lines: kept } = bounded(lines.filter(({ path }) => !closed.has(path)));
      const left = closed.size === 0 ? "" : `Not shown: ${[...closed].join(", ")}. `;
      return { kind, name, focus, lines: kept, note: `${left}${note}`.trim() };
    },
  };
}

/** The words besides the target that say what to look at. */
function focusOf(words: readonly string[], target: number): string {
  const telling = words.filter((word, at) => at !== target && !WRAPPING.test(word.replace(/[.,:;!?]+$/, "")));
  return telling.length === 0 ? "" : words.filter((_, at) => at !== target).join(" ");
}

function bounded(lines: readonly ReviewLine[]): Pick<ReviewMaterial, "lines" | "note"> {
  let size = 0;
  const end = lines.findIndex(({ text }) => {
    size += text.length + 1;
    return size > MAX_TEXT;
  });
  if (end === -1) return { lines, note: "" };
  const note = `Only the first ${end} of ${lines.length} lines were read; review the rest by itself.`;
  return { lines: lines.slice(0, end), note };
}

/** The lines of a diff as they stand in the files now; lines that were taken out have no place there. */
function linesOf(diff: string): readonly ReviewLine[] {
  const lines: ReviewLine[] = [];
  let path = "";
  let line = 0;
  for (const text of diff.split("\n")) {
    const [, file] = /^\+\+\+ "?b\/(.+?)"?\t?$/.exec(text) ?? [];
    const [, first] = /^@@ -\S+ \+(\d+)/.exec(text) ?? [];
    if (line === 0 && file !== undefined) path = file;
    else if (text.startsWith("diff --git ")) line = 0;
    else if (first !== undefined) line = Number(first);
    else if (line > 0 && /^[+ ]/.test(text)) {
      lines.push({ path, line, text: text.slice(1), added: text.startsWith("+") });
      line += 1;
    }
  }
  return lines;
}
