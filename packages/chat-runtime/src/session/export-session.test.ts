import type { AssistantMessage } from "@orch/agents";
import { describe, expect, it } from "vitest";
import { exportSession } from "./export-session.ts";
import { importSession, parseSession } from "./import-session.ts";
import { memorySessions } from "./memory-sessions.ts";
import type { Session } from "./session-store.ts";

const origin = { provider: "openai", api: "responses", model: "gpt" };
const call: AssistantMessage = {
  role: "assistant",
  content: [
    { type: "reasoning", text: "secret thought" },
    { type: "tool-call", id: "c", name: "look", rawInput: '{"at":"`tick`"}', input: { at: "`tick`" } },
  ],
  origin,
  finish: { reason: "tool-calls" },
};
const session: Session = {
  id: "s",
  title: "A talk",
  createdAt: 1,
  updatedAt: 9,
  turnCount: 2,
  lastConfiguration: "b",
  turns: [
    {
      id: "t1",
      configuration: "a",
      status: "completed",
      messages: [
        { role: "user", content: [{ type: "text", text: "line one\nline two\u2028three" }] },
        call,
        {
          role: "tool",
          content: [{ type: "tool-result", id: "c", name: "look", output: "seen", isError: true }],
        },
        { role: "assistant", content: [{ type: "text", text: "Done." }], origin, finish: { reason: "stop" } },
      ],
      startedAt: 2,
      endedAt: 3,
      usage: { input: 1, output: 2 },
      cost: 0.1,
    },
    {
      id: "t2",
      configuration: "b",
      status: "failed",
      messages: [{ role: "user", content: [{ type: "text", text: "more" }] }],
      startedAt: 8,
      endedAt: 9,
      error: "The socket closed.",
    },
  ],
};
const dropped: Session["turns"][number] = { ...session.turns[1]!, id: "t3", status: "dropped" };

describe("a session as JSONL", () => {
  it("comes back exactly", async () => {
    const text = exportSession(session, "jsonl");
    expect(text.split("\n")).toHaveLength(4);
    expect(parseSession(text)).toEqual(session);
    const store = memorySessions();
    await importSession(text, store, { id: "copy" });
    expect(await store.load("copy")).toMatchObject({ ...session, id: "copy" });
    expect(exportSession((await store.load("copy"))!, "jsonl")).toBe(text.replace('"id":"s"', '"id":"copy"'));
  });

  it("is refused when it was cut anywhere, and nothing is written", async () => {
    const text = exportSession(session, "jsonl");
    const store = memorySessions();
    for (let length = 0; length < text.length; length++) {
      await expect(importSession(text.slice(0, length), store)).rejects.toMatchObject({
        code: "ORCH_SESSION_IMPORT",
      });
    }
    expect(await store.list()).toEqual([]);
  });

  it.each([
    ["another format", 1, (text: string) => text.replace("orch.session/1", "orch.session/2")],
    ["a missing turn", 1, (text: string) => text.replace(/\n[^\n]*\n$/, "\n")],
    ["a turn that is no object", 3, (text: string) => text.replace(/\n[^\n]*\n$/, "\n[]\n")],
    ["an unknown status", 3, (text: string) => text.replace('"failed"', '"fine"')],
    ["an unknown role", 2, (text: string) => text.replace('"role":"tool"', '"role":"root"')],
    [
      "a role that every object has",
      2,
      (text: string) => text.replace('"role":"tool"', '"role":"constructor"'),
    ],
    ["a part in the wrong place", 2, (text: string) => text.replace('"role":"tool"', '"role":"user"')],
    [
      "a key that reaches the prototype",
      2,
      (text: string) => text.replace('"rawInput"', '"__proto__":{},"rawInput"'),
    ],
    ["an answer without an origin", 2, (text: string) => text.replace('"provider"', '"producer"')],
  ])("is refused with %s, naming the line", async (_what, line, change) => {
    const text = change(exportSession(session, "jsonl"));
    expect(() => parseSession(text)).toThrow(
      expect.objectContaining({ code: "ORCH_SESSION_IMPORT", facts: { line, problem: expect.any(String) } }),
    );
  });

  it("is not mixed into a session that has turns", async () => {
    const store = memorySessions();
    const text = exportSession(session, "jsonl");
    await importSession(text, store);
    await expect(importSession(text, store)).rejects.toMatchObject({ code: "ORCH_SESSION_EXISTS" });
    expect((await store.load("s"))?.turnCount).toBe(2);
  });
});

describe("a session as Markdown", () => {
  it("shows what was said, calls in short, and how a turn ended", () => {
    const talk = { ...session, title: "A\ntalk", turns: [...session.turns, dropped] };
    expect(exportSession(talk, "markdown").split("\n\n")).toEqual([
      "# A talk",
      "## You",
      "line one\nline two\u2028three",
      "## openai/gpt",
      '- called `look` with `` {"at":"`tick`"} ``',
      "- `look` failed",
      "## openai/gpt",
      "Done.",
      "## You",
      "more",
      "*This turn is failed. The socket closed.*\n",
    ]);
  });
});
