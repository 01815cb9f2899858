/** Machines by hand, side by side. */
import type { Subject } from "../../subject.ts";
import { addLater, numbers } from "../../work.ts";
import { drive, row } from "./machine.ts";

/** Branches side by side, each a machine of one state. */
export const fanOut: Subject = ({ size }) => {
  const branch = row([addLater]);
  const inputs = numbers(size);
  return {
    run: async () => {
      const outputs = await Promise.all(inputs.map((input) => drive(branch, input)));
      return outputs.reduce((sum, output) => sum + output, 0);
    },
  };
};

/** Machines of five states. */
export const many: Subject = ({ size }) => {
  const states = row(Array.from({ length: 5 }, () => addLater));
  return {
    run: async () => {
      const outputs = await Promise.all(numbers(size).map(() => drive(states, 0)));
      return outputs.reduce((sum, output) => sum + output, 0);
    },
  };
};
