/** The floor: async functions that wait in the middle. */
import type { Subject } from "../../subject.ts";
import { adders, numbers } from "../../work.ts";

/** Pipelines held in their third state. */
export const memory: Subject = ({ size, tick, gate }) => {
  const [first, second, third, fourth, fifth] = adders(5);
  const pipeline = async (): Promise<number> => {
    const half = await second!(await first!(0));
    tick();
    await gate();
    return fifth!(await fourth!(await third!(half)));
  };
  return {
    run: async () => {
      const outputs = await Promise.all(numbers(size).map(pipeline));
      return outputs.reduce((sum, output) => sum + output, 0);
    },
  };
};
