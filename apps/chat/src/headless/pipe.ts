/** Writes to a stream of the process, waits until all of it is out, and bears a reader that left. */

/** One output stream. */
export interface Pipe {
  /** Whether a person reads it. */
  readonly isTTY: boolean;
  readonly write: (text: string) => void;
  /** Resolves when everything is written, or nobody reads any more. */
  readonly drained: () => Promise<void>;
  /** Resolves when the reader went away. */
  readonly closed: Promise<void>;
}

/** Opens `stream` for writing. An error of it, like EPIPE, counts as a reader that left. */
export function openPipe(stream: NodeJS.WriteStream): Pipe {
  let open = true;
  let last: Promise<void> = Promise.resolve();
  const gone = Promise.withResolvers<void>();
  stream.on("error", () => {
    open = false;
    gone.resolve();
  });
  return {
    isTTY: stream.isTTY === true,
    closed: gone.promise,
    write: (text) => {
      if (!open) return;
      const written = new Promise<void>((resolve) => {
        stream.write(text, () => resolve());
      });
      last = Promise.all([last, Promise.race([written, gone.promise])]).then(() => {});
    },
    drained: () => last,
  };
}
