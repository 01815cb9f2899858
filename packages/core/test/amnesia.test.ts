import { orchestration, runnable } from "@orch/core";
import { expect, it } from "vitest";
import { forgotten } from "./amnesia-driver.ts";

it("P19: this run of the suite forgets every run after every record, or none", async () => {
  const [a, b] = ["a", "b"].map((id) => runnable(id, async (text: string) => `${text}${id}`));
  const flow = orchestration("flow", (o) => o.start(a!).advance(a!, b!).finish(b!));

  expect(await flow.run("")).toBe("ab");
  expect(forgotten.restored > 0).toBe(process.env["ORCH_AMNESIA"] !== undefined);
  if (process.env["ORCH_AMNESIA"] === undefined) expect(forgotten.times).toBe(0);
  else {
    expect(forgotten.times).toBeGreaterThanOrEqual(2);
    expect(forgotten.compared).toBeGreaterThanOrEqual(1);
  }
});
