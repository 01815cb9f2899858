import type { Activation } from "../kernel/activation.ts";

/** Begins operations. */
interface Launcher {
  readonly launch: (operation: Activation) => void;
}

/** An operation or a timer that begins when the record that led to it is on disk. */
interface Launch {
  /** When a wait ends, in milliseconds since the epoch; 0 for what is no wait. */
  readonly due: number;
  readonly launch: () => void;
}

/** The operations and timers that begin when the present record is on disk, in order. */
export class Launches {
  readonly #driver: Launcher;
  #launches: (Activation | Launch)[] = [];

  constructor(driver: Launcher) {
    this.#driver = driver;
  }

  add(operation: Activation): void {
    this.#launches.push(operation);
  }

  addAt(due: number, launch: () => void): void {
    this.#launches.push({ due, launch });
  }

  /** Sorts the timers that became due while no process drove the run by the time at which they were due. */
  sort(): void {
    const dueAt = (one: Activation | Launch): number => ("launch" in one ? one.due : 0);
    this.#launches.sort((one, other) => dueAt(one) - dueAt(other));
  }

  launch(): void {
    if (this.#launches.length === 0) return;
    const launches = this.#launches;
    this.#launches = [];
    for (const one of launches) {
      if ("launch" in one) one.launch();
      else this.#driver.launch(one);
    }
  }
}
