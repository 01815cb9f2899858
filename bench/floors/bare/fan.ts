/** The floor: `Promise.all` over the functions. */
import type { Subject } from "../../subject.ts";
import { addLater, numbers } from "../../work.ts";

/** Branches side by side, summed. */
export const fanOut: Subject = ({ size }) => {
  const inputs = numbers(size);
  return {
    run: async () => {
      const outputs = await Promise.all(inputs.map((input) => addLater(input)));
      return outputs.reduce((sum, output) => sum + output, 0);
    },
  };
};

/** Pipelines side by side. */
export const many: Subject = ({ size }) => {
  const pipeline = async (): Promise<number> => {
    let value = 0;
    for (let state = 0; state < 5; state++) value = await addLater(value);
    return value;
  };
  return {
    run: async () => {
      const outputs = await Promise.all(numbers(size).map(pipeline));
      return outputs.reduce((sum, output) => sum + output, 0);
    },
  };
};
