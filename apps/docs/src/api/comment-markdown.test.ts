import { expect, it } from "vitest";
import { commentMarkdown } from "./comment-markdown.ts";

it("shows parameters as a list, links as code, and an example as it stands", () => {
  const comment = `/**
 * Waits for {@link Run} or {@link Host | a host}.
 *
 * @param name - what it is called,
 *   in one word
 * @param limit in milliseconds
 * @returns the rest
 * @throws \`ORCH_OPTION\` when the limit is negative
 * @internal
 * @example
 * \`\`\`ts
 * wait("a", 1);
 * \`\`\`
 */`;

  expect(commentMarkdown(comment)).toBe(
    [
      "Waits for `Run` or a host.",
      "- `name`: what it is called, in one word\n- `limit`: in milliseconds",
      "Returns the rest",
      "Throws `ORCH_OPTION` when the limit is negative",
      '```ts\nwait("a", 1);\n```',
    ].join("\n\n"),
  );
});

it("makes a block of an example without marks, and nothing of no comment", () => {
  expect(commentMarkdown("/** @example wait() */")).toBe("```ts\nwait()\n```");
  expect(commentMarkdown("")).toBe("");
});
