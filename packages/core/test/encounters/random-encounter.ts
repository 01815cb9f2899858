import { seededRandom } from "../../../testing/src/sweep/seeded-random.ts";
import { FLOWS } from "./encounter-flows.ts";
import { COMMANDS, type Encounter, PLACES } from "./encounter-words.ts";

const LEVELS = ["step", "step", "group", "end"] as const;
/** No command makes more calls before it has its end, but for those of a run that goes on. */
const CALLS = 14;

/** What is kept for a run that nobody drives, where each is judged by what came before it. */
const KEPT = ["answer", "signal"] as const;

/** The encounter of a number; always the same one for a seed. */
export function randomEncounter(seed: number, number: number): Encounter {
  const random = seededRandom(seed * 1_000_003 + number);
  const below = (limit: number): number => Math.floor(random() * limit);
  const one = <TItem>(items: readonly TItem[]): TItem => items[below(items.length)]!;
  const call = () => ({ at: 1 + below(CALLS), isDone: below(2) === 0 });
  const isByTurns = below(4) === 0;
  const commands = below(6) === 0 ? KEPT : COMMANDS;
  return {
    flow: one(FLOWS),
    place: one(PLACES),
    first: one<Encounter["first"]>(commands),
    second: one<Encounter["second"]>(commands),
    isOneHost: below(3) === 0,
    level: one(LEVELS),
    isLate: below(2) === 0,
    ...(isByTurns ? { turns: below(30) } : { call: call() }),
    ...(below(3) === 0 ? { secondCall: call() } : {}),
    hasSnapshots: below(2) === 0,
  };
}
