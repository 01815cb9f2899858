/** What the agents of a kept run were told by their models and tools, from its journal. */
import type { AssistantMessage, ToolCallPart, Usage } from "@orch/agents";
import { type Json, parseJson } from "@orch/core";
import type { JournalRecord } from "@orch/core/host";
import type { EvalCall, EvalToolCall } from "./eval-case.ts";
import type { EvalToolUse } from "./eval-outcome.ts";
import { plainValue } from "./plain-value.ts";

/** The name under which an agent keeps a turn: who it is, the calls that lead to it, the turn. */
const TURN = /^(.*):turn:((?:\d+:\d+\/)*)(\d+)$/s;
/** The same of a result: the turn, and the position of the call in it. */
const TOOL = /^(.*):tool:((?:\d+:\d+\/)*)(\d+):(\d+):[^:]*$/s;

/** Reads the records of a run. A record of another form tells nothing. */
export class JournalReader {
  readonly calls: EvalCall[] = [];
  readonly tools: EvalToolCall[] = [];
  readonly used: EvalToolUse[] = [];
  readonly #said = new Map<string, AssistantMessage>();

  constructor(records: readonly JournalRecord[]) {
    for (const { type, path, value, more } of records) {
      const name = type === "once" ? fieldOf(jsonOf(more), "n") : undefined;
      if (typeof name === "string") this.#take(path, name, jsonOf(value));
    }
  }

  #take(path: string, name: string, kept: Json | undefined): void {
    const [turn, who, around, nth] = TURN.exec(name) ?? [];
    const message = fieldOf(kept, "message") as AssistantMessage | undefined;
    if (turn !== undefined && message?.role === "assistant") {
      this.#said.set(`${path} ${who} ${around}${nth}`, message);
      const usage = fieldOf(fieldOf(kept, "spent"), "usage") as Usage | undefined;
      this.calls.push({ state: path, message, usage: usage ?? { input: 0, output: 0 } });
      for (const call of callsIn(message))
        this.used.push({ state: path, name: call.name, input: inputOf(call) });
      return;
    }
    const [tool, by, inside, of, position] = TOOL.exec(name) ?? [];
    if (tool === undefined) return;
    const call = callsIn(this.#said.get(`${path} ${by} ${inside}${of}`))[Number(position)];
    const given = resultOf(fieldOf(kept, "result"));
    if (call !== undefined && given !== undefined) {
      this.tools.push({ name: call.name, input: inputOf(call), ...given });
    }
  }
}

function callsIn(message: AssistantMessage | undefined): readonly ToolCallPart[] {
  return message?.content.filter((part) => part.type === "tool-call") ?? [];
}

function inputOf({ input }: ToolCallPart): Json {
  return plainValue(input) ?? null;
}

function resultOf(result: unknown): Pick<EvalToolCall, "output" | "error"> | undefined {
  const output = plainValue(fieldOf(result, "output"));
  if (output === undefined) return undefined;
  if (fieldOf(result, "isError") !== true) return { output };
  return { error: typeof output === "string" ? output : JSON.stringify(output) };
}

function jsonOf(text: string | undefined): Json | undefined {
  try {
    return text === undefined ? undefined : parseJson(text, { maxDepth: 256 });
  } catch {
    return undefined;
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
