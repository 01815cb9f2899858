import { messageOf } from "../errors/message-of.ts";
import { isOrchError } from "../errors/orch-error.ts";
import type { CircuitNode } from "../kernel/circuit.ts";
import { type BreakerDoors, CircuitBreaker } from "../run/circuit-breaker.ts";
import type { CircuitAct, CircuitChoice } from "../words/circuit.ts";
import type { Schema, SchemaResult } from "../words/schema.ts";

/** What a circuit asks, and what may be chosen. */
export interface CircuitOptions {
  /** What the human is shown besides the choices: plain data made of the terminal error. Default: the first line of its message. */
  readonly ask?: (error: Error) => unknown;
  /** The choices by their names, with what each does. Default: `go on`, `stop` and `end with what is there`. */
  readonly choices?: { readonly [choice: string]: CircuitAct };
}

/** What the human is shown. */
export interface CircuitPrompt {
  readonly prompt: unknown;
  readonly choices: readonly string[];
}

/** A circuit for the option `onTerminal` of an orchestration; {@link circuit} makes one. */
export interface Circuit {
  readonly choices: { readonly [choice: string]: CircuitAct };
}

const USUAL: NonNullable<CircuitOptions["choices"]> = {
  "go on": "go-on",
  stop: "stop",
  "end with what is there": "end",
};

/**
 * Lets a run ask a person, instead of failing, when a state meets an error that no further attempt can change. The run
 * waits with one question, however many states met the error, and nothing begins meanwhile. Its answer is the name of a
 * choice, or `{ choice, data }`; states read it as `ctx.choice`.
 *
 * @example
 * ```ts
 * const flow = orchestration("flow", define, {
 *   onTerminal: circuit({ choices: { "go on": "go-on", "use the small model": "go-on", stop: "stop" } }),
 * });
 * ```
 */
export function circuit(options: CircuitOptions = {}): Circuit {
  const { choices = USUAL, ask = firstLine } = options;
  const names = Object.keys(choices);
  const node: CircuitNode & Circuit = {
    choices,
    ask: (error): CircuitPrompt => ({ prompt: ask(error), choices: names }),
    answer: choiceSchema(names),
    stopped: (root, error) => {
      const attached = root.attach();
      if (root.parent === undefined && isOrchError(error, "ORCH_HALTED")) {
        const { runnable: _runnable, ...census } = error.facts;
        attached.censuses = [...(attached.censuses ?? []), census];
      }
      return { kind: "failed", error };
    },
    actOf: ({ choice }) => choices[choice] ?? "stop",
    breaker: (run, host) => new CircuitBreaker(node, run, host as BreakerDoors),
  };
  return Object.freeze(node);
}

function firstLine(error: Error): string {
  return messageOf(error).split("\n")[0]!;
}

function choiceSchema(names: readonly string[]): Schema<CircuitChoice> {
  const validate = (value: unknown): SchemaResult<CircuitChoice> => {
    const given = typeof value === "string" ? { choice: value } : value;
    const { choice, data } = (
      typeof given === "object" && given !== null ? given : {}
    ) as Partial<CircuitChoice>;
    if (choice === undefined || !names.includes(choice)) {
      return { issues: [{ message: `expected one of: ${names.join(", ")}`, path: ["choice"] }] };
    }
    return { value: data === undefined ? { choice } : { choice, data } };
  };
  return { "~standard": { version: 1, vendor: "orch", validate } };
}
