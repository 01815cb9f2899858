import fc from "fast-check";
import { expect, test } from "vitest";
import { type EditorFacts, edit } from "./editor.ts";
import { type EditorState, EMPTY_EDITOR } from "./editor-state.ts";
import { VIM_INSERT, type VimStep, vimEscape, vimType } from "./vim.ts";

const facts: EditorFacts = { width: 40, history: ["sent before"] };

/** A text with `|` where the cursor stands. */
function at(text: string): EditorState {
  const cursor = text.indexOf("|");
  return { ...EMPTY_EDITOR, text: text.replace("|", ""), cursor };
}

function shown({ editor: { text, cursor }, vim }: VimStep): string {
  return `${text.slice(0, cursor)}|${text.slice(cursor)}${vim.mode === "insert" ? " i" : ""}${vim.pending === "" ? "" : ` ${vim.pending}`}`;
}

/** Types keys in normal mode; `E` is Escape, `R` is Ctrl-R. */
function typed(from: string, keys: string): string {
  let step: VimStep = { editor: at(from), vim: { mode: "normal", pending: "" } };
  for (const part of keys.match(/[ER]|[^ER]+/g) ?? []) {
    if (part === "E") step = vimEscape(step, facts) ?? step;
    else if (part === "R") step = { ...step, editor: edit(step.editor, { type: "redo" }, facts).state };
    else step = vimType(step, part, facts);
  }
  return shown(step);
}

test.each([
  // Motions.
  ["foo ba|r", "h", "foo b|ar"],
  ["foo b|ar", "9h", "|foo bar"],
  ["fo|o", "l", "fo|o"],
  ["|foo, bar", "w", "foo|, bar"],
  ["|foo, bar", "2w", "foo, |bar"],
  ["foo, b|ar", "2b", "foo|, bar"],
  ["|foo bar", "e", "fo|o bar"],
  ["|foo bar", "2e", "foo ba|r"],
  ["  foo| bar", "0", "|  foo bar"],
  ["  foo| bar", "^", "  |foo bar"],
  ["|foo bar", "$", "foo ba|r"],
  ["a\nb|b\nc", "$", "a\nb|b\nc"],
  ["a\n  bb\nc|", "gg", "|a\n  bb\nc"],
  ["|a\n  bb\nc", "G", "a\n  bb\n|c"],
  ["|a\n  bb\nc", "2G", "a\n  |bb\nc"],
  ["|a\nbb\nc", "j", "a\n|bb\nc"],
  ["a\nb|b\nc", "k", "|a\nbb\nc"],
  // Insert mode.
  ["f|oo", "iX", "fX|oo i"],
  ["f|oo", "aX", "foX|o i"],
  ["  fo|o", "IX", "  X|foo i"],
  ["f|oo\nbar", "AX", "fooX|\nbar i"],
  ["f|oo\nbar", "oX", "foo\nX|\nbar i"],
  ["foo\nb|ar", "OX", "foo\nX|\nbar i"],
  ["f|oo", "aXYE", "foX|Yo"],
  ["|foo", "iE", "|foo"],
  // Deleting and changing.
  ["f|oo", "x", "f|o"],
  ["fo|o", "x", "f|o"],
  ["f|oo\nbar", "9x", "|f\nbar"],
  ["|foo bar", "dw", "|bar"],
  ["|foo bar baz", "2dw", "|baz"],
  ["|foo bar baz", "d2w", "|baz"],
  ["foo |bar\nbaz", "dw", "foo| \nbaz"],
  ["foo |bar\n  baz", "2dw", "foo| "],
  ["foo b|ar", "d$", "foo |b"],
  ["foo b|ar", "D", "foo |b"],
  ["foo b|ar", "d0", "|ar"],
  ["foo b|ar", "db", "foo |ar"],
  ["|foo bar", "de", "| bar"],
  ["a\nb|b\nc", "dd", "a\n|c"],
  ["a\nb|b", "dd", "|a"],
  ["|only", "dd", "|"],
  ["|a\nbb\nc", "2dd", "|c"],
  ["a\nb|b\nc", "dG", "|a"],
  ["a\nb|b\nc", "dgg", "|c"],
  ["|a\nbb\nc", "dj", "|c"],
  ["a\nb|b\nc", "dk", "|c"],
  ["foo |bar", "cwX", "foo X| i"],
  ["|foo bar", "cwX", "X| bar i"],
  ["fo|o bar", "cwX", "foX| bar i"],
  ["foo b|ar", "CX", "foo bX| i"],
  ["a\nb|b\nc", "ccX", "a\nX|\nc i"],
  ["foo b|ar", "c$X", "foo bX| i"],
  // What was taken out comes back.
  ["|foo bar", "dwp", "bfoo| ar"],
  ["|foo bar", "dwP", "foo| bar"],
  ["|ab", "xp", "b|a"],
  ["|ab", "x3p", "baa|a"],
  ["a\nb|b\nc", "ddp", "a\nc\n|bb"],
  ["a\nb|b\nc", "ddP", "a\n|bb\nc"],
  ["a|a\nbb", "yyp", "aa\n|aa\nbb"],
  ["a|a\nbb", "2yyP", "|aa\nbb\naa\nbb"],
  ["|foo bar", "yw$p", "foo barfoo| "],
  ["|x", "p", "|x"],
  // Undo, redo.
  ["|foo bar", "dwu", "|foo bar"],
  ["|foo bar", "dwxuu", "|foo bar"],
  ["|foo bar", "dwuR", "|bar"],
  ["|foo bar", "xx2u", "|foo bar"],
  // What is no command does nothing.
  ["|foo", "dq", "|foo"],
  ["|foo", "Z", "|foo"],
  ["|foo", "2d", "|foo 2d"],
  ["|foo", "2dE", "|foo"],
  ["|foo", "g", "|foo g"],
  ["|foo", "gz", "|foo"],
  ["|", "xdwddD$weG", "|"],
  ["漢|字 é🇫🇷", "wx", "漢字 |🇫🇷"],
])("of %j the keys %s make %j", (from, keys, to) => expect(typed(from, keys)).toBe(to));

test("a paste that was collapsed is one character, and comes back whole", () => {
  const pasted = Array.from({ length: 40 }, (_, line) => `line ${line}`).join("\n");
  let step: VimStep = {
    editor: edit(EMPTY_EDITOR, { type: "paste", text: pasted }, facts).state,
    vim: VIM_INSERT,
  };
  step = vimEscape(step, facts)!;
  step = vimType(step, "x", facts);
  expect(step.editor.text).toBe("");
  step = vimType(step, "p", facts);
  expect([...step.editor.pastes.values()]).toContain(pasted);
});

test("whatever is typed, in whatever chunks, the cursor stands between two characters of the text", () => {
  const keys = fc.string({ unit: fc.constantFrom(..."hjklwbe0$^gGxdDcCiaIAoOupPy23 é漢", "\n", "👩‍👩‍👧") });
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("a ", "b", "\n", "漢", " ", ",") }),
      keys,
      fc.nat(),
      (text, all, cut) => {
        const from: VimStep = {
          editor: { ...EMPTY_EDITOR, text, cursor: 0 },
          vim: { mode: "normal", pending: "" },
        };
        const whole = vimType(from, all, facts);
        const half = [...all].length === 0 ? 0 : cut % [...all].length;
        const chars = [...all];
        const parts = vimType(
          vimType(from, chars.slice(0, half).join(""), facts),
          chars.slice(half).join(""),
          facts,
        );
        expect(shown(parts)).toBe(shown(whole));
        expect(whole.editor.cursor).toBeGreaterThanOrEqual(0);
        expect(whole.editor.cursor).toBeLessThanOrEqual(whole.editor.text.length);
      },
    ),
  );
});
