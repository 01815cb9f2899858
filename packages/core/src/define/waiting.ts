import type { Activation } from "../kernel/activation.ts";
import { closedBy } from "../kernel/closed-by.ts";
import type { WaitNode } from "../kernel/node.ts";
import type { Waits } from "../kernel/waits.ts";

/** Makes a wait from the function that begins it. The wait lasts until it ends or its signal is aborted. */
export function waiting(begin: WaitNode["wait"]): WaitNode["wait"] {
  return (operation: Activation, waits: Waits): void => {
    // It may have ended before its host could begin it.
    if (operation.over) return;
    const { signal, path } = operation;
    const fail = (error: unknown): void => waits.deliver({ kind: "failed", operation, error });
    const stop = (): void => {
      waits.withdraw(path, closedBy(operation));
      fail(signal.reason);
    };
    try {
      begin(operation, waits);
      if (signal.aborted) stop();
      else signal.addEventListener("abort", stop, { once: true });
    } catch (error) {
      fail(error);
    }
  };
}
