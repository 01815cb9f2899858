/**
 * What a fork gives to a state: another input, or an output in the place of running it. It stands in the record with
 * which the state starts, so that a fork is made again from its journal like any other run.
 */

import type { Activation } from "../kernel/activation.ts";
import type { Compiled } from "../kernel/compiled.ts";
import type { Question, WaitNode } from "../kernel/node.ts";
import type { Sink } from "../kernel/transition.ts";
import { given as present } from "../platform/given.ts";
import type { Codec } from "./codec.ts";
import type { FoldOptions } from "./fold-options.ts";
import type { Json } from "./json.ts";

/** One gift. An output that is given to a composite tells whether that rested in the first run until then, or kept its place. */
export type Gift = readonly [path: string, place: "input" | "rested" | "kept", value?: Json];

/** What is done with activations before they start: they are given what a fork put in the place of their input or output. */
export function giving(
  given: readonly Json[],
  { watch, codec }: Pick<FoldOptions, "watch" | "codec">,
): Sink["entering"] {
  return (activation) => {
    watch?.entering(activation);
    give(activation, given, codec);
  };
}

/** Gives an activation that is about to start what is there for its path. */
function give(activation: Activation, given: readonly Json[], codec: Codec): void {
  for (const [path, place, json] of given as unknown as readonly Gift[]) {
    if (path !== activation.path) continue;
    const value = codec.decode(json);
    if (place === "input") (activation as { input: unknown }).input = value;
    else {
      const made = endingWith(activation.runnable, value, place === "kept");
      Object.assign(activation, { runnable: made, node: made.node });
    }
  }
}

const ending = new WeakSet<Compiled>();

/** Whether an operation gives what a fork gave to it. */
export function isGiven({ runnable }: Activation): boolean {
  return ending.has(runnable);
}

/** A runnable that looks like this one, and gives this output without running anything. */
function endingWith(runnable: Compiled, value: unknown, keepsPlace: boolean): Compiled {
  const { id, node } = runnable;
  const none = { input: undefined, output: undefined, retry: undefined, timeout: undefined };
  const plain = { ...runnable, ...none, concurrency: undefined, isPlain: true };
  const made =
    node === undefined
      ? { ...plain, source: { id, invoke: () => value } }
      : {
          ...plain,
          node: {
            kind: node.kind,
            ...present({ width: node.width }),
            wait: waitFor(value, (node as WaitNode).question?.output),
            keepsPlace,
          },
        };
  ending.add(made);
  return made;
}

/** A question with its input has a given answer in the place of its own. */
function waitFor(given: unknown, output: Question["output"]): WaitNode["wait"] {
  return (operation, waits) => {
    const value = output === undefined ? given : output(operation.input, given);
    waits.deliver({ kind: "completed", operation, value });
  };
}
