/** Orch: branches and runs side by side. */
import { each, orchestration, runnable } from "@orch/core";
import type { Subject } from "../subject.ts";
import { addLater, numbers } from "../work.ts";
import { pipelineOf } from "./pipeline.ts";

/** Branches side by side. */
export const fanOut: Subject = ({ size }) => {
  const branch = runnable("branch", addLater);
  const branches = each("branches", branch, { concurrency: size });
  const sum = runnable("sum", (outputs: readonly number[]) =>
    outputs.reduce((total, output) => total + output, 0),
  );
  const flow = orchestration("fanOut", (o) => o.start(branches).advance(branches, sum).finish(sum));
  const inputs = numbers(size);
  return { run: () => flow.run(inputs) };
};

/** Runs side by side. */
export const many: Subject = ({ size }) => {
  const flow = pipelineOf(
    "many",
    Array.from({ length: 5 }, () => addLater),
  );
  return {
    run: async () => {
      const outputs = await Promise.all(numbers(size).map(() => flow.run(0)));
      return outputs.reduce((total, output) => total + output, 0);
    },
  };
};
