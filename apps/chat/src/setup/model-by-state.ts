/** A model that is another one in single states. */
import type { Model } from "@orch/agents";
import type { LayeredConfig } from "../config/layers.ts";
import { type StateModelNames, stateOf } from "../sessions/state-models.ts";

/** The models that the configuration names for states of an orchestration. */
export function stateModelNames(
  { config }: Pick<LayeredConfig, "config">,
  orchestration: string,
): StateModelNames {
  const { orchestrations = {} } = config;
  const entry = Object.hasOwn(orchestrations, orchestration) ? orchestrations[orchestration] : undefined;
  const named = Object.entries(entry?.states ?? {}).flatMap(([state, { model }]) =>
    model === undefined ? [] : [[state, model] as const],
  );
  return Object.fromEntries(named);
}

/** `general`, and in the states of `byState` another one. */
export function modelByState(general: Model, byState: ReadonlyMap<string, Model>): Model {
  if (byState.size === 0) return general;
  const states = [...byState.keys()];
  return {
    ...general,
    inState: (path) => {
      const state = stateOf(path, states);
      return state === undefined ? undefined : byState.get(state);
    },
  };
}
