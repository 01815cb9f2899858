/** OpenAI Agents: a runner without tracing over a model of its interface. */
import { Agent, type Model, Runner, tool, Usage } from "@openai/agents";
import { z } from "zod";
import {
  Adder,
  argumentsOf,
  FINAL,
  INSTRUCTIONS,
  QUESTION,
  TOOL,
  TOOL_DESCRIPTION,
} from "../../fake-model.ts";
import type { Subject } from "../../subject.ts";
import { DELTA } from "../../work.ts";

const runner = new Runner({ tracingDisabled: true });

function textItem(text: string) {
  return {
    type: "message" as const,
    role: "assistant" as const,
    status: "completed" as const,
    content: [{ type: "output_text" as const, text }],
  };
}

const turns: Subject = ({ size }) => {
  const adder = new Adder();
  let turn = 0;
  const model: Model = {
    getResponse: async () => {
      turn += 1;
      const usage = new Usage({ inputTokens: 10, outputTokens: 5, totalTokens: 15 });
      if (turn > size) return { usage, output: [textItem(FINAL)] };
      const callId = `call_${turn}`;
      const input = JSON.stringify(argumentsOf(turn));
      return {
        usage,
        output: [
          { type: "function_call", id: callId, callId, name: TOOL, status: "completed", arguments: input },
        ],
      };
    },
    getStreamedResponse: () => {
      throw new TypeError("This model does not stream.");
    },
  };
  const worker = new Agent({
    name: "worker",
    instructions: INSTRUCTIONS,
    model,
    tools: [
      tool({
        name: TOOL,
        description: TOOL_DESCRIPTION,
        parameters: z.object({ a: z.number(), b: z.number() }),
        execute: async (input) => adder.add(input),
      }),
    ],
  });
  return {
    run: async () => {
      turn = 0;
      const { finalOutput } = await runner.run(worker, QUESTION, { maxTurns: size + 1 });
      return adder.answer(finalOutput);
    },
  };
};

/** A short conversation. */
export const agent10: Subject = turns;

/** A long one. */
export const agent100: Subject = turns;

/** Deltas, read from the text stream. */
export const deltas: Subject = ({ size, tick }) => {
  const model: Model = {
    getResponse: async () => {
      throw new TypeError("This model streams.");
    },
    getStreamedResponse: async function* () {
      yield { type: "response_started" };
      for (let index = 0; index < size; index++) yield { type: "output_text_delta", delta: DELTA };
      yield {
        type: "response_done",
        response: {
          id: "response",
          usage: { inputTokens: 10, outputTokens: 5, totalTokens: 15 },
          output: [textItem(DELTA.repeat(size))],
        },
      };
    },
  };
  const writer = new Agent({ name: "writer", instructions: INSTRUCTIONS, model });
  return {
    run: async () => {
      let length = 0;
      const stream = await runner.run(writer, QUESTION, { stream: true });
      for await (const delta of stream.toTextStream()) {
        tick();
        length += delta.length;
      }
      await stream.completed;
      return length;
    },
  };
};
