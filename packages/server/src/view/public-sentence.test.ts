import { expect, test } from "vitest";
import { publicSentence } from "./public-sentence.ts";

test.each([
  ["Error: no\n    at run (/srv/app/src/a.ts:3:1)\n    at next (node:internal)", "Error: no"],
  ["ENOENT: no such file, open '/home/ada/.env'", "ENOENT: no such file, open '[file]'"],
  ["cannot read C:\\Users\\ada\\key.txt now", "cannot read [file] now"],
  ["see file:///etc/passwd", "see [file]"],
  ["connect to postgres://ada:secret@db:5432/runs failed", "connect to postgres://db:5432/runs failed"],
  ["key sk-proj-abcdefgh12345 is wrong", "key [secret] is wrong"],
  ["Authorization: Bearer abc.def", "Authorization: Bearer [secret]"],
  ['{"api_key": "hunter2"}', '{"api_key": [secret]'],
  ["password=hunter2 and more", "password=[secret] and more"],
  ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln is over", "[secret] is over"],
  [
    '"search" failed (at research/searchAll#1[2]/search#1)',
    '"search" failed (at research/searchAll#1[2]/search#1)',
  ],
  ["https://api.example.org/v1/models says 429", "https://api.example.org/v1/models says 429"],
  ["either/or and 1/2 stay", "either/or and 1/2 stay"],
  ["", ""],
])("%j becomes %j", (text, plain) => {
  expect(publicSentence(text)).toBe(plain);
});

test("a sentence of any length is short, and quickly", () => {
  expect(publicSentence("/a".repeat(500_000)).length).toBeLessThanOrEqual(500);
  expect(publicSentence("x".repeat(1_000_000))).toHaveLength(500);
});
