import type { Random } from "@orch/core";

/**
 * Makes chance that can be repeated: the same seed gives the same numbers, in every process and on
 * every machine. Not for secrets.
 *
 * Source: SplitMix (Steele, Lea and Flood, 2014) with 32 bits.
 *
 * @param seed any whole number; only its low 32 bits count.
 *
 * @example
 * ```ts
 * await flow.run(input, { random: seededRandom(7) });
 * ```
 */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}
