/** A name that a door exports. */
export interface DeclaredName {
  readonly name: string;
  readonly kind: "function" | "class" | "const" | "interface" | "type";
  /** The declarations as they are published, with the comments of their members; several where a function has overloads. */
  readonly declarations: readonly string[];
  /** The comment before it, as it stands in the source. */
  readonly comment: string;
  /** The source, as a path from the root of the repository. */
  readonly path: string;
}

/** Whether a name is there at run time. */
export function isValue({ kind }: DeclaredName): boolean {
  return kind === "function" || kind === "class" || kind === "const";
}
