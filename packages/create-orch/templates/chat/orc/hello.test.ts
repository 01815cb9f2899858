import { edgeCoverage } from "@orch/testing";
import { afterAll, expect, it } from "vitest";
import { hello } from "./hello.ts";

const coverage = edgeCoverage(hello);
hello.on("state.transition", coverage.hear);

it("greets by name", async () => {
  expect(await hello.run(" Ada ")).toBe("Hello, Ada!");
});

it("asks for a name that is not there", async () => {
  expect(await hello.run("")).toBe("Hello! What is your name?");
});

// Every way of the machine was taken by some test above.
afterAll(() => expect(coverage.missing(), coverage.text()).toEqual([]));
