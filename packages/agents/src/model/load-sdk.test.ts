import { expect, test } from "vitest";
import { loadSdk } from "./load-sdk.ts";

const facts = { provider: "openai", package: "a-package-that-is-not-installed", version: "7" };

test("a missing SDK is told with the line that installs it", async () => {
  const name = facts.package;
  const loading = loadSdk(facts, () => import(/* @vite-ignore */ `${name}`));
  await expect(loading).rejects.toMatchObject({
    code: "ORCH_MISSING_SDK",
    fix: "Install it: npm install a-package-that-is-not-installed@7",
  });
});

test("any other trouble in loading is passed on as it is", async () => {
  const trouble = new SyntaxError("broken");
  await expect(loadSdk(facts, () => Promise.reject(trouble))).rejects.toBe(trouble);
});
