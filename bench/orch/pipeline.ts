/** The two shapes that most cases have, as orchestrations. */
import { type Orchestration, orchestration, type Runnable, runnable } from "@orch/core";

/** States in a row. */
export function pipelineOf<TValue>(
  id: string,
  invokes: readonly ((value: TValue) => Promise<TValue>)[],
): Orchestration<TValue, TValue> {
  const states = invokes.map((invoke, index) =>
    runnable<TValue, TValue>({ id: `state${index}`, invoke }),
  ) as readonly Runnable<TValue, TValue>[];
  return orchestration<TValue, TValue>(id, (o) => {
    const draft = o.start(states[0]!);
    for (let index = 1; index < states.length; index++) draft.advance(states[index - 1]!, states[index]!);
    return draft.finish(states.at(-1)!);
  });
}

/** Two states that lead to each other while `goesOn`. */
export function circleOf<TValue>(
  id: string,
  ping: Runnable<TValue, TValue>,
  pong: Runnable<TValue, TValue>,
  goesOn: (value: TValue) => boolean,
): Orchestration<TValue, TValue> {
  return orchestration<TValue, TValue>(
    id,
    (o) =>
      o
        .start(ping)
        .advance(ping, pong, { when: goesOn })
        .advance(pong, ping, { when: goesOn })
        .finish(ping, pong),
    { maxSteps: 1_000_000 },
  );
}
