import type { Operation, Outcome } from "@orch/core/host";
import { expect, it } from "vitest";
import { fitted } from "./fitted-outcome.ts";

const operation: Operation = { id: "f/a#1@1", runId: "r", path: "f/a#1", visit: 1, attempt: 1 };
const spent = [{ cost: 1 }];

it("makes a failure of what is too large, and keeps what was spent and what ctx.once kept as far as it fits", () => {
  const fine: Outcome = { kind: "completed", value: "x" };
  expect(fitted(fine, operation, 2_000)).toBe(fine);

  const large: Outcome = {
    kind: "completed",
    value: "x".repeat(2_000),
    spent,
    notes: [["once:pay", "receipt"]],
  };
  expect(fitted(large, operation, 2_000)).toEqual({
    kind: "failed",
    error: expect.objectContaining({ code: "ORCH_RESTATE_PAYLOAD" }),
    spent,
    notes: [["once:pay", "receipt"]],
  });
  const noted: Outcome = { kind: "completed", spent, notes: [["once:pay", "x".repeat(2_000)]] };
  expect(fitted(noted, operation, 2_000)).toEqual({ kind: "failed", error: expect.anything(), spent });
});
