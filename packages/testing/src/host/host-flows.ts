/** Flows of every kind, for the suite of hosts. */
import { failureFlows } from "./failure-flows.ts";
import { growingFlows } from "./growing-flows.ts";
import type { HostFlow } from "./host-flow.ts";
import { madeFlows } from "./made-flows.ts";
import { questionFlows } from "./question-flows.ts";
import { signalFlows } from "./signal-flows.ts";
import { stateFlows } from "./state-flows.ts";

export type { HostFlow } from "./host-flow.ts";

/** The flows. */
export const hostFlows: readonly HostFlow[] = [
  ...stateFlows,
  ...madeFlows,
  ...failureFlows,
  ...questionFlows,
  ...signalFlows,
  ...growingFlows,
];
