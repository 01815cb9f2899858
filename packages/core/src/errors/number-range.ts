/** The ranges of numbers that come from outside, and what is said of a number that is not in its range. */
import { OptionError } from "./option-error.ts";

/** What a number may be. */
export interface NumberRange {
  /** For a message: "it has to be ...". */
  readonly says: string;
  readonly holds: (value: number) => boolean;
}

/** How often something is done, or how many there are. Without end where it is `Infinity`. */
export const COUNT: NumberRange = {
  says: "1 or more, and whole",
  holds: (value) => value >= 1 && (Number.isInteger(value) || value === Number.POSITIVE_INFINITY),
};
/** A time that work may take. To set no limit, leave the option out. */
export const TIME: NumberRange = {
  says: "above 0 (milliseconds)",
  holds: (value) => value > 0 && Number.isFinite(value),
};
/** A time that is waited. */
export const DELAY: NumberRange = {
  says: "0 or more (milliseconds)",
  holds: (value) => value >= 0 && Number.isFinite(value),
};
/** A limit that may be `Infinity`. */
export const LIMIT: NumberRange = { says: "0 or more", holds: (value) => value >= 0 };
/** A limit or a factor that cannot be 0. */
export const ABOVE: NumberRange = { says: "above 0", holds: (value) => value > 0 };
/** What was used of something. */
export const SPENT: NumberRange = {
  says: "0 or more, and finite",
  holds: (value) => value >= 0 && Number.isFinite(value),
};

/** Finds the numbers that are out of their range, by name. A number that is absent is in every range. */
export function* outOfRange(
  range: NumberRange,
  numbers: { readonly [name: string]: number | undefined },
): Iterable<readonly [string, unknown]> {
  for (const [name, value] of Object.entries(numbers)) {
    if (value !== undefined && (typeof value !== "number" || !range.holds(value))) yield [name, value];
  }
}

/**
 * Refuses numbers that are out of their range.
 *
 * @throws OptionError (`ORCH_OPTION`), which names the first of them.
 */
export function checkNumbers(
  range: NumberRange,
  numbers: { readonly [name: string]: number | undefined },
): void {
  for (const [name, value] of outOfRange(range, numbers)) throw new OptionError(name, value, range.says);
}
