/** The floor: the loop around a model, and nothing else. */
import { Adder, argumentsOf, FINAL, QUESTION, TOOL } from "../../fake-model.ts";
import type { Subject } from "../../subject.ts";
import { DELTA } from "../../work.ts";

interface Reply {
  readonly call?: { readonly name: string; readonly input: string };
  readonly text?: string;
}

const turns: Subject = ({ size }) => {
  const adder = new Adder();
  return {
    run: async () => {
      let turn = 0;
      const model = async (_: readonly unknown[]): Promise<Reply> =>
        ++turn <= size ? { call: { name: TOOL, input: JSON.stringify(argumentsOf(turn)) } } : { text: FINAL };
      const messages: unknown[] = [QUESTION];
      for (;;) {
        const reply = await model(messages);
        messages.push(reply);
        if (reply.call === undefined) return adder.answer(reply.text);
        messages.push(JSON.stringify(adder.add(JSON.parse(reply.call.input))));
      }
    },
  };
};

/** A short conversation. */
export const agent10: Subject = turns;

/** A long one. */
export const agent100: Subject = turns;

/** An async generator, read. */
export const deltas: Subject = ({ size, tick }) => {
  const model = async function* (): AsyncGenerator<string> {
    for (let index = 0; index < size; index++) yield DELTA;
  };
  return {
    run: async () => {
      let length = 0;
      for await (const delta of model()) {
        tick();
        length += delta.length;
      }
      return length;
    },
  };
};
