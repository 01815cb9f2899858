/** Orch: runs that wait in the middle. */
import type { Subject } from "../subject.ts";
import { adders, numbers } from "../work.ts";
import { pipelineOf } from "./pipeline.ts";

/** Runs held in their third state. */
export const memory: Subject = ({ size, tick, gate }) => {
  const flow = pipelineOf(
    "memory",
    adders(5).map((add, index) =>
      index === 2
        ? async (value: number) => {
            tick();
            await gate();
            return add(value);
          }
        : add,
    ),
  );
  return {
    run: async () => {
      const outputs = await Promise.all(numbers(size).map(() => flow.run(0)));
      return outputs.reduce((total, output) => total + output, 0);
    },
  };
};
