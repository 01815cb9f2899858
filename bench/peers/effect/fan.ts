/** Effect: `forEach` without a bound, and many fibers. */
import { Effect } from "effect";
import type { Subject } from "../../subject.ts";
import { addLater, numbers } from "../../work.ts";

/** Branches side by side. */
export const fanOut: Subject = ({ size }) => {
  const inputs = numbers(size);
  const program = Effect.forEach(inputs, (input) => Effect.promise(() => addLater(input)), {
    concurrency: "unbounded",
  });
  return {
    run: async () => (await Effect.runPromise(program)).reduce((sum, output) => sum + output, 0),
  };
};

/** Runs side by side. */
export const many: Subject = ({ size }) => {
  const pipeline = Effect.gen(function* () {
    let value = 0;
    for (let state = 0; state < 5; state++) {
      const input = value;
      value = yield* Effect.promise(() => addLater(input));
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
