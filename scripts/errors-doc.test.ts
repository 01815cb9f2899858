import { describe, expect, it } from "vitest";
import { errorsDoc, errorsDocIsFresh } from "./errors-doc.ts";

describe("docs/errors.md", () => {
  it("explains every code that a source can throw, and every error has a file of its own", async () => {
    const { problems } = await errorsDoc();

    expect(problems).toEqual([]);
  });

  it("is what the registers say (else run `node scripts/errors-doc.ts`)", async () => {
    const { text } = await errorsDoc();

    expect(errorsDocIsFresh(text)).toBe(true);
  });
});
