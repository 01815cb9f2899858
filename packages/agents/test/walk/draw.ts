/** Chance that a seed repeats. */
export class Draw {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A fraction from 0, below 1. Source: mulberry32, by Tommy Ettinger. */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  chance(share: number): boolean {
    return this.fraction() < share;
  }

  below(count: number): number {
    return Math.floor(this.fraction() * count);
  }

  of<TItem>(...items: readonly TItem[]): TItem {
    return items[this.below(items.length)]!;
  }
}
