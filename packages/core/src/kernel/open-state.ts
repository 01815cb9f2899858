import { OPENER, type SharedState, type StateView } from "../words/shared-state.ts";
import type { Activation } from "./activation.ts";
import type { StateValues } from "./state-values.ts";

/** The attempt that shared state is opened for. */
export interface StateUser {
  readonly operation: Activation;
  /** Throws when the attempt may write nothing more. */
  readonly admit: () => void;
}

/** Opens a declaration of shared state for one attempt. */
export type StateOpener = <TFields>(
  shared: SharedState<TFields>,
  user: StateUser,
  committed: () => StateValues | undefined,
) => StateView<TFields>;

/**
 * Opens `shared` with the opener that it carries, so that a program without shared state holds nothing of it.
 */
export const openState: StateOpener = (shared, user, committed) =>
  (shared[OPENER] as StateOpener)(shared, user, committed);
