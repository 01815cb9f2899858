/** Effect: fibers that wait in the middle. */
import { Effect } from "effect";
import type { Subject } from "../../subject.ts";
import { adders, numbers } from "../../work.ts";

/** Fibers held in their third state. */
export const memory: Subject = ({ size, tick, gate }) => {
  const states = adders(5);
  const pipeline = Effect.gen(function* () {
    let value = 0;
    for (const [index, state] of states.entries()) {
      const input = value;
      value = yield* Effect.promise(async () => {
        if (index === 2) {
          tick();
          await gate();
        }
        return state(input);
      });
    }
    return value;
  });
  return {
    run: async () => {
      const outputs = await Promise.all(numbers(size).map(() => Effect.runPromise(pipeline)));
      return outputs.reduce((sum, output) => sum + output, 0);
    },
  };
};
