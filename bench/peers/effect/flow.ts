/** Effect: a generator of promises. */
import { Effect } from "effect";
import type { Subject } from "../../subject.ts";
import { adders, million, passers } from "../../work.ts";

/** A pipeline. */
export const linear: Subject = ({ size }) => {
  const states = adders(size);
  const program = Effect.gen(function* () {
    let value = 0;
    for (const state of states) {
      const input = value;
      value = yield* Effect.promise(() => state(input));
    }
    return value;
  });
  return { run: () => Effect.runPromise(program) };
};

/** Two functions in turn. */
export const loop: Subject = ({ size }) => {
  const [ping, pong] = adders(2);
  const program = Effect.gen(function* () {
    let value = 0;
    while (value < size) {
      const first = value;
      const second = yield* Effect.promise(() => ping!(first));
      value = yield* Effect.promise(() => pong!(second));
    }
    return value;
  });
  return { run: () => Effect.runPromise(program) };
};

/** A large text handed on. */
export const payload: Subject = ({ size }) => {
  const states = passers(size);
  const text = million();
  const program = Effect.gen(function* () {
    let value = text;
    for (const state of states) {
      const input = value;
      value = yield* Effect.promise(() => state(input));
    }
    return value.length;
  });
  return { run: () => Effect.runPromise(program) };
};
