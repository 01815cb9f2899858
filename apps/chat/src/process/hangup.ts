/** How a program hears that its terminal is gone, also where no signal says so: a signal goes to the shell that started it. */

/** What a stream of a terminal that is gone says of itself. */
const GONE = new Set(["EIO", "ENXIO", "EPIPE", "ENOTTY"]);

/** What a shell says of a program that ended with its terminal. */
export const HANGUP_CODE = 129;

/** Whether a stream of a terminal failed because the terminal is gone. */
export function isHangup({ code = "" }: NodeJS.ErrnoException): boolean {
  return GONE.has(code);
}

/**
 * Calls `fire` when a terminal that is read and written is gone; gives the way to stop. From now on an error of the
 * keyboard ends nothing by itself: setting the modes of a terminal that is gone is one.
 */
export function onHangup(
  { stdin, stdout }: { readonly stdin: NodeJS.ReadStream; readonly stdout: NodeJS.WriteStream },
  fire: () => void,
): () => void {
  let over = false;
  const gone = (): void => {
    if (!over) fire();
    over = true;
  };
  const failed = (error: NodeJS.ErrnoException): void => {
    if (isHangup(error)) gone();
  };
  // In raw mode no key ends the input.
  const ended = (): void => {
    if (stdin.isRaw) gone();
  };
  stdin.on("end", ended);
  stdin.on("error", failed);
  stdout.on("error", failed);
  return () => {
    over = true;
    stdin.off("end", ended);
    stdout.off("error", failed);
  };
}

/** A further signal that the terminal is gone, which says nothing new. */
const heard = (): void => undefined;

/**
 * Calls `fire`, and lets no further signal of the same hangup end the process: the kernel and the program of the terminal
 * may each send one, and what was told of the first is ending, and listens no more.
 */
export function oneHangup(process: Pick<NodeJS.Process, "on" | "off">, fire: () => void): () => void {
  return () => {
    process.off("SIGHUP", heard);
    process.on("SIGHUP", heard);
    fire();
  };
}
