/** AI SDK: `generateText` with tools, and `streamText`. */
import { generateText, isStepCount, streamText, tool } from "ai";
import { z } from "zod";
import { Adder, INSTRUCTIONS, QUESTION, TOOL, TOOL_DESCRIPTION } from "../../fake-model.ts";
import type { Subject } from "../../subject.ts";
import { callingModel, streamingModel } from "./fake-model.ts";

const turns: Subject = ({ size }) => {
  const adder = new Adder();
  const { model, restart } = callingModel(size);
  const tools = {
    [TOOL]: tool({
      description: TOOL_DESCRIPTION,
      inputSchema: z.object({ a: z.number(), b: z.number() }),
      execute: async (input) => adder.add(input),
    }),
  };
  return {
    run: async () => {
      restart();
      const { text } = await generateText({
        model,
        instructions: INSTRUCTIONS,
        prompt: QUESTION,
        tools,
        stopWhen: isStepCount(size + 1),
      });
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
  return {
    run: async () => {
      let length = 0;
      const { textStream } = streamText({ model, instructions: INSTRUCTIONS, prompt: QUESTION });
      for await (const delta of textStream) {
        tick();
        length += delta.length;
      }
      return length;
    },
  };
};
