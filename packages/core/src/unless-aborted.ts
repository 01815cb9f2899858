/**
 * Waits for what `begin` begins, which gives a way to take it back; rejects with the signal's reason
 * when that is aborted first. The signal is left without a listener.
 */
export function unlessAborted<TValue = void>(
  signal: AbortSignal,
  begin: (resolve: (value: TValue) => void) => () => void,
): Promise<TValue> {
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      takeBack();
      reject(signal.reason);
    };
    const takeBack = begin((value) => {
      signal.removeEventListener("abort", stop);
      resolve(value);
    });
    signal.addEventListener("abort", stop, { once: true });
  });
}
