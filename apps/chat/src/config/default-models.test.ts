import { resolveModel } from "@orch/agents";
import { describe, expect, it } from "vitest";
import { DEFAULT_MODELS } from "./default-models.ts";

describe("a default model", () => {
  it.each(DEFAULT_MODELS)("answers with the key in $key alone", ({ key, model }) => {
    expect(resolveModel(model, {}, { env: { [key]: "a key" } }).caps.generative).toBe(true);
    expect(() => resolveModel(model, {}, { env: {}, keyNow: true })).toThrow(key);
  });

  it("is OpenAI's before Anthropic's, because the first key that is set counts", () => {
    expect(DEFAULT_MODELS.map(({ model }) => model.split("/")[0])).toEqual(["openai", "anthropic"]);
  });
});
