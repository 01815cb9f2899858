/** Machines by hand that wait in the middle. */
import type { Subject } from "../../subject.ts";
import { adders, numbers } from "../../work.ts";
import { drive, row } from "./machine.ts";

/** Machines held in their third state. */
export const memory: Subject = ({ size, tick, gate }) => {
  const states = row<number>(
    adders(5).map((add, index) =>
      index === 2
        ? async (value) => {
            tick();
            await gate();
            return add(value);
          }
        : add,
    ),
  );
  return {
    run: async () => {
      const outputs = await Promise.all(numbers(size).map(() => drive(states, 0)));
      return outputs.reduce((sum, output) => sum + output, 0);
    },
  };
};
