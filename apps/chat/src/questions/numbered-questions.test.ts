import { expect, it } from "vitest";
import {
  type ChosenQuestion,
  chosenQuestion,
  type NumberedQuestion,
  QuestionNumbers,
} from "./numbered-questions.ts";

const numbers = new QuestionNumbers();

function asks(run: string, question: string, isBehind = true): NumberedQuestion {
  const asked = { id: question, path: question, state: "ask", prompt: "?" };
  return { ...numbers.of(run, question), asked, isBehind };
}

const here = asks("run0", "a#1", false);
const first = asks("run1", "a#1");
const second = asks("run1", "b#1");
const third = asks("run2", "a#1");

function of(typed: string, open: readonly NumberedQuestion[]): string {
  const chosen: ChosenQuestion<NumberedQuestion> = chosenQuestion(typed, open, numbers.knows);
  if (chosen.type === "answer") return `${chosen.question.number}: ${chosen.text}`;
  if (chosen.type === "bare") return `${chosen.question.number}`;
  return chosen.type === "none" ? `none ${chosen.word}${chosen.gone ? " gone" : ""}` : chosen.type;
}

it("a question keeps its number, and none takes that of another", () => {
  expect([here, first, second, third].map(({ number }) => number)).toEqual([1, 2, 3, 4]);
  expect(asks("run1", "b#1").number).toBe(3);
  expect(new Set([here, first, second, third].map(({ name }) => name)).size).toBe(4);
});

it.each([
  ["", "list"],
  ["3 red", "3: red"],
  ["3  two words ", "3: two words"],
  [`${second.name.slice(0, 5)} red`, "3: red"],
  [`${here.name} yes`, "1: yes"],
  ["1 yes", "1: yes"],
  ["3", "3"],
  ["9 red", "none 9"],
  ["zzzz red", "none zzzz"],
  ["yes", "which"],
  ["Yes, please", "which"],
])("of several questions %j is for %s", (typed, told) => {
  expect(of(typed, [here, first, second, third])).toBe(told);
});

it.each([
  ["red", "3: red"],
  ["two words", "3: two words"],
  ["3", "3: 3"],
  ["12", "3: 12"],
  ["3 12", "3: 12"],
  // Meant for others, and so no answer to this one.
  ["2 red", "none 2 gone"],
  [`${first.name.slice(0, 4)} red`, `none ${first.name.slice(0, 4)} gone`],
  ["12 apples", "none 12"],
])("of one question in the background %j is for %s", (typed, told) => {
  expect(of(typed, [here, second])).toBe(told);
});

it("what asks in the panel is answered only by its name", () => {
  expect(of("yes", [here])).toBe("which");
  expect(of("1 yes", [here])).toBe("1: yes");
});

it("an id that several begin with says so", () => {
  const twin = { ...second, name: `${first.name.slice(0, 4)}x` };
  expect(of(`${first.name.slice(0, 4)} red`, [first, twin])).toBe("shared");
});
