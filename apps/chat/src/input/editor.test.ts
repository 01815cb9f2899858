import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { widthOf } from "../terminal/width.ts";
import { type EditorAction, type EditorFacts, edit, editorCells, fullText } from "./editor.ts";
import { type EditorState, EMPTY_EDITOR } from "./editor-state.ts";
import { editorWindow } from "./editor-window.ts";

const facts: EditorFacts = { width: 20, history: ["first", "second\nline"] };

/** Applies actions to a text in which `|` is the cursor; gives the text with its cursor. */
function run(marked: string, ...actions: readonly EditorAction[]): string {
  let state: EditorState = { ...EMPTY_EDITOR, text: marked.replace("|", ""), cursor: marked.indexOf("|") };
  for (const action of actions) state = edit(state, action, facts).state;
  return `${state.text.slice(0, state.cursor)}|${state.text.slice(state.cursor)}`;
}
const move = (to: Extract<EditorAction, { type: "move" }>["to"]): EditorAction => ({ type: "move", to });
const del = (to: Extract<EditorAction, { type: "delete" }>["to"]): EditorAction => ({ type: "delete", to });

describe("the editor", () => {
  test.each<[string, string, EditorAction, string]>([
    ["inserts at the cursor", "a|c", { type: "insert", text: "b" }, "ab|c"],
    ["moves over a whole emoji", "a👩‍👩‍👧|", move("left"), "a|👩‍👩‍👧"],
    ["moves over a letter with its mark", "|e\u0301x", move("right"), "e\u0301|x"],
    ["moves by words", "one two-three|", move("word-left"), "one two-|three"],
    ["moves to the end of a word", "|  one two", move("word-right"), "  one| two"],
    ["moves to the start of its line", "a\nbc|", move("line-start"), "a\n|bc"],
    ["moves to the end of its line", "a|b\nc", move("line-end"), "ab|\nc"],
    ["deletes a whole emoji", "a👩‍👩‍👧|", del("left"), "a|"],
    ["deletes forward", "a|bc", del("right"), "a|c"],
    ["deletes a word", "one two |three", del("word-left"), "one |three"],
    ["deletes to the start of the line", "a\nbcd|e", del("line-start"), "a\n|e"],
    ["deletes to the end of the line", "a|bc\nd", del("line-end"), "a|\nd"],
    ["deletes nothing at the beginning", "|a", del("left"), "|a"],
    ["begins a line after a backslash", "a\\|", { type: "enter" }, "a\n|"],
    ["puts a completion in place", "/gr|", { type: "replace", start: 1, end: 3, text: "graph " }, "/graph |"],
    ["moves up by column", "abcd\nabc|", move("up"), "abc|d\nabc"],
    [
      "moves down in a wrapped line",
      "|aaaaaaaaaa bbbbbbbbb cccc",
      move("down"),
      "aaaaaaaaaa bbbbbbbbb| cccc",
    ],
  ])("%s", (_name, before, action, after) => {
    expect(run(before, action)).toBe(after);
  });

  test("keeps its column over a short line", () => {
    expect(run("abcdef|\nx\nabcdefgh", move("down"), move("down"))).toBe("abcdef\nx\nabcdef|gh");
  });

  test("T14: Up puts the cursor behind the recalled text, and goes on to older ones over all their rows", () => {
    expect(run("|", move("up"), { type: "insert", text: "X" })).toBe("second\nlineX|");
    expect(run("|", move("up"), move("up"), { type: "insert", text: "X" })).toBe("firstX|");
    // Once it is changed, Up moves in it.
    expect(run("|", move("up"), { type: "insert", text: "X" }, move("up"))).toBe("secon|d\nlineX");
    expect(run("|", move("up"), move("up"), move("down"))).toBe("second\nline|");
  });

  test("T15: killed text comes back where the cursor is", () => {
    const yank: EditorAction = { type: "yank" };
    const back = [move("word-left"), move("word-left")];
    expect(run("hello brave new world|", ...back, del("line-end"), yank)).toBe("hello brave new world|");
    expect(run("one two|", del("line-start"), yank, yank)).toBe("one twoone two|");
    // Kills in a row are one text; a move between them begins another.
    expect(run("one two three|", del("word-left"), del("word-left"), yank)).toBe("one two three|");
    expect(run("a |b", del("line-end"), del("line-start"), yank)).toBe("a b|");
    expect(run("one two|", del("word-left"), move("text-start"), del("word-right"), yank)).toBe("one| ");
    // A single character is deleted, not killed.
    expect(run("one two|", del("word-left"), del("left"), yank)).toBe("onetwo|");
  });

  test("T15: a killed paste comes back whole, also after the input was sent", () => {
    const pasted = "line\n".repeat(40);
    let { state } = edit(EMPTY_EDITOR, { type: "paste", text: pasted }, facts);
    for (const action of [
      del("line-start"),
      { type: "insert", text: "x" },
      { type: "enter" },
      { type: "yank" },
    ])
      state = edit(state, action as EditorAction, facts).state;
    expect(state.text).toBe("[Pasted text #1, 40 lines]");
    expect(fullText(state)).toBe(pasted);
  });

  test("T15: undo takes words, pastes, kills and clearing back, one step at a time, and redo brings them again", () => {
    const insert = (text: string): EditorAction => ({ type: "insert", text });
    const paste: EditorAction = { type: "paste", text: "x\n".repeat(20) };
    const undo: EditorAction = { type: "undo" };
    let state = EMPTY_EDITOR;
    const seen = [state.text];
    for (const action of [
      insert("hello"),
      insert(" wor"),
      insert("ld"),
      paste,
      del("line-start"),
      { type: "clear" },
    ])
      state = edit(state, action as EditorAction, facts).state;
    for (let step = 0; step < 6; step++) {
      state = edit(state, undo, facts).state;
      seen.push(state.text);
    }
    const label = "[Pasted text #1, 20 lines]";
    expect(seen.slice(1)).toEqual([`hello world${label}`, "hello world", "hello ", "", "", ""]);
    for (let step = 0; step < 6; step++) state = edit(state, { type: "redo" }, facts).state;
    expect(state.text).toBe("");
    state = edit(state, undo, facts).state;
    expect(fullText(state)).toBe(`hello world${"x\n".repeat(20)}`);
  });

  test("T15: a draft comes back that lay under a recalled entry when that was sent", () => {
    let { state } = edit(EMPTY_EDITOR, { type: "insert", text: "a long draft" }, facts);
    for (const action of [move("up"), { type: "enter" }, { type: "undo" }])
      state = edit(state, action as EditorAction, facts).state;
    expect(state.text).toBe("a long draft");
  });

  test("counts the lines of a paste that ends with a line feed as a reader does", () => {
    const { state } = edit(EMPTY_EDITOR, { type: "paste", text: "line\n".repeat(500) }, facts);
    expect(state.text).toBe("[Pasted text #1, 500 lines]");
  });

  test("collapses a large paste to one cell and sends every byte of it", () => {
    const text = Array.from(
      { length: 120 },
      (_, at) => `line ${at} \u0000\u202e $& [Pasted text #1, 120 lines]`,
    ).join("\r\n");
    let { state } = edit(EMPTY_EDITOR, { type: "insert", text: "see " }, facts);
    state = edit(state, { type: "paste", text }, facts).state;
    state = edit(state, { type: "insert", text: "!" }, facts).state;
    expect(state.text).toBe("see [Pasted text #1, 120 lines]!");
    expect(editorCells(state)).toHaveLength(6);
    expect(edit(state, { type: "enter" }, facts).send).toBe(`see ${text.replaceAll("\r\n", "\n")}!`);
    state = edit(edit(state, move("left"), facts).state, del("left"), facts).state;
    expect(state.text).toBe("see !");
  });

  test("shows older entries at the first row, and gives the draft back", () => {
    let state = edit(EMPTY_EDITOR, { type: "insert", text: "draft" }, facts).state;
    const seen: string[] = [];
    for (const to of ["up", "up", "up", "down", "down", "down"] as const) {
      state = edit(state, move(to), facts).state;
      seen.push(state.text);
    }
    expect(seen).toEqual(["second\nline", "first", "first", "second\nline", "draft", "draft"]);
    expect(state.recall).toBeUndefined();
  });

  test("draws at most eight rows, with the cursor among them", () => {
    const text = Array.from({ length: 30 }, (_, at) => `row ${at}`).join("\n");
    const state: EditorState = { ...EMPTY_EDITOR, text, cursor: text.length };
    const view = editorWindow(state, 20, 50);
    expect(view).toMatchObject({ above: 22, below: 0, cursor: { row: 7, column: 6 } });
    expect(view.rows).toHaveLength(8);
    expect(view.rows.at(-1)).toBe("row 29");
  });

  test("shows hidden characters in what was typed by their number", () => {
    const state: EditorState = { ...EMPTY_EDITOR, text: "a\u202eb\u001b", cursor: 0 };
    expect(editorWindow(state, 40).rows).toEqual(["a⟨U+202E⟩b⟨U+001B⟩"]);
  });

  test("keeps its cursor between graphemes, its rows in width, and every character, whatever is done", () => {
    const text = fc
      .array(
        fc.constantFrom(
          "a",
          " ",
          "\n",
          "漢",
          "👩‍👩‍👧",
          "\u0301",
          "\u200d",
          "🇫",
          "word",
          "\t",
          "\r\n",
          "\ud800",
        ),
        { maxLength: 8 },
      )
      .map((parts) => parts.join(""));
    const to = fc.constantFrom(
      "left",
      "right",
      "word-left",
      "word-right",
      "line-start",
      "line-end",
      "text-start",
      "text-end",
      "up",
      "down",
    );
    const action = fc.oneof(
      fc.record({ type: fc.constantFrom("insert", "paste"), text }),
      fc.record({ type: fc.constant("paste"), text: text.map((each) => each + "x\n".repeat(12)) }),
      fc.record({ type: fc.constant("move"), to }),
      fc.record({ type: fc.constant("delete"), to: to.filter((each) => each !== "up" && each !== "down") }),
      fc
        .constantFrom<EditorAction["type"]>("newline", "enter", "clear", "yank", "undo", "redo")
        .map((type) => ({ type })),
    ) as fc.Arbitrary<EditorAction>;
    fc.assert(
      fc.property(fc.array(action, { maxLength: 25 }), (actions) => {
        let state = EMPTY_EDITOR;
        for (const each of actions) {
          const before = state;
          state = edit(state, each, facts).state;
          if (each.type === "paste") {
            const pasted = each.text.replaceAll("\r\n", "\n");
            expect(fullText(state)).toContain(pasted);
            expect(fullText(state).length).toBe(fullText(before).length + pasted.length);
          }
          const edges = [0, ...editorCells(state).map((cell) => cell.end)];
          expect(edges).toContain(state.cursor);
          const view = editorWindow(state, facts.width);
          for (const row of view.rows)
            if (!row.includes("Pasted")) expect(widthOf(row)).toBeLessThanOrEqual(facts.width);
          expect(view.cursor.row).toBeLessThan(view.rows.length);
        }
      }),
      { numRuns: 400 },
    );
  });
});
