import type { Usage } from "../words/model.ts";
import { FIGURES } from "./usage.ts";

/**
 * The figures of one call that were told twice. They are cumulative where they are right, and 0 or absent where a server
 * tells a part of them only, so the larger one of each counts; what the provider wrote last stays as it is.
 */
export function mergedUsage(before: Usage, after: Usage): Usage {
  const figures = FIGURES.flatMap((key) => {
    const told = [before[key], after[key]].filter((figure) => typeof figure === "number");
    return told.length === 0 ? [] : [[key, Math.max(...told)]];
  });
  const { estimated: _estimated, ...rest } = after;
  const merged = { ...rest, ...(Object.fromEntries(figures) as Pick<Usage, "input" | "output">) };
  // Two halves make a whole.
  const isWhole = !before.estimated || !after.estimated || (merged.input > 0 && merged.output > 0);
  return isWhole ? merged : { ...merged, estimated: true };
}
