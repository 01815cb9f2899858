import { OPENER, type SharedState, type StateView } from "../words/shared-state.ts";
import type { Activation } from "./activation.ts";
import type { StateValues } from "./state-values.ts";

/** Opens a declaration of shared state for one invocation. What is written without an operation is lost. */
export type StateOpener = <TFields>(
  shared: SharedState<TFields>,
  operation: Activation | undefined,
  committed: () => StateValues | undefined,
) => StateView<TFields>;

/**
 * Opens `shared` with the opener that it carries, so that a program without shared state holds nothing of it.
 */
export const openState: StateOpener = (shared, operation, committed) =>
  (shared[OPENER] as StateOpener)(shared, operation, committed);
