/** Mastra: an agent over a language model of the AI SDK. */
import { Agent } from "@mastra/core/agent";
import { createTool } from "@mastra/core/tools";
import { z } from "zod";
import { Adder, INSTRUCTIONS, QUESTION, TOOL, TOOL_DESCRIPTION } from "../../fake-model.ts";
import type { Subject } from "../../subject.ts";
import { callingModel, streamingModel } from "../ai/fake-model.ts";

const turns: Subject = ({ size }) => {
  const adder = new Adder();
  const { model, restart } = callingModel(size);
  const worker = new Agent({
    id: "worker",
    name: "worker",
    instructions: INSTRUCTIONS,
    model: model as never,
    tools: {
      [TOOL]: createTool({
        id: TOOL,
        description: TOOL_DESCRIPTION,
        inputSchema: z.object({ a: z.number(), b: z.number() }),
        execute: async (input) => adder.add(input),
      }),
    },
  });
  return {
    run: async () => {
      restart();
      const { text } = await worker.generate(QUESTION, { maxSteps: size + 1 });
      return adder.answer(text);
    },
  };
};

/** A short conversation. */
export const agent10: Subject = turns;

/** A long one. */
export const agent100: Subject = turns;

/** Deltas, read from the text stream. */
export const deltas: Subject = ({ size, tick }) => {
  const model = streamingModel(size);
  const writer = new Agent({
    id: "writer",
    name: "writer",
    instructions: INSTRUCTIONS,
    model: model as never,
  });
  return {
    run: async () => {
      let length = 0;
      const { textStream } = await writer.stream(QUESTION);
      for await (const delta of textStream) {
        tick();
        length += delta.length;
      }
      return length;
    },
  };
};
