import { edgeCoverage, scriptedModel } from "@orch/testing";
import { afterAll, expect, it } from "vitest";
import { research } from "./research.ts";

// A model that says what the test tells it to: no key, no network, no waiting.
const model = scriptedModel(["Three minutes.", "Not above 2,000 metres."]);
const flow = research({ model, root: import.meta.dirname });
const coverage = edgeCoverage(flow);
flow.on("state.transition", coverage.hear);

it("reports what each search found", async () => {
  expect(await flow.run("How long does the kettle take?")).toBe("Three minutes.\n\nNot above 2,000 metres.");
});

it("asks for exceptions too", () => {
  expect(model.requests.map(({ messages }) => JSON.stringify(messages).includes("exceptions"))).toEqual([
    false,
    true,
  ]);
});

// Every way of the machine was taken by some test above.
afterAll(() => expect(coverage.missing(), coverage.text()).toEqual([]));
