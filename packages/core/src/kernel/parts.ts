/**
 * What a machine left in its background: its parts. Each question about them costs what is open, or what one state left, and
 * never all that was left: a loop may leave something at each turn and collect nothing.
 */
import type { Activation } from "./activation.ts";
import type { FanFrame } from "./fan-frame.ts";

/** Some parts, oldest first. */
class Left {
  readonly all = new Set<Activation>();
  /** Those in which something goes on. */
  open = new Set<Activation>();

  add(part: Activation): void {
    this.all.add(part);
    if (isOpen(part)) this.open.add(part);
  }

  refresh(): void {
    this.open = new Set([...this.all].filter(isOpen));
  }

  remove(part: Activation): void {
    this.all.delete(part);
    this.open.delete(part);
  }
}

/** The parts of one machine. */
export class Parts {
  readonly #whole = new Left();
  readonly #of = new Map<string, Left>();

  /** All of them, oldest first. */
  get all(): ReadonlySet<Activation> {
    return this.#whole.all;
  }

  /** Those in which something goes on, oldest first. */
  get open(): ReadonlySet<Activation> {
    return this.#whole.open;
  }

  /** Those that visits of this state left, oldest first. */
  of(state: string): Iterable<Activation> {
    return this.#of.get(state)?.all ?? [];
  }

  /** Whether something goes on in what this state left. */
  isOpen(state: string): boolean {
    return (this.#of.get(state)?.open.size ?? 0) > 0;
  }

  /** Takes a part. */
  add(part: Activation): void {
    const { id } = part.runnable;
    const left = this.#of.get(id) ?? new Left();
    this.#of.set(id, left);
    left.add(part);
    this.#whole.add(part);
  }

  /** Everything in a part has ended. */
  ended(part: Activation): void {
    this.#whole.open.delete(part);
    this.#of.get(part.runnable.id)?.open.delete(part);
  }

  /** Gives what this state left, which is no part any more. */
  take(state: string): readonly Activation[] {
    const taken = [...this.of(state)];
    this.#of.delete(state);
    for (const part of taken) this.#whole.remove(part);
    return taken;
  }

  /** Something goes on again in any number of them. */
  refresh(): void {
    for (const left of [this.#whole, ...this.#of.values()]) left.refresh();
  }
}

function isOpen({ frame }: Activation): boolean {
  return (frame as FanFrame).active > 0;
}
