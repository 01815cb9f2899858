import { all, each, orchestration, runnable } from "@orch/core";

interface Input {
  readonly items: readonly string[];
}

// The items are processed side by side, at most four at a time; results come in the order of the items.
const process = runnable("process", async (item: string) => item.toUpperCase());
const processAll = each("processAll", process, { concurrency: 4 });

// Two different things side by side on one input. A condition may leave a branch out; its result is then absent.
const count = runnable("count", (items: readonly string[]) => items.length);
const proofread = runnable("proofread", (items: readonly string[]) => items.every((item) => item !== ""));
const check = all("check", { count, proofread }, { when: { proofread: (items) => items.length > 1 } });

const split = runnable("split", (input: Input) => input.items);
const close = runnable("close", (found: { readonly count: number; readonly proofread?: boolean }) => found);
const flow = orchestration("parallel", (o) =>
  o.start(split).advance(split, processAll).advance(processAll, check).advance(check, close).finish(close),
);

console.log(await flow.run({ items: ["tides", "wind"] }));
console.log(await flow.run({ items: ["tides"] }));

// Left alone, a failed branch ends the fan-out. With `settled` its failure is a result like any other.
const pick = runnable("pick", (item: string) => {
  if (item === "") throw new RangeError("empty");
  return item;
});
const pickAll = each("pickAll", pick, { settled: true });
const settled = orchestration("settled", (o) => o.start(pickAll).finish(pickAll));
for (const result of await settled.run(["tides", ""])) {
  console.log(result.status, result.status === "completed" ? result.value : result.error.message);
}
