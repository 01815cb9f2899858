import { orchestration, runnable } from "@orch/core/small";

const first = runnable("first", async (value: number) => value + 1);
const second = runnable("second", async (value: number) => value * 2);
const flow = orchestration("flow", (o) => o.start(first).advance(first, second).finish(second));
console.log(await flow.run(1));
