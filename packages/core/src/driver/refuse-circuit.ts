import { OptionError } from "../errors/option-error.ts";
import type { MachineNode } from "../kernel/machine-frame.ts";
import { nodeOf } from "../kernel/node.ts";
import type { AnyRunnable } from "../words/runnable.ts";

/** @throws OptionError (`ORCH_OPTION`) when the definition has a circuit, which hosts outside of this package do not keep. */
export function refuseCircuit(runnable: AnyRunnable): void {
  const node = nodeOf(runnable) as MachineNode | undefined;
  if (node?.circuit === undefined) return;
  throw new OptionError(
    `onTerminal of "${runnable.id}"`,
    "circuit",
    "a circuit to runs in memory or on a durable host",
  );
}
