/** How a program hears that its terminal is gone, also where no signal says so: a signal goes to the shell that started it. */

/** What a stream of a terminal that is gone says of itself. */
const GONE = new Set(["EIO", "ENXIO", "EPIPE", "ENOTTY"]);

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
    if (GONE.has(error.code ?? "")) gone();
  };
  // In raw mode no key ends the input.
  stdin.on("end", gone);
  stdin.on("error", failed);
  stdout.on("error", failed);
  return () => {
    over = true;
    stdin.off("end", gone);
    stdout.off("error", failed);
  };
}
