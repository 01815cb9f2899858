import { OptionError } from "../errors/option-error.ts";
import type { FanNode } from "../kernel/fan-frame.ts";
import type { MachineNode } from "../kernel/machine-frame.ts";
import { nodeOf } from "../kernel/node.ts";
import type { AnyRunnable } from "../words/runnable.ts";

/** @throws OptionError (`ORCH_OPTION`) when a fan-out of the definition takes items while it runs, which a host that performs attempts apart from the run cannot add. */
export function refuseItems(runnable: AnyRunnable): void {
  const node = nodeOf(runnable);
  if (node === undefined) return;
  const { grows } = node as Partial<FanNode>;
  if (grows !== undefined) {
    throw new OptionError(
      `items of "${runnable.id}"`,
      grows.name,
      "items to runs in memory or on a durable host",
    );
  }
  for (const branch of node.branches ?? []) refuseItems(branch);
  const { definition } = node as Partial<MachineNode>;
  for (const state of definition?.states ?? []) refuseItems(state.runnable.source);
}
