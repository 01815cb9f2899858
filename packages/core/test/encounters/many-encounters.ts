import { seed } from "../../../../scripts/lanes.ts";
import { meet } from "./encounter.ts";
import type { Ground } from "./encounter-ground.ts";
import { randomEncounter } from "./random-encounter.ts";

/** How random encounters went. */
export interface ManyTold {
  /** What went wrong, with the encounter. */
  readonly problems: readonly string[];
  /** How many met at a call that was held. */
  readonly met: number;
}

/** Holds random encounters from a number on, each on ground of its own. */
export async function meetMany(count: number, ground: () => Ground, first = 0): Promise<ManyTold> {
  const problems: string[] = [];
  let met = 0;
  for (let number = first; number < first + count; number++) {
    const encounter = randomEncounter(seed, number);
    const told = await meet(encounter, ground());
    if (told.isMet) met += 1;
    for (const problem of told.problems) problems.push(`${problem}: ${number} ${JSON.stringify(encounter)}`);
  }
  return { problems, met };
}
