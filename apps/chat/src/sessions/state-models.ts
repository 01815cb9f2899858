/** Which states have a model of their own: by the configuration, and by who sits before the chat. */

/** Models by state, as `provider/model`. */
export interface StateModelNames {
  readonly [state: string]: string;
}

/** The states of a path without the orchestration, visits and branches: `searchAll/search`. */
export function placeOf(path: string): string {
  return stepsOf(path).join("/");
}

function stepsOf(path: string): readonly string[] {
  const steps = path.split("/").slice(1);
  return steps.map((step) => step.replace(/(?:#\d+)?(?:\[[^\]]*\])*$/, ""));
}

/**
 * The state among `states` that an activation is in: the innermost one that the path leads through. `search` is a state of that name wherever it stands,
 * `searchAll/search` only the one inside of `searchAll`.
 */
export function stateOf(path: string, states: readonly string[]): string | undefined {
  const place = `/${placeOf(path)}/`;
  let best: string | undefined;
  let deepest = -1;
  for (const state of states) {
    const at = place.lastIndexOf(`/${state}/`);
    const end = at < 0 ? -1 : at + state.length;
    if (end < 0 || end < deepest || (end === deepest && state.length <= (best ?? "").length)) continue;
    best = state;
    deepest = end;
  }
  return best;
}

/** The models of the states of each orchestration: those of the configuration, and those that were chosen since. */
export class StateModels {
  readonly #base: (orchestration: string) => StateModelNames;
  readonly #chosen = new Map<string, StateModelNames>();

  constructor(base: (orchestration: string) => StateModelNames) {
    this.#base = base;
  }

  /** What holds for an orchestration. */
  of(orchestration: string): StateModelNames {
    return { ...this.#base(orchestration), ...this.#chosen.get(orchestration) };
  }

  /** What would hold if a model were chosen for a state; `undefined` takes the choice back, and the configuration holds again. */
  with(orchestration: string, state: string, model: string | undefined): StateModelNames {
    return { ...this.#base(orchestration), ...this.#changed(orchestration, state, model) };
  }

  /** Chooses, or takes a choice back. */
  choose(orchestration: string, state: string, model: string | undefined): void {
    this.#chosen.set(orchestration, this.#changed(orchestration, state, model));
  }

  #changed(orchestration: string, state: string, model: string | undefined): StateModelNames {
    const { [state]: _, ...rest } = this.#chosen.get(orchestration) ?? {};
    return model === undefined ? rest : { ...rest, [state]: model };
  }
}
