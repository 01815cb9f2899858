/** Some streams at once for some time, and how long each took to its first text. */
import { setTimeout as wait } from "node:timers/promises";
import type { Talk } from "./talk.ts";

/** How much at once, and for how long. */
export interface Load {
  readonly talk: Talk;
  readonly streams: number;
  readonly milliseconds: number;
}

/** What was found. */
export interface Found {
  /** Runs that began and ended in the time. */
  readonly runs: number;
  /** Milliseconds from the call to the first text, one figure per run. */
  readonly firsts: readonly number[];
  /** Seconds in which the runs were made. */
  readonly seconds: number;
}

/** Keeps `streams` runs going, each followed to its end by `one`, which gives the time to the first text. */
export async function load(
  { talk, streams, milliseconds }: Load,
  one: (talk: Talk) => Promise<number>,
): Promise<Found> {
  const firsts: number[] = [];
  const began = performance.now();
  const spread = talk.first + talk.pieces * talk.pace;
  const stream = async (place: number): Promise<void> => {
    // People do not all ask in the same millisecond.
    if (spread > 0) await wait((spread * place) / streams);
    do firsts.push(await one(talk));
    while (performance.now() - began < milliseconds);
  };
  await Promise.all(Array.from({ length: streams }, (_, place) => stream(place)));
  return { runs: firsts.length, firsts, seconds: (performance.now() - began) / 1_000 };
}
