import type { ChatEvent } from "@orch/chat-runtime";
import { orchestration, question } from "@orch/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { promptText } from "../terminal/prompt-text.ts";
import { answerWith, type OpenQuestion, questionsAfter } from "./open-questions.ts";

/** Asks a real run, and gives what it took for the answer. */
async function ask(schema: z.ZodType, text: string): Promise<unknown> {
  const asks = question("asks", { ask: "?", answer: schema });
  const run = orchestration<void, unknown>("flow", (o) => o.start(asks as never).finish(asks)).start();
  for await (const event of run.events()) {
    if (event.type !== "question.asked") continue;
    try {
      await answerWith(text, (value) => run.answer(event.question, value));
    } catch (error) {
      await run.cancel();
      run.result.catch(() => undefined);
      throw error;
    }
  }
  return run.result;
}

describe("what is typed", () => {
  test.each<[string, z.ZodType, string, unknown]>([
    ["a text", z.string(), "42", "42"],
    ["a yes", z.boolean(), "Yes", true],
    ["a no", z.boolean(), "n", false],
    ["a number", z.number(), "42", 42],
    ["an object", z.object({ steps: z.array(z.number()) }), '{"steps":[1]}', { steps: [1] }],
    ["one of several", z.enum(["low", "high"]), "high", "high"],
  ])("answers as %s where the question takes one", async (_what, schema, text, answer) => {
    expect(await ask(schema, text)).toEqual(answer);
  });

  test("and does not fit is told with the question's own words", async () => {
    await expect(ask(z.number().max(3, "at most three"), "4")).rejects.toMatchObject({
      code: "ORCH_INVALID_ANSWER",
      message: expect.stringContaining("at most three"),
    });
    await expect(ask(z.enum(["low", "high"]), "middle")).rejects.toMatchObject({
      code: "ORCH_INVALID_ANSWER",
    });
  });
});

describe("questions", () => {
  const base = { seq: 1, time: 0, runId: "r", visit: 1, state: "a" };
  const asked = (id: string): ChatEvent => ({
    ...base,
    type: "question.asked",
    path: `flow/${id}#1`,
    question: id,
    prompt: id,
  });
  const after = (...events: readonly ChatEvent[]): string[] =>
    events.reduce<readonly OpenQuestion[]>(questionsAfter, []).map(({ id }) => id);

  test("are open until they are answered, or what asked has ended", () => {
    const answered: ChatEvent = { ...asked("a"), type: "question.answered", answer: 1 } as never;
    const failed: ChatEvent = {
      ...base,
      type: "state.failed",
      path: "flow/b#1",
      error: { name: "E", message: "late" },
      cancelled: true,
      duration: 1,
    };
    expect(after(asked("a"), asked("b"))).toEqual(["a", "b"]);
    expect(after(asked("a"), asked("b"), answered)).toEqual(["b"]);
    expect(after(asked("a"), asked("b"), failed)).toEqual(["a"]);
  });

  test("are shown whatever they ask with, without what would fire a terminal", () => {
    expect(promptText("Run 3 steps?")).toBe("Run 3 steps?");
    expect(promptText({ question: "Which?", choices: [1] })).toBe("Which?");
    expect(promptText({ choices: [1] })).toContain("choices");
    fc.assert(
      fc.property(fc.anything(), (prompt) => {
        expect(promptText(prompt).replaceAll(/[\n\t]/g, "")).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});
