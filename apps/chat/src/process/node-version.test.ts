import { expect, it } from "vitest";
import { nodeProblem } from "./node-version.ts";

it.each(["v22.18.0", "v22.20.1", "v24.0.0", "v26.1.0"])("Node %s is new enough", (version) => {
  expect(nodeProblem(version)).toBeUndefined();
});

it.each(["v18.20.0", "v20.20.2", "v22.17.9"])("Node %s is told to be too old", (version) => {
  expect(nodeProblem(version)).toContain(`this is ${version}`);
});
