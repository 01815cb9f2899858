import { expect, test } from "vitest";
import { redact } from "./redact.ts";

test.each([
  ["Incorrect API key provided: sk-proj-abc123DEF456.", "sk-proj-abc123DEF456"],
  ["key sk-ant-api03-xxYYzz_11-22 is revoked", "sk-ant-api03-xxYYzz_11-22"],
  ["gsk_1234567890abcdef", "gsk_1234567890abcdef"],
  ["Authorization: Bearer abc.def-ghi123", "abc.def-ghi123"],
  ['"authorization":"Basic letmein"', "letmein"],
  ["it wants bearer abcDEFghi", "abcDEFghi"],
  ['{"x-api-key": "plainsecret99"}', "plainsecret99"],
  ["api_key=plainsecret99&x=1", "plainsecret99"],
  ["https://user:hunter22@proxy.example/v1", "hunter22"],
  ["GET /v1beta?key=AIzaSyA1234567890&alt=sse", "AIzaSyA1234567890"],
  ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "eyJzdWIiOiIxIn0"],
])("takes the secret out of %s", (text, secret) => {
  const clean = redact(text);
  expect(clean).not.toContain(secret);
  expect(clean).toContain("[redacted]");
  expect(redact(clean)).toBe(clean);
});

test("takes out the key in use whatever it looks like, and leaves the rest", () => {
  expect(redact("no model for swordfish here", ["swordfish"])).toBe("no model for [redacted] here");
  expect(redact("a token limit of 4096 was reached")).toBe("a token limit of 4096 was reached");
  expect(redact("the task-force asked")).toBe("the task-force asked");
  expect(redact("a basic understanding of token streaming")).toBe("a basic understanding of token streaming");
});

test("takes out the key in use as JSON, a URL and base64 write it", () => {
  const key = 'open "sesame"/1+1';
  for (const form of [key, JSON.stringify(key), encodeURIComponent(key), btoa(key)]) {
    const clean = redact(`it said ${form} to me`, [key]);
    expect(clean).toContain("[redacted]");
    expect(clean).not.toContain("sesame");
    expect(clean).not.toContain(btoa(key).slice(0, 12));
  }
});
