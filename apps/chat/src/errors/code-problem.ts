/** One thing that is wrong with code of the user's own, and where. */
export interface CodeProblem {
  readonly file: string;
  /** From 1. Absent where the place is not known. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
  /** What is wrong, as a sentence. */
  readonly says: string;
}

/** A problem as one line that editors and terminals take for a link. */
export function problemLine({ file, line, column, says }: CodeProblem): string {
  return `${[file, line, column].filter((part) => part !== undefined).join(":")}: ${says}`;
}
