/** What a turn used as figures that any store can keep, of a record that cannot be kept as it is. */
import type { TurnRecord } from "./session-store.ts";

type Spending = Pick<TurnRecord, "usage" | "cost" | "knownCost">;

/** Leaves out what is no figure. Without tokens that can be kept the tokens are an estimate. */
export function plainSpending({
  usage,
  cost,
  knownCost,
}: {
  readonly [key in keyof Spending]: Spending[key] | undefined;
}): Spending {
  const { input, output, cacheRead, estimated } = usage ?? {};
  const isWhole = isFigure(input) && isFigure(output);
  return {
    ...(usage && {
      usage: {
        input: isFigure(input) ? input : 0,
        output: isFigure(output) ? output : 0,
        ...(isFigure(cacheRead) && { cacheRead }),
        ...((estimated === true || !isWhole) && { estimated: true }),
      },
    }),
    ...(isFigure(cost) && { cost }),
    ...(isFigure(knownCost) && { knownCost }),
  };
}

function isFigure(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
