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

/** `/answer [n] value` */
export function answerCommand(desk: Desk): Command {
  return {
    name: "answer",
    usage: "/answer [n] <value>",
    description: "answer what a run in the background asks",
    when: "always",
    run: (typed) => desk.background.answer(typed),
  };
}
