import { orchestration, runnable } from "@orch/core";
import { expect, it } from "vitest";
import { restateWorker, workerWith } from "./restate-worker.ts";
import { loadSdk } from "./sdk.ts";

const shout = runnable("shout", (text: string) => text.toUpperCase());
const flow = orchestration("flow", (o) => o.start(shout).finish(shout));

it("refuses a Node on which a call to the SDK would hang", async () => {
  await expect(loadSdk({ node: "20.19.0" })).rejects.toMatchObject({
    code: "ORCH_RESTATE_PLATFORM",
    facts: { problem: "node", node: "20.19.0" },
    message: expect.stringContaining("needs Node 22 or newer; this is 20.19.0"),
  });
});

it("says how to install an SDK that is missing or does not fit", async () => {
  const load = (): Promise<never> => Promise.reject(new TypeError("Cannot find package"));
  await expect(workerWith({ flows: [flow], port: 0 }, { load }).listen()).rejects.toMatchObject({
    facts: { problem: "missing" },
    message: expect.stringContaining("npm install @restatedev/restate-sdk"),
  });
  await expect(loadSdk({ load: async () => ({ service: () => {} }) })).rejects.toMatchObject({
    facts: { problem: "version", lacks: expect.arrayContaining(["RestatePromise"]) },
  });
});

it("rejects when its port is taken, and listens on the loopback by default", async () => {
  const one = restateWorker({ flows: [flow], port: 0 });
  const { url } = await one.listen();
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const other = restateWorker({ flows: [flow], port: Number(new URL(url).port) });
  await expect(other.listen()).rejects.toMatchObject({ code: "EADDRINUSE" });
  await one.close();
});
