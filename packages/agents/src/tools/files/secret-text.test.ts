import { describe, expect, it } from "vitest";
import { withoutSecrets } from "./secret-text.ts";

/** Put together here, so that no scanner takes this file for a leak. */
const random = (length: number): string => "a1B2c3D4e5F6g7H8i9J0".repeat(10).slice(0, length);
const KEYS = [
  `sk-ant-${random(40)}`,
  `sk-proj-${random(40)}`,
  `sk_live_${random(24)}`,
  `gsk_${random(40)}`,
  `hf_${random(34)}`,
  `ghp_${random(36)}`,
  `github_pat_${random(60)}`,
  `glpat-${random(20)}`,
  `xoxb-${random(30)}`,
  `AKIA${"ABCD2345".repeat(2)}`,
  `AIza${random(35)}`,
  `npm_${random(36)}`,
  `ya29.${random(40)}`,
  `eyJhbGciOiJI.eyJ${random(20)}.${random(20)}`,
];

describe("T03: the text of a file", () => {
  it.each(KEYS)("loses a key of a known shape: %s", (key) => {
    expect(withoutSecrets(`one\nconst it = "${key}";\nthree`)).toBe(
      'one\nconst it = "[secret left out]";\nthree',
    );
    expect(withoutSecrets(key)).toBe("[secret left out]");
  });

  it.each([
    [`aws_secret_access_key = ${random(40)}`, "aws_secret_access_key = [secret left out]"],
    [`"apiKey": "${random(24)}"`, '"apiKey": "[secret left out]"'],
    [`PASSWORD=${random(20)}`, "PASSWORD=[secret left out]"],
    [`Authorization: Bearer ${random(30)}`, "Authorization: Bearer [secret left out]"],
    ["postgres://ada:lovelace1@db/x", "postgres://ada:[secret left out]@db/x"],
  ])("loses what a name calls a secret: %s", (text, clean) => {
    expect(withoutSecrets(text)).toBe(clean);
  });

  it("loses a private key, and every line keeps its number", () => {
    const key = [
      "-----BEGIN OPENSSH PRIVATE KEY-----",
      random(60),
      random(60),
      "-----END OPENSSH PRIVATE KEY-----",
    ];
    const lines = withoutSecrets(["before", ...key, "after"].join("\n")).split("\n");
    expect(lines).toEqual(["before", "[secret left out]", "", "", "", "after"]);
    expect(withoutSecrets(key.slice(0, 3).join("\n"))).toBe("[secret left out]\n\n");
  });

  it.each([
    "const token = await nextToken(stream1234567890);",
    "function apiKeyOf(secret: string): string { return secret; }",
    "password: z.string().min(8)",
    "token = process.env.GITHUB_TOKEN_OF_RELEASE_2",
    "see https://example.com/a:b@c and git@github.com:owner/name.git",
    'npm_config_update_notifier: "false"',
    "task-force-one-is-a-long-hyphenated-name",
    "the skill sk-learn, and a risk-management-plan",
    "-----BEGIN PUBLIC KEY-----",
  ])("keeps what only sounds like one: %s", (text) => {
    expect(withoutSecrets(text)).toBe(text);
  });

  it("costs no more where a file was written to be slow", () => {
    const timed = (text: string): number => {
      const began = process.cpuUsage().user;
      withoutSecrets(text);
      return process.cpuUsage().user - began;
    };
    const plain = Math.max(timed("a word here\n".repeat(20_000)), 10_000);
    for (const piece of [
      "token=",
      "secret = a1",
      "x://a:",
      "eyJaaaaaaaaa.",
      "sk-",
      "1A",
      "-----BEGIN PRIVATE KEY-----",
    ])
      expect(timed(piece.repeat(Math.ceil(240_000 / piece.length))), piece).toBeLessThan(plain * 40);
  });
});
