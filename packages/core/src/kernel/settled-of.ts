import { errorData } from "../errors/error-data.ts";
import type { Settled } from "../words/settled.ts";
import type { BranchEnd } from "./fan-frame.ts";

/** The end of a branch as a result. */
export function settledOf(ended: BranchEnd): Settled<unknown> {
  return ended.kind === "completed"
    ? { status: "completed", value: ended.value }
    : { status: "failed", error: errorData(ended.error) };
}
