import type { ForkOptions } from "@orch/core/host";
import fc from "fast-check";
import { describe, it } from "vitest";
import { figure } from "../../../scripts/lanes.ts";
import { repeatableFlows } from "./random-flows.ts";
import type { Mark, Travel } from "./reference-interpreter.ts";
import { type Case, compare, drawsOf, PARTS, straight } from "./travel-case.ts";
import type { Told } from "./travel-world.ts";

/** A path that nothing has. */
const NOTHING = "nothing";

const inputs = fc.integer({ min: 0, max: 96 });

/** Forks a run at a state in every way there is; gives how many forks were compared. */
async function forkAt({ flow, input, world, told }: Case, first: Mark): Promise<number> {
  const { path } = first;
  const forks: [ForkOptions, Partial<Travel>][] = [[{ before: path }, {}]];
  if (first.takes === true) forks.push([{ before: path, input: 31 }, { input: 31 }]);
  if (first.gives !== undefined) forks.push([{ after: path, output: first.gives(32) }, { output: 32 }]);
  let compared = 1;
  for (const [options, edit] of forks) {
    const at = await world.momentOf("straight", path, options);
    const fork = await world.fork("straight", at, told, options);
    const travel = { path, at, ...edit };
    if (compare(fork, flow, input, travel, JSON.stringify({ options, at })) !== undefined) compared += 1;
  }
  const end = endOf(told, path);
  const kept = await world.fork("straight", end, told, { after: path });
  // Nothing begins again, but the patience of what waits.
  if (compare(kept, flow, input, { path: NOTHING, at: end }, `after ${path}`) === undefined) compared -= 1;
  return compared;
}

function endOf({ events }: Told, path: string): number {
  return events.find((event) => event.path === path && /completed|failed/.test(event.type))!.time;
}

const counts = { parts: 0, paths: 0, forks: 0 };

describe("P11: time travel covers everything that events tell", () => {
  it.each(PARTS)(
    "a fork at every path of random graphs, of every kind, goes as a plain reading of the rules, part %i",
    async (part) => {
      await fc.assert(
        fc.asyncProperty(repeatableFlows, inputs, async (flow, input) => {
          const one = await straight(flow, input);
          for (const first of one.states) {
            counts.paths += 1;
            counts.forks += await forkAt(one, first);
          }
        }),
        drawsOf(part),
      );
      counts.parts += 1;
      if (counts.parts < PARTS.length) return;
      const { paths, forks } = counts;
      figure(
        `${forks} forks at the ${paths} paths of ${PARTS.length * drawsOf(part).numRuns} random graphs: 0 wrong values, edges or event numbers`,
      );
    },
  );
});
