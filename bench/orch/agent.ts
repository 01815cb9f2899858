/** Orch: an agent over a model in the process. */
import {
  type AssistantPart,
  agent,
  type FinishReason,
  type Model,
  type ModelEvent,
  runAgent,
  streamAgent,
  tool,
} from "@orch/agents";
import { z } from "zod";
import { Adder, argumentsOf, FINAL, INSTRUCTIONS, QUESTION, TOOL, TOOL_DESCRIPTION } from "../fake-model.ts";
import type { Subject } from "../subject.ts";
import { DELTA } from "../work.ts";

const id = { provider: "bench", api: "none", model: "fake" } as const;
const usage = { input: 10, output: 5 } as const;
const caps: Model["caps"] = {
  generative: true,
  tools: true,
  parallelTools: true,
  output: "native",
  outputWithTools: true,
  images: false,
  files: false,
  reasoning: false,
};

/** A message of one part, without a generator: the model of this case is to cost next to nothing. */
class Said implements AsyncIterableIterator<ModelEvent> {
  readonly #part: AssistantPart;
  readonly #reason: FinishReason;
  #given = 0;

  constructor(part: AssistantPart, reason: FinishReason) {
    this.#part = part;
    this.#reason = reason;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<ModelEvent>> {
    const part = this.#part;
    this.#given += 1;
    if (this.#given === 1) return { done: false, value: { type: "part", index: 0, part } };
    if (this.#given > 2) return { done: true, value: undefined };
    const finish = { reason: this.#reason };
    const message = { role: "assistant", content: [part], origin: id, finish } as const;
    return { done: false, value: { type: "finish", message, usage } };
  }
}

const turns: Subject = ({ size }) => {
  const adder = new Adder();
  let turn = 0;
  const model: Model = {
    id,
    caps,
    stream: () => {
      turn += 1;
      if (turn > size) return new Said({ type: "text", text: FINAL }, "stop");
      const rawInput = JSON.stringify(argumentsOf(turn));
      return new Said({ type: "tool-call", id: `call_${turn}`, name: TOOL, rawInput }, "tool-calls");
    },
  };
  const add = tool({
    name: TOOL,
    description: TOOL_DESCRIPTION,
    input: z.object({ a: z.number(), b: z.number() }),
    invoke: async (input) => adder.add(input),
  });
  const worker = agent({
    name: "worker",
    instructions: INSTRUCTIONS,
    model,
    tools: [add],
    maxTurns: size + 1,
  });
  return {
    run: async () => {
      turn = 0;
      const { output } = await runAgent(worker, QUESTION);
      return adder.answer(output);
    },
  };
};

/** A short conversation. */
export const agent10: Subject = turns;

/** A long one. */
export const agent100: Subject = turns;

/** Deltas, read from the agent's events. */
export const deltas: Subject = ({ size, tick }) => {
  const model: Model = {
    id,
    caps,
    stream: async function* (): AsyncGenerator<ModelEvent> {
      for (let index = 0; index < size; index++) yield { type: "text", index: 0, delta: DELTA };
      const part = { type: "text", text: DELTA.repeat(size) } as const;
      yield { type: "part", index: 0, part };
      const message = { role: "assistant", content: [part], origin: id, finish: { reason: "stop" } } as const;
      yield { type: "finish", message, usage };
    },
  };
  const writer = agent({ name: "writer", instructions: INSTRUCTIONS, model });
  return {
    run: async () => {
      let length = 0;
      for await (const event of streamAgent(writer, QUESTION)) {
        if (event.type !== "agent.model" || event.event.type !== "text") continue;
        tick();
        length += event.event.delta.length;
      }
      return length;
    },
  };
};
