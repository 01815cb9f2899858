/** States that are made on the way: of what an advancer gave, and again of what was kept of that. */
import { FatalError } from "../errors/fatal-error.ts";
import { calledAs, type Made, readAs } from "../kernel/compiled.ts";
import type { Maker, StateRecord } from "../kernel/definition.ts";
import { nodeOf } from "../kernel/node.ts";
import { isSame } from "../platform/is-same.ts";
import type { AnyRunnable } from "../words/runnable.ts";
import { soundRunnable } from "./sound-runnable.ts";

/** A state that was made, as its blueprint reads it. */
interface MadeOf {
  /** What it was made from. */
  readonly data: unknown;
  /** What runs. */
  readonly runnable: AnyRunnable;
}

/** How the states of one blueprint are made. */
interface Making {
  /** Reads a state; `undefined` for what was not made here. */
  readonly read: (given: unknown) => MadeOf | undefined;
  /** Makes a state from its data. `form` is what is inside it, where that was kept. */
  readonly make: (data: unknown, form: unknown) => unknown;
}

/** What the engine makes the states of a blueprint with. */
export function makerOf({ read, make }: Making): Maker {
  return {
    made: (state, given) => {
      const of = read(given);
      if (of === undefined) return undefined;
      const { data, runnable } = of;
      return stateOf(state, runnable, nodeOf(runnable) === undefined ? { data } : { data, inside: runnable });
    },
    again: (state, made) => {
      const refuse = (says: string, cause?: unknown): FatalError => {
        const fix = "Let it be made from one object with its own fields, and keep what it needs in fields.";
        return new FatalError(`"${state.id}" cannot be made again from its data: ${says}`, { fix, cause });
      };
      let given: unknown;
      try {
        given = make(made.data, made.form);
      } catch (cause) {
        throw refuse("it threw.", cause);
      }
      const of = read(given);
      if (of !== undefined && !isSame(of.data, made.data)) throw refuse("its fields are others then.");
      return stateOf(state, of?.runnable ?? given, made);
    },
    problems: function* ({ id, runnable: { source } }, edges, start) {
      const isPlain = edges.some(({ targets, choose }) => choose === undefined && targets.includes(source));
      if (!isPlain && start !== source) return;
      yield `"${id}" is made on the way, and nothing makes it here: lead to it by an advancer class whose getNextRunnable gives one.`;
    },
  };
}

function stateOf(state: StateRecord, given: unknown, made: Made): StateRecord {
  const { id, runnable } = state;
  const sound = soundRunnable(given, `The blueprint "${id}" gave`);
  const read = readAs(sound, runnable.errors, runnable.lends || sound.rerun !== undefined);
  return { ...state, runnable: { ...calledAs(read, id), made: { ...made, by: runnable.source } } };
}
