/** What is wrong with code of the user's own, each with its place. */
import { isOrchError } from "@orch/core";
import { messageOf } from "@orch/core/doors";
import type { CodeProblem } from "../errors/code-problem.ts";
import { type OwnCode, ownPath } from "./own-code.ts";

type Place = Omit<CodeProblem, "says">;

/** Everything that `error` says about `code`. */
export async function codeProblems(code: OwnCode, error: unknown): Promise<readonly CodeProblem[]> {
  const call = placeIn(code, error) ?? missingPlace(code) ?? { file: code.file };
  if (isOrchError(error, "ORCH_INVALID_DEFINITION"))
    return error.facts.problems.map(({ runnable, says }) => ({
      ...(namePlace(code, call.file, runnable) ?? call),
      says,
    }));
  const parsed = error instanceof SyntaxError && call.line === undefined ? await parse(code) : undefined;
  return [parsed ?? { ...call, says: sentenceOf(error) }];
}

/** The place at the head of a syntax error, or of the innermost call in the user's own files. */
function placeIn(code: OwnCode, error: unknown): Place | undefined {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const head = /^(file:\S+):(\d+)\n/.exec(stack);
  const file = ownPath(head?.[1] ?? "");
  if (head !== null && file !== undefined) {
    const line = Number(head[2]);
    const row = code.read(file).split("\n")[line - 1] ?? "";
    // The mark stands under the mistake; there is none under the end of the file.
    const mark = /^([ \t]*)\^/m.exec(stack.slice(0, stack.search(/^\w*Error\b/m)));
    return { file, line, column: 1 + (mark === null ? row.length : lengthOf(row, mark[1]!.length)) };
  }
  for (const [, url, line, column] of stack.matchAll(/(file:[^\s()]+):(\d+):(\d+)\)?$/gm)) {
    const path = ownPath(url!);
    if (path !== undefined) return { file: path, line: Number(line), column: Number(column) };
  }
  return undefined;
}

/** How many characters of `row` take `cells` where a tab is drawn as four spaces, as the parser draws it. */
function lengthOf(row: string, cells: number): number {
  let at = 0;
  for (let drawn = 0; drawn < cells && at < row.length; at++) drawn += row[at] === "\t" ? 4 : 1;
  return at;
}

/** Where an import stands that led nowhere. */
function missingPlace({ missing, texts }: OwnCode): Place | undefined {
  if (missing === undefined) return undefined;
  const { importer, specifier } = missing;
  const at = quoted(texts.get(importer) ?? "", specifier).at(0);
  return { file: importer, ...at };
}

/** Where a runnable gets its name. Of two of one name the later one is wrong. */
function namePlace(code: OwnCode, file: string, runnable: string | undefined): Place | undefined {
  if (runnable === undefined) return undefined;
  const at = quoted(code.texts.get(file) ?? "", runnable, /(\(|\bid\s*:)\s*$/).at(-1);
  return at && { file, ...at };
}

/** Where `text` has `word` in quotes, after something that `before` fits. */
function quoted(text: string, word: string, before = /(?:)/): { line: number; column: number }[] {
  const places: { line: number; column: number }[] = [];
  for (const [row, line] of text.split("\n").entries()) {
    for (const quote of ['"', "'", "`"]) {
      const at = line.indexOf(quote + word + quote);
      const last = line.lastIndexOf(quote + word + quote);
      for (const column of new Set([at, last]))
        if (column >= 0 && before.test(line.slice(0, column)))
          places.push({ line: row + 1, column: column + 1 });
    }
  }
  return places;
}

/** Node tells a mistake in plain JavaScript without its place; the parser for TypeScript has one. */
async function parse(code: OwnCode): Promise<CodeProblem | undefined> {
  for (const file of [...code.texts.keys()].reverse()) {
    if (code.texts.get(file) === undefined || !/\.m?jsx?$/.test(file)) continue;
    const error = await code.parse(file).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    const place = placeIn(code, error);
    if (place !== undefined) return { ...place, says: sentenceOf(error) };
  }
  return undefined;
}

function sentenceOf(error: unknown): string {
  const says = (isOrchError(error) ? error.says : messageOf(error)).trim().replaceAll("\n", " ");
  return /[.!?]$/.test(says) ? says : `${says}.`;
}
