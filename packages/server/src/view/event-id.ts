/**
 * The id of a public event, like `12.3.01JD3Z7V`: the number of the kept event, the part of a live one after it, and the
 * life in which it was told. A life is one opening of a run or turn in one process: parts mean something in it alone.
 */

/** A place in the events of a run or a turn. */
export interface EventPlace {
  readonly number: number;
  /** 0 for a kept event. */
  readonly part: number;
  /** Absent where a client knows the number only. */
  readonly life?: string;
}

/** Before the first event. */
export const BEGINNING: EventPlace = { number: 0, part: 0 };

export function eventIdOf({ number, part, life }: EventPlace): string {
  return `${number}.${part}.${life ?? ""}`;
}

/** Reads what a client handed back; `undefined` for what no server of ours gave. A bare number is a kept event. */
export function eventPlaceOf(id: string): EventPlace | undefined {
  const read = /^(\d{1,15})(?:\.(\d{1,15})\.([\w-]{0,40}))?$/.exec(id);
  if (read === null) return undefined;
  const [, number = "0", part = "0", life = ""] = read;
  return { number: Number(number), part: Number(part), ...(life !== "" && { life }) };
}
