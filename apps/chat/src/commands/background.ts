import type { Command, Desk } from "./command.ts";

/** `/bg` */
export function bgCommand(desk: Desk): Command {
  return {
    name: "bg",
    usage: "/bg",
    description: "let the answer go on in the background",
    when: "always",
    run: () => desk.background.leave(),
  };
}

/** `/fg [n]` */
export function fgCommand(desk: Desk): Command {
  return {
    name: "fg",
    usage: "/fg [n]",
    description: "bring a run back from the background, or go on with one that was left",
    when: "idle",
    run: (named) => desk.background.bringBack(named),
  };
}

/** `/answer [question] value` */
export function answerCommand(desk: Desk): Command {
  return {
    name: "answer",
    usage: "/answer [n|id] <value>",
    description: "answer one of the questions that wait; alone it lists them",
    when: "always",
    values: () => desk.background.questions(),
    run: (typed) => desk.background.answer(typed),
  };
}
