/** When the waits and deadlines of a run end by themselves. */

import type { Activation } from "../kernel/activation.ts";
import type { WaitNode } from "../kernel/node.ts";
import { type Asked, asSlept, type Slept } from "../kernel/waits.ts";
import type { Pause } from "../run/step.ts";

/** A moment a run has to be awake at. */
interface Due {
  readonly activation: Activation;
  /** The attempt after which a pause was made. The pause does not matter any more when the next attempt has begun. */
  readonly attempt: number;
  readonly at: number;
}

/** The moments a run has to be awake at. */
export class Dues {
  #dues: Due[] = [];

  /** `at` is in milliseconds since the epoch; without it there is nothing to add. */
  add(activation: Activation, at: number | undefined): void {
    if (at !== undefined) this.#dues.push({ activation, attempt: activation.attempt, at });
  }

  /** The earliest due time that still matters; `null` when there is none. */
  earliest(): number | null {
    if (this.#dues.length === 0) return null;
    this.#dues = this.#dues.filter(
      ({ activation, attempt }) => !activation.over && activation.attempt === attempt,
    );
    let earliest: number | null = null;
    for (const { at } of this.#dues) if (earliest === null || at < earliest) earliest = at;
    return earliest;
  }
}

/** When a wait that was noted ends by itself, in milliseconds since the epoch. */
export function dueOf(operation: Activation): number | undefined {
  const notes = operation.attached?.notes;
  const slept = notes?.get("slept")?.value as Slept | number | undefined;
  const asked = notes?.get("asked")?.value as Asked | undefined;
  const pause = notes?.get("retrying")?.value as Pause | undefined;
  const timeout = (operation.node as WaitNode | undefined)?.question?.timeout;
  return (
    (slept === undefined ? undefined : asSlept(slept).due) ??
    pause?.due ??
    (asked === undefined || timeout === undefined ? undefined : asked.askedAt + timeout)
  );
}
