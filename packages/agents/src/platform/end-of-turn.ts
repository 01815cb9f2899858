/** Calls `act` after every task that is ready in this process has run; at once where the platform has no such moment. */
export function endOfTurn(act: () => void): void {
  const { setImmediate } = globalThis as { readonly setImmediate?: (act: () => void) => unknown };
  if (setImmediate === undefined) act();
  else setImmediate(act);
}
