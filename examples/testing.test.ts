// How to test an orchestration: no waiting, no model, every advancer taken, every fault once.
import { orchestration, race, runnable, sleep } from "@orch/core";
import { edgeCoverage, manualClock, seededRandom, sweep } from "@orch/testing";
import { afterAll, expect, it } from "vitest";

/** Answers from the service, or says after three seconds that it is too slow. */
function weather(call: (city: string) => Promise<string>) {
  const ask = runnable({ id: "ask", retry: { attempts: 2, firstDelay: 1_000 }, invoke: call });
  const limit = sleep<string>("limit", 3_000);
  const first = race("first", { ask, limit });
  const tell = runnable("tell", (text: string) => `Weather: ${text}`);
  const excuse = runnable("excuse", (city: string) => `No weather for ${city} now.`);
  return orchestration("weather", (o) =>
    o
      .start(first)
      .advance(first, excuse, { label: "too slow", when: (text) => !text.includes("degrees") })
      .advance(first, tell)
      .finish(tell, excuse),
  );
}

let answer: (city: string) => Promise<string> = async () => "20 degrees";
const flow = weather((city) => answer(city));
const coverage = edgeCoverage(flow);
flow.on("state.transition", coverage.hear);

it("tells the weather", async () => {
  expect(await flow.run("Oslo")).toBe("Weather: 20 degrees");
});

it("tries again after a second, give or take, and the same each time the test runs", async () => {
  const clock = manualClock();
  let calls = 0;
  answer = async () => {
    calls += 1;
    if (calls === 1) throw new RangeError("busy");
    return `${calls * 10} degrees`;
  };
  const run = flow.start("Oslo", { clock, random: seededRandom(1) });
  await clock.advance(1_000);

  expect(await run.result).toBe("Weather: 20 degrees");
});

it("gives up after three seconds", async () => {
  const clock = manualClock();
  answer = () => new Promise(() => {});
  const run = flow.start("Oslo", { clock });
  await clock.runAll();

  expect(await run.result).toBe("No weather for Oslo now.");
});

it("has an answer whatever fails", async () => {
  const report = await sweep({
    run: async (faults) => {
      answer = faults.door("service", async () => "20 degrees");
      const clock = manualClock();
      const run = flow.start("Oslo", { clock });
      await clock.runAll();
      expect(await run.result).toMatch(/^Weather|^No weather/);
    },
  });

  expect(report.failed).toEqual({ service: 2 });
});

afterAll(() => expect(coverage.missing(), coverage.text()).toEqual([]));
