/** Another thread of the program. */
export interface Thread {
  readonly send: (message: unknown) => void;
}

/** Who hears what a thread tells, and that it ended by itself. */
export interface ThreadListener {
  readonly told: (message: unknown) => void;
  readonly ended: () => void;
}

/** Starts a file of `src` as a thread. It ends with the process, which does not wait for it, and writes to no stream. */
export type StartThread = (name: "index-worker", data: unknown, listener: ThreadListener) => Thread;
