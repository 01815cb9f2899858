import fc from "fast-check";
import { expect, test } from "vitest";
import { EMPTY_EDITOR } from "../input/editor-state.ts";
import { editorWindow } from "../input/editor-window.ts";
import { railStart } from "../rail/rail-start.ts";
import { railAdvance } from "../rail/rail-state.ts";
import { plainText } from "../terminal/styled.ts";
import { createTheme } from "../terminal/theme.ts";
import { widthOf } from "../terminal/width.ts";
import { START } from "./app-state.ts";
import { type FrameFacts, frameOf } from "./frame.ts";
import { TurnView } from "./turn-view.ts";

const theme = createTheme({ env: { NO_COLOR: "1" } });

function factsOf(columns: number, text: string, queued: number, answer: string): FrameFacts {
  const style = { width: Math.max(1, columns - 1), theme };
  const started = railAdvance(railStart("flow", ["one", "two"]), [
    { type: "run.started", seq: 1, time: 0, runId: "r", path: "flow", orchestration: "flow", input: "" },
    {
      type: "state.started",
      seq: 2,
      time: 0,
      runId: "r",
      path: "flow/one#1",
      state: "one",
      visit: 1,
      kind: "runnable",
      input: "",
    },
  ]);
  const turn = new TurnView(started.state, () => {});
  turn.take(
    [
      {
        type: "message.delta",
        text: answer,
        path: "flow/two#1",
        turnId: "t",
        sessionId: "s",
        time: 0,
      },
    ],
    style,
  );
  const items = Array.from({ length: 9 }, (_, at) => ({ label: `/command${at}`, insert: `command${at}` }));
  return {
    app: {
      ...START,
      editor: { ...EMPTY_EDITOR, text, cursor: text.length },
      queue: Array.from({ length: queued }, (_, at) => `queued ${at} ${"long ".repeat(30)}`),
      completion: { start: 0, end: 0, items },
    },
    turn,
    style,
    now: 1000,
    orchestration: "an-orchestration-with-a-long-name",
    model: "some/model-with-a-name-that-is-long",
    spending: { tokens: 12_345, cost: 1.5, isPartial: true, context: 3000 },
    contextWindow: 8000,
    rail: turn.rail,
  };
}

test("the live region is two rows shorter than any window, and narrower", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 3, max: 160 }),
      fc.integer({ min: 3, max: 60 }),
      fc.array(fc.constantFrom("word ", "漢字", "x", "\n"), { maxLength: 80 }),
      fc.nat({ max: 6 }),
      fc.array(fc.constantFrom("text and ", "- item\n", "\n", "```\ncode\n"), { maxLength: 60 }),
      (columns, rows, typed, queued, answer) => {
        const facts = factsOf(columns, typed.join(""), queued, answer.join(""));
        const frame = frameOf(facts, { columns, rows });
        const height = frame.above.length + frame.editor.rows + frame.below.length;
        expect(height).toBeLessThanOrEqual(Math.max(1, rows - 2));
        expect(editorWindow(facts.app.editor, frame.editor.width, frame.editor.rows).rows).toHaveLength(
          frame.editor.rows,
        );
        for (const line of [...frame.above, ...frame.below])
          expect(widthOf(plainText(line))).toBeLessThan(Math.max(3, columns));
      },
    ),
    { numRuns: 400 },
  );
});

test("T18: the next item of the queue is shown first, and what is not shown is counted", () => {
  const facts = { ...factsOf(100, "", 5, ""), turn: undefined };
  const rows = frameOf(facts, { columns: 100, rows: 30 }).above.map(plainText);
  expect(rows.filter((row) => row !== "").map((row) => row.slice(0, 10))).toEqual([
    "⧗ queued 0",
    "⧗ queued 1",
    "⧗ queued 2",
    "⧗ 2 more",
  ]);
});

test("a window without room keeps the input only", () => {
  const frame = frameOf(factsOf(20, "hello", 2, "an answer"), { columns: 20, rows: 6 });
  expect([frame.above, frame.below]).toEqual([[], []]);
});
