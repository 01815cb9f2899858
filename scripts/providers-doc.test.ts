import { expect, it } from "vitest";
import { providersDoc, providersDocIsFresh } from "./providers-doc.ts";

it("docs/providers/servers.md says of each known server what its preset does, where that stands, and which test shows it", () => {
  const { text, problems } = providersDoc();

  expect(problems).toEqual([]);
  expect(providersDocIsFresh(text), "run `node scripts/providers-doc.ts`").toBe(true);
});
