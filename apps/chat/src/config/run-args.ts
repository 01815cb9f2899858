/** The words of the commands over runs: `orch runs | inbox | answer | signal | attach | cancel`. */
import { UsageError } from "../errors/usage-error.ts";
import type { Flags, Invocation, Values } from "./args.ts";

/** Reads the words of a command over runs; see the room `runs`. */
export function runArgs(
  command: "runs" | "inbox" | "answer" | "signal" | "attach" | "cancel",
  [named, ...words]: readonly string[],
  values: Values,
  flags: Flags,
): Invocation {
  const hasValue = command === "answer" || command === "signal";
  const surplus = hasValue ? undefined : command === "runs" || command === "inbox" ? named : words[0];
  if (surplus !== undefined) throw new UsageError({ problem: `orch ${command} takes no "${surplus}".` });
  if (command === "runs") return { command, all: values["all"] === true, flags };
  if (command === "inbox") return { command, flags };
  if (named === undefined)
    throw new UsageError({
      problem:
        command === "answer"
          ? "orch answer needs a question and its answer; orch inbox lists the questions."
          : `orch ${command} needs a run; orch runs lists them.`,
    });
  if (command === "cancel") return { command, run: named, flags };
  if (command === "attach") return { command, run: named, from: numberOf(values["from"]), flags };
  if (command === "signal") return signalTo(named, words, values["key"], flags);
  if (words.length === 0)
    throw new UsageError({ problem: `orch answer ${named} needs an answer: yes, no, a text or JSON.` });
  return { command, question: named, value: words.join(" "), flags };
}

function signalTo(
  run: string,
  [kind, ...words]: readonly string[],
  key: string | boolean | undefined,
  flags: Flags,
): Invocation {
  if (kind === undefined)
    throw new UsageError({
      problem: `orch signal ${run} needs a kind of signal and its value; orch inbox lists what runs wait for.`,
    });
  if (words.length === 0)
    throw new UsageError({ problem: `orch signal ${run} ${kind} needs a value: yes, no, a text or JSON.` });
  const named = key === undefined ? {} : { key: String(key) };
  return { command: "signal", run, kind, value: words.join(" "), ...named, flags };
}

function numberOf(value: string | boolean | undefined): number {
  const number = Number(value ?? 1);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  throw new UsageError({ problem: `--from needs the number of an event, from 1, and not "${value}".` });
}
