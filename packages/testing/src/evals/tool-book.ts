/** What tools gave when a case was recorded, given again to the same arguments. */
import type { Tool, ToolOutput } from "@orch/agents";
import { EvalMissError } from "../errors/eval-miss-error.ts";
import { RecordedToolError } from "../errors/recorded-tool-error.ts";
import type { EvalChange } from "./call-book.ts";
import type { EvalToolCall } from "./eval-case.ts";
import { canonicalText, plainValue } from "./plain-value.ts";

/** Gives recorded outputs; the same arguments again give the next of them, and the last one from then on. */
export class ToolBook {
  readonly missing: EvalChange[] = [];
  readonly #calls = new Map<string, EvalToolCall[]>();
  readonly #names = new Set<string>();

  constructor(calls: readonly EvalToolCall[]) {
    for (const call of calls) {
      const key = keyOf(call.name, call.input);
      this.#calls.set(key, [...(this.#calls.get(key) ?? []), call]);
      this.#names.add(call.name);
    }
  }

  readonly recorded = (tool: Tool): Tool => ({ ...tool, invoke: (input) => this.#give(tool.name, input) });

  #give(name: string, input: unknown): ToolOutput {
    const given = plainValue(input) ?? null;
    const calls = this.#calls.get(keyOf(name, given));
    const call = calls !== undefined && calls.length > 1 ? calls.shift() : calls?.[0];
    if (call === undefined) {
      const known = this.#names.has(name) ? "it was recorded with other arguments" : "it was never called";
      const change = { state: "", model: name, differences: [`${canonicalText(given)}: ${known}`] };
      this.missing.push(change);
      throw new EvalMissError({ ...change, left: 0 });
    }
    if (call.error !== undefined) throw new RecordedToolError({ tool: name, message: call.error });
    return call.output;
  }
}

/** A tool that runs, and writes down what it gave. */
export function writingTool(tool: Tool, calls: EvalToolCall[]): Tool {
  return {
    ...tool,
    invoke: async (input, ctx) => {
      const call = { name: tool.name, input: plainValue(input) ?? null };
      try {
        const output = await tool.invoke(input, ctx);
        if ((output as unknown) instanceof Error)
          calls.push({ ...call, error: (output as unknown as Error).message });
        else calls.push({ ...call, ...outputOf(output) });
        return output;
      } catch (error) {
        calls.push({ ...call, error: error instanceof Error ? error.message : String(error) });
        throw error;
      }
    },
  };
}

function outputOf(output: ToolOutput): Pick<EvalToolCall, "output"> {
  const value = plainValue(output);
  return value === undefined ? {} : { output: value };
}

function keyOf(name: string, input: Parameters<typeof canonicalText>[0]): string {
  return `${name} ${canonicalText(input)}`;
}
