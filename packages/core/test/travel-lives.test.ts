import fc from "fast-check";
import { describe, it } from "vitest";
import { budget, figure } from "../../../scripts/lanes.ts";
import { repeatableFlows } from "./random-flows.ts";
import { travelled } from "./reference-interpreter.ts";
import { equal, isSame, straight } from "./travel-case.ts";

const GRAPHS = budget("travelledGraphs");

const inputs = fc.integer({ min: 0, max: 96 });

const pathsOf = (told: readonly { readonly path: string }[]): string[] =>
  [...new Set(told.map(({ path }) => path))].filter((path) => path !== "root").toSorted();

describe("one life, same values", () => {
  it("a run that is suspended and resumed at every event of random graphs goes as one that is not", async () => {
    const counts = { graphs: 0, suspensions: 0 };
    await fc.assert(
      fc.asyncProperty(repeatableFlows, inputs, async (flow, input) => {
        const one = await straight(flow, input);
        if (one === undefined) return;
        counts.graphs += 1;
        const { world, told } = one;
        for (let seq = 1; seq < told.events.length; seq += 1) {
          isSame(await world.run(`suspended-${seq}`, seq), told, `suspended at event ${seq}`);
          counts.suspensions += 1;
        }
      }),
      { numRuns: GRAPHS },
    );
    const { graphs, suspensions } = counts;
    figure(
      `${suspensions} suspensions, at every event of ${graphs} of ${GRAPHS} random graphs: 0 wrong values, edges or event numbers`,
    );
  });

  it("a run that failed at any leaf of random graphs, and is retried, goes on as if the leaf began then", async () => {
    const counts = { graphs: 0, retries: 0 };
    await fc.assert(
      fc.asyncProperty(repeatableFlows, inputs, async (flow, input) => {
        const one = await straight(flow, input);
        if (one === undefined) return;
        counts.graphs += 1;
        for (const { path } of one.marks.filter(({ what }) => what === "started runnable")) {
          const retried = await one.world.retry(`retried-${path}`, path);
          if (retried === undefined) continue;
          counts.retries += 1;
          const { at, outcome, events } = retried;
          const about = `retried at ${path}`;
          const numbers = events.map(({ seq }) => String(seq));
          equal(
            numbers,
            events.map((_, index) => String(index + 1)),
            about,
          );
          const expected = travelled(flow, input, { path, at });
          if (expected === undefined) continue;
          const value = expected.outcome.ok ? expected.outcome.value : expected.outcome.code;
          equal([`${outcome} at ${events.at(-1)!.time}`], [`${value} at ${expected.end}`], about);
          // What both lives began is what a run begins that goes there.
          const began = events.filter(({ type }) => type === "state.started");
          const begins = expected.marks.filter(({ what }) => what.startsWith("started"));
          equal(pathsOf(began), pathsOf(begins), about);
        }
      }),
      { numRuns: GRAPHS },
    );
    const { graphs, retries } = counts;
    figure(
      `${retries} retries, at every plain state of ${graphs} of ${GRAPHS} random graphs: 0 wrong values, edges or event numbers`,
    );
  });
});
