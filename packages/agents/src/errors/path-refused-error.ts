import { OrchError } from "@orch/core";
import { cutText } from "../platform/cut-text.ts";

/** Why a path was refused. */
export type PathRefusal =
  | "empty"
  | "nul"
  | "too-long"
  | "home"
  | "parent"
  | "url"
  | "outside"
  | "missing"
  | "not-a-file"
  | "too-large"
  | "binary"
  | "skipped"
  | "changed"
  | "unreadable";

/** The data of a {@link PathRefusedError}. `path` is as it was asked for, cut to 200 characters. */
export interface PathRefusedFacts {
  readonly path: string;
  readonly reason: PathRefusal;
  /** In bytes. */
  readonly maxBytes?: number;
}

const SAYS: Record<PathRefusal, (facts: PathRefusedFacts) => string> = {
  empty: () => "is empty",
  nul: () => "contains a NUL character",
  "too-long": () => "is longer than a path can be",
  home: () => "starts with ~, which is not expanded here",
  parent: () => 'contains ".."',
  url: () => "is a URL, not a path",
  outside: () => "leads outside the folder",
  missing: () => "does not exist",
  "not-a-file": () => "is not a regular file",
  "too-large": (facts) => `is a file of more than ${facts.maxBytes} bytes`,
  binary: () => "is not a text file",
  skipped: () => "is left out, by .gitignore or because such files hold secrets or generated code",
  changed: () => "was replaced while it was being opened",
  unreadable: () => "cannot be read",
};

/** A path was refused by the guard for the disk. The text never tells what lies outside the folder. */
export class PathRefusedError extends OrchError<"ORCH_PATH_REFUSED", PathRefusedFacts> {
  constructor(facts: PathRefusedFacts, options?: ErrorOptions) {
    const path = facts.path.length > 200 ? `${cutText(facts.path, 200)}…` : facts.path;
    super(
      "ORCH_PATH_REFUSED",
      { ...facts, path },
      {
        says: `The path ${JSON.stringify(path)} ${SAYS[facts.reason](facts)}.`,
        fix: "Give the path of a text file relative to the folder, as list_files shows it.",
      },
      options,
    );
  }
}
