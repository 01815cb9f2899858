/** How the chat starts other programs. */
export interface Programs {
  /**
   * Runs a program on the terminal of this one, and gives its exit code; `undefined` where it could not be started or a
   * signal ended it.
   */
  readonly attend: (program: string, args: readonly string[]) => Promise<number | undefined>;
  /** What a program writes to its standard output; `undefined` where it fails or cannot be started. */
  readonly read: (program: string, args: readonly string[], folder: string) => Promise<string | undefined>;
}
