import { describe, expect, it } from "vitest";
import { splitProviders } from "./harmless-providers.ts";

function isHarmless(name: string, settings: Record<string, unknown>): boolean {
  return name in splitProviders({ [name]: settings } as never).harmless;
}

describe("a provider of a project that is not trusted", () => {
  it.each([
    ["openai", { kind: "openai", apiKeyEnv: "OPENAI_API_KEY", models: { large: "gpt" } }],
    ["openai", { baseURL: "http://127.0.0.1:4010/v1", apiKey: "x" }],
    ["house", { kind: "openai-compatible", baseURL: "http://localhost:8000/v1", preset: "vllm" }],
    ["house", { kind: "openai-compatible", baseURL: "http://[::1]:8000/v1" }],
    ["anthropic", { attempts: 1, timeouts: { idle: 5 }, maxOutputTokens: 9, caps: {}, cache: "long" }],
  ])("is used when nothing of the user's can leave for elsewhere: %s %j", (name, settings) => {
    expect(isHarmless(name, settings)).toBe(true);
  });

  it.each([
    ["openai", { baseURL: "https://example.com/v1" }],
    ["openai", { baseURL: "http://127.0.0.1.example.com/v1" }],
    ["openai", { baseURL: "http://127.0.0.1@example.com/v1" }],
    ["openai", { baseURL: "http://localhost.example.com" }],
    ["openai", { baseURL: "file:///etc/passwd" }],
    ["openai", { baseURL: "not an address" }],
    ["openai", { apiKeyEnv: "AWS_SECRET_ACCESS_KEY" }],
    ["house", { baseURL: "http://127.0.0.1:1", apiKeyEnv: "OPENAI_API_KEY" }],
    ["openai", { headers: { host: "example.com" } }],
  ])("waits for trust when it could send something elsewhere: %s %j", (name, settings) => {
    expect(isHarmless(name, settings)).toBe(false);
  });
});
