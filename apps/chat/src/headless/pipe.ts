/** Writes to a stream of the process, waits until all of it is out, and bears a reader that left. */

import type { SafeText } from "../terminal/safe-text.ts";

/** One output stream. */
export interface Pipe {
  /** Whether a person reads it. */
  readonly isTTY: boolean;
  /** Takes cleaned text only. */
  readonly write: (text: SafeText) => void;
  /** Resolves when everything is written, or the reader is gone. */
  readonly drained: () => Promise<void>;
  /** Resolves when the stream has closed or failed. */
  readonly closed: Promise<void>;
  /** The error code of a failed stream, like `ENOSPC`; `undefined` when the reader just left. */
  readonly failure: () => string | undefined;
}

/** Opens `stream` for writing. A reader that leaves (EPIPE) is no failure; a full disk is. */
export function openPipe(stream: NodeJS.WriteStream): Pipe {
  let open = true;
  let failure: string | undefined;
  let last: Promise<void> = Promise.resolve();
  const gone = Promise.withResolvers<void>();
  stream.on("error", (error: NodeJS.ErrnoException) => {
    open = false;
    if (error.code !== "EPIPE" && error.code !== "ERR_STREAM_DESTROYED")
      failure ??= error.code ?? error.message;
    gone.resolve();
  });
  return {
    isTTY: stream.isTTY === true,
    closed: gone.promise,
    failure: () => failure,
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
