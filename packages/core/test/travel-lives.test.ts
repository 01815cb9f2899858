import type { OrchestrationEvent } from "@orch/core";
import fc from "fast-check";
import { describe, it } from "vitest";
import { figure } from "../../../scripts/lanes.ts";
import { repeatableFlows } from "./random-flows.ts";
import { type Outcome, travelled } from "./reference-interpreter.ts";
import { drawsOf, equal, isSame, PARTS, straight } from "./travel-case.ts";
import { isWithin } from "./travel-world.ts";

const inputs = fc.integer({ min: 0, max: 96 });

/** Whether a retry began again what had failed beside the state that failed the run. */
function hasReopened(events: readonly OrchestrationEvent[], path: string): boolean {
  const retried = events.findIndex(({ type }) => type === "run.retried");
  const begun = new Set(
    events.slice(retried).map((event) => (event.type === "state.started" ? event.path : "")),
  );
  return events
    .slice(0, retried)
    .some(
      (event) =>
        event.type === "state.failed" &&
        !event.cancelled &&
        !isWithin(path, event.path) &&
        begun.has(event.path),
    );
}

const numberFrom = (outcome: Outcome): number => (outcome.ok ? outcome.value : Number.NaN);

const pathsOf = (told: readonly { readonly path: string }[]): string[] =>
  [...new Set(told.map(({ path }) => path))].filter((path) => path !== "root").toSorted();

const suspensions = { parts: 0, count: 0 };
const retries = { parts: 0, count: 0 };

describe("P11: one life, same values", () => {
  it.each(PARTS)(
    "a run that is suspended and resumed at every event of random graphs goes as one that is not, part %i",
    async (part) => {
      await fc.assert(
        fc.asyncProperty(repeatableFlows, inputs, async (flow, input) => {
          const one = await straight(flow, input);
          const { world, told } = one;
          for (let seq = 1; seq < told.events.length; seq += 1) {
            isSame(await world.run(`suspended-${seq}`, seq), told, `suspended at event ${seq}`);
            suspensions.count += 1;
          }
        }),
        drawsOf(part),
      );
      suspensions.parts += 1;
      if (suspensions.parts < PARTS.length) return;
      figure(
        `${suspensions.count} suspensions, at every event of ${PARTS.length * drawsOf(part).numRuns} random graphs: 0 wrong values, edges or event numbers`,
      );
    },
  );

  it.each(PARTS)(
    "a run that failed at any leaf of random graphs, and is retried, goes on as if the leaf began then, part %i",
    async (part) => {
      await fc.assert(
        fc.asyncProperty(repeatableFlows, inputs, async (flow, input) => {
          const one = await straight(flow, input);
          for (const { path } of one.states.filter(({ what }) => what === "started runnable")) {
            const retried = await one.world.retry(`retried-${path}`, path);
            if (retried === undefined) continue;
            retries.count += 1;
            const { at, failed, outcome, events } = retried;
            const about = `retried at ${path}`;
            const numbers = events.map(({ seq }) => String(seq));
            equal(
              numbers,
              events.map((_, index) => String(index + 1)),
              about,
            );
            const expected = travelled(flow, input, { path, at, failed });
            if (expected === undefined) continue;
            if (hasReopened(events, path)) {
              // Other branches that had failed begin again too, and fail again: later, and with what they write.
              equal([String(Number(outcome) % 97)], [String(numberFrom(expected.outcome) % 97)], about);
              continue;
            }
            const value = expected.outcome.ok ? expected.outcome.value : expected.outcome.code;
            equal([`${outcome} at ${events.at(-1)!.time}`], [`${value} at ${expected.end}`], about);
            // What both lives began is what a run begins that goes there.
            const began = events.filter(({ type }) => type === "state.started");
            const begins = expected.marks.filter(({ what }) => what.startsWith("started"));
            equal(pathsOf(began), pathsOf(begins), about);
          }
        }),
        drawsOf(part),
      );
      retries.parts += 1;
      if (retries.parts < PARTS.length) return;
      figure(
        `${retries.count} retries, at every plain state of ${PARTS.length * drawsOf(part).numRuns} random graphs: 0 wrong values, edges or event numbers`,
      );
    },
  );
});
