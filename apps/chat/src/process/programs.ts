/** How the chat starts other programs. */
export interface Programs {
  /**
   * Runs a program on the terminal of this one, and gives its exit code; `undefined` where it could not be started or a
   * signal ended it.
   */
  readonly attend: (program: string, args: readonly string[]) => Promise<number | undefined>;
  /**
   * Ends what {@link attend} runs, as a terminal does that is closed: an editor keeps what it can. Resolves when it has ended, or
   * takes longer than a second.
   */
  readonly hangUp: () => Promise<void>;
  /** What a program writes to its standard output; `undefined` where it fails or cannot be started. */
  readonly read: (program: string, args: readonly string[], folder: string) => Promise<string | undefined>;
}
