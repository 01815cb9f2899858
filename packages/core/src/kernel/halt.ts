/** Halting: after a terminal error of a branch a fan-out starts nothing more, and ends when nothing goes on in it. */
import { FatalError } from "../errors/fatal-error.ts";
import { HaltedError } from "../errors/halted-error.ts";
import { messageOf } from "../errors/message-of.ts";
import { isTerminal } from "../errors/terminal.ts";
import type { Activation } from "./activation.ts";
import { atOnce } from "./at-once.ts";
import { censusOf } from "./census-of.ts";
import type { Mark } from "./decisions.ts";
import { failureOf } from "./failure-of.ts";
import type { FanFrame } from "./fan-frame.ts";
import type { Completion, Sink } from "./transition.ts";

/** The part of a fan-out's node that decides about terminal errors. */
export interface HaltingNode {
  /** Whether a failed branch is a result like any other; the census then counts it. */
  readonly settled?: boolean | undefined;
  /** The result of a branch that did not end, where a settled fan-out completes with what is there. */
  readonly unended?: ((error: Error) => unknown) | undefined;
  /** Decides whether the failure of a branch is terminal. Default: {@link isTerminal}. */
  readonly terminal?: ((failure: Error) => boolean) | undefined;
  /** Makes the part of a host that holds what a halted fan-out would start. It stands here, so that a program without fan-outs has none of it. */
  readonly halts: (deliver: (completion: Completion) => void) => Halting;
}

/** The halted fan-outs of a run, and the operations in them that are not to begin. */
export interface Halting {
  /** A fan-out was halted. */
  readonly add: (fan: Activation) => void;
  /** Keeps back an operation when a fan-out around it is halted; tells whether it did. */
  readonly holds: (operation: Activation) => boolean;
  /** Keeps back an operation until it is aborted. */
  readonly hold: (operation: Activation) => void;
  /** Ends the fan-outs in which nothing goes on any more; tells whether there was one. */
  readonly settle: () => boolean;
}

/** Halts a fan-out on account of a failed branch, if that is decided. */
export function haltOn(fan: Activation, frame: FanFrame, failure: Error, sink: Sink): void {
  if (frame.halted !== undefined) return;
  const { decisions } = sink;
  const mark = decisions?.recallMark("halt") ?? decide(fan, frame, failure, sink);
  if (mark === "on") return;
  decisions?.note({ halt: mark.error });
  frame.halted = mark.error ?? failure;
  sink.halted(fan);
}

function decide(fan: Activation, { node }: FanFrame, failure: Error, { decisions }: Sink): Mark | "on" {
  try {
    const isHalt =
      node.terminal === undefined ? isTerminal(failure, fan.path) : atOnce(node.terminal(failure));
    return isHalt ? { error: null } : "on";
  } catch (cause) {
    // Whether the failure is terminal is not known, and going on may cost money.
    const says = `The option terminal of "${fan.runnable.id}" threw. It was asked about this failure: ${messageOf(failure)}`;
    const fix = "Make the function hold for every failure of a branch.";
    const error = failureOf(fan, new FatalError(says, { cause, fix }));
    return { error: decisions?.kept(error) ?? error };
  }
}

/** Whether an activation is inside of a halted fan-out. */
export function isHalted(activation: Activation): boolean {
  for (let at: Activation = activation; at.parent !== undefined; at = at.parent) {
    if (at.slot !== -1 && (at.parent.frame as FanFrame).halted !== undefined) return true;
  }
  return false;
}

/** The error of a halted fan-out in which nothing goes on any more. */
export function haltedError(fan: Activation): HaltedError {
  const { halted } = fan.frame as FanFrame;
  return new HaltedError({ runnable: fan.runnable.id, ...censusOf(fan) }, halted!);
}
