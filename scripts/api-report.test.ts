import { describe, expect, it } from "vitest";
import { apiReportIsFresh, apiReports } from "./api-report.ts";

describe.each(apiReports())("$path", (report) => {
  it("keeps to its budget of public values", () => {
    expect(report.problems).toEqual([]);
  });

  it("is what the doors export (else run `node scripts/api-report.ts`)", () => {
    expect(apiReportIsFresh(report)).toBe(true);
  });
});
