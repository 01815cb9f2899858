import { FatalError } from "../errors/fatal-error.ts";
import type { Maker } from "../kernel/definition.ts";
import type { Blueprint } from "../words/blueprint.ts";
import type { RunContext } from "../words/context.ts";
import type { AnyRunnable, Runnable } from "../words/runnable.ts";
import { makerOf } from "./made-state.ts";
import { soundRunnable } from "./sound-runnable.ts";

/** A state that a blueprint made: what runs, and the data that it was made from. */
interface MadeTicket extends Runnable<never, unknown> {
  readonly of: object;
  readonly data: unknown;
  readonly made: AnyRunnable;
}

/** One of a blueprint's states goes along an edge as a ticket, because a factory may give one runnable for many data. */
const tickets = new WeakSet<object>();

/**
 * A named factory of states that are made on the way. An advancer class has it among its `targets`, and its
 * `getNextRunnable` gives a state that it made. The definition knows the blueprint: it is drawn, edges lead on from it, and
 * all states that are made of it are called by its name. What a state was made from is kept, and makes it again in another
 * life of the run, so `make` is a pure function.
 *
 * @param make the data is JSON on a host that keeps runs.
 *
 * @example
 * ```ts
 * const coding = blueprint("coding", (config: Config) => runnable("code", (task: Task) => code(task, config.language)));
 * class Dynamic extends OrchestrationAdvancer<Config, Task> {
 *   override readonly targets = [coding, analysis];
 *   override convertOutput(config: Config) { return config.task; }
 *   override getNextRunnable(config: Config) { return config.kind === "coding" ? coding(config) : analysis; }
 * }
 * ```
 */
export function blueprint<TData, TInput, TOutput>(
  id: string,
  make: (data: TData) => Runnable<TInput, TOutput>,
): Blueprint<TData, TInput, TOutput> {
  const of = {};
  const ticketOf = (data: TData): Runnable<TInput, TOutput> => {
    const made = soundRunnable(make(data), `The blueprint "${id}" gave`) as Runnable<TInput, TOutput>;
    const invoke = (input: TInput, ctx: RunContext): TOutput | Promise<TOutput> => made.invoke(input, ctx);
    const ticket = Object.freeze({ id, invoke, of, data, made });
    tickets.add(ticket);
    return ticket;
  };
  const maker = makerOf({
    read: (given) => {
      if (!tickets.has(given as object) || (given as MadeTicket).of !== of) return undefined;
      const { data, made } = given as MadeTicket;
      return { data, runnable: made };
    },
    make: (data) => ticketOf(data as TData),
  });
  return marked(ticketOf, id, maker) as unknown as Blueprint<TData, TInput, TOutput>;
}

/** A blueprint that is read without its code: `remake` makes a state of what was kept of its inside. */
export function keptBlueprint(id: string, remake: (form: unknown) => AnyRunnable): AnyRunnable {
  return marked({}, id, makerOf({ read: () => undefined, make: (_data, form) => remake(form) }));
}

function marked(target: object, id: string, maker: Maker): AnyRunnable {
  const invoke = (): never => {
    const fix = "Lead to it by an advancer class whose getNextRunnable makes one of it.";
    throw new FatalError(`"${id}" is a blueprint of states, and no state.`, { fix });
  };
  return Object.freeze(Object.assign(target, { id, invoke, blueprint: maker }));
}
