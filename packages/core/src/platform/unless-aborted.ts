/**
 * Waits for what `begin` begins, which may give a way to take it back. Rejects with the
 * signal's reason when that is aborted first. The signal is left without a listener.
 */
export function unlessAborted<TValue = void>(
  signal: AbortSignal,
  begin: (resolve: (value: TValue) => void, reject: (error: unknown) => void) => (() => void) | undefined,
): Promise<TValue> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) throw signal.reason;
    let isOver = false;
    const stop = (): void => {
      takeBack?.();
      reject(signal.reason);
    };
    const settled = (): void => {
      isOver = true;
      signal.removeEventListener("abort", stop);
    };
    const takeBack = begin(
      (value) => {
        settled();
        resolve(value);
      },
      (error) => {
        settled();
        reject(error);
      },
    );
    // What was begun may have settled at once, or have aborted the signal.
    if (isOver) return;
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}
