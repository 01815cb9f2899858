/** An agent loop by hand, with a checked tool and a listener. */
import { z } from "zod";
import { Adder, argumentsOf, FINAL, QUESTION, TOOL } from "../../fake-model.ts";
import type { Subject } from "../../subject.ts";
import { DELTA } from "../../work.ts";

type Message =
  | { readonly role: "user" | "assistant"; readonly text: string }
  | { readonly role: "call"; readonly id: string; readonly name: string; readonly input: string }
  | { readonly role: "result"; readonly id: string; readonly output: string };

const turns: Subject = ({ size }) => {
  const adder = new Adder();
  const input = z.object({ a: z.number(), b: z.number() });
  let heard = 0;
  const listener = (_: { readonly type: string; readonly message: Message }): void => {
    heard += 1;
  };
  return {
    run: async () => {
      let turn = 0;
      heard = 0;
      const model = async (_: readonly Message[]): Promise<Message> =>
        ++turn <= size
          ? { role: "call", id: `call_${turn}`, name: TOOL, input: JSON.stringify(argumentsOf(turn)) }
          : { role: "assistant", text: FINAL };
      const messages: Message[] = [{ role: "user", text: QUESTION }];
      const say = (message: Message): void => {
        messages.push(message);
        listener({ type: "message", message });
      };
      for (;;) {
        const reply = await model(messages);
        say(reply);
        if (reply.role === "assistant") {
          if (heard !== messages.length - 1) throw new TypeError("The listener missed a message.");
          return adder.answer(reply.text);
        }
        if (reply.role !== "call") continue;
        const output = adder.add(input.parse(JSON.parse(reply.input)));
        say({ role: "result", id: reply.id, output: JSON.stringify(output) });
      }
    },
  };
};

/** A short conversation. */
export const agent10: Subject = turns;

/** A long one. */
export const agent100: Subject = turns;

/** An async generator of events, read, told on and collected. */
export const deltas: Subject = ({ size, tick }) => {
  const model = async function* (): AsyncGenerator<{ readonly type: "text"; readonly delta: string }> {
    for (let index = 0; index < size; index++) yield { type: "text", delta: DELTA };
  };
  const listener = (_: { readonly type: "text"; readonly delta: string }): void => tick();
  return {
    run: async () => {
      const texts: string[] = [];
      for await (const event of model()) {
        listener(event);
        texts.push(event.delta);
      }
      return texts.join("").length;
    },
  };
};
