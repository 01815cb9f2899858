import { describe, expect, test } from "vitest";
import { sdkFailure } from "./sdk-failure.ts";

const facts = { provider: "openai", package: "openai", version: "7" };

/** What the platforms and the code that bundlers write throw for a module that is not there. */
const MISSING = {
  Node: "Cannot find package 'openai' imported from /app/node_modules/@orch/agents/dist/openai.js",
  "Node, a file of it": "Cannot find module 'openai/streaming' imported from /app/main.js",
  "require of Node": "Cannot find module 'openai'\nRequire stack:\n- /app/main.cjs",
  webpack: "Cannot find module 'openai'",
  Vite: 'Could not resolve "openai" imported by "@orch/agents".',
  Chrome: "Failed to resolve module specifier 'openai'",
  Firefox: "The specifier “openai” was a bare specifier, but was not remapped to anything.",
  Safari: "Module name, 'openai' does not resolve to a valid URL.",
  Workers: 'No such module "openai".',
  Deno: 'Import "openai" not a dependency',
};

test.each(Object.entries(MISSING))(
  "A24: a missing SDK is told with the line that installs it: %s",
  (_, said) => {
    const cause = new TypeError(said);
    expect(sdkFailure(cause, facts)).toMatchObject({
      code: "ORCH_MISSING_SDK",
      fix: "Install it: npm install openai@7",
      cause,
    });
  },
);

describe("any other trouble in loading is passed on as it is", () => {
  test.each([
    "Unexpected token",
    "Cannot find package 'zod' imported from /app/node_modules/openai/index.mjs",
    "Cannot find module '/app/node_modules/openai/gone.mjs' imported from /app/node_modules/openai/index.mjs",
    'Could not resolve "openai-edge" imported by "openai".',
  ])("%s", (said) => {
    const trouble = new Error(said);
    expect(sdkFailure(trouble, facts)).toBe(trouble);
  });

  test("what is no error", () => {
    expect(sdkFailure("openai", facts)).toBe("openai");
  });
});
