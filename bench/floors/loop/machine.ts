/** A state machine as one writes it by hand: records, a `while`, an edge to the next state. */

/** A state and where it leads: the number of the next state, or -1 at the end. */
export interface State<TValue> {
  readonly id: string;
  readonly invoke: (value: TValue) => TValue | Promise<TValue>;
  readonly next: (value: TValue) => number;
}

/** What happened, for the listener. */
export interface Happening {
  readonly type: "started" | "completed" | "moved";
  readonly seq: number;
  readonly time: number;
  readonly state: string;
  readonly value: unknown;
}

/** Runs to the end; `journal` is told of each step before the next one starts. */
export async function drive<TValue>(
  states: readonly State<TValue>[],
  input: TValue,
  options: {
    readonly listener?: (happening: Happening) => void;
    readonly journal?: (seq: number, state: string, value: TValue) => void;
    readonly from?: { readonly state: number; readonly seq: number };
  } = {},
): Promise<TValue> {
  const { listener, journal } = options;
  let value = input;
  let current = options.from?.state ?? 0;
  let step = options.from?.seq ?? 0;
  let seq = 0;
  while (current !== -1) {
    const state = states[current]!;
    const { id } = state;
    listener?.({ type: "started", seq: ++seq, time: Date.now(), state: id, value });
    const result = state.invoke(value);
    value = result instanceof Promise ? await result : result;
    step += 1;
    journal?.(step, id, value);
    listener?.({ type: "completed", seq: ++seq, time: Date.now(), state: id, value });
    current = state.next(value);
    if (current !== -1)
      listener?.({ type: "moved", seq: ++seq, time: Date.now(), state: states[current]!.id, value });
  }
  return value;
}

/** States in a row. */
export function row<TValue>(invokes: readonly State<TValue>["invoke"][]): readonly State<TValue>[] {
  const last = invokes.length - 1;
  return invokes.map((invoke, index) => ({
    id: `state${index}`,
    invoke,
    next: () => (index === last ? -1 : index + 1),
  }));
}
