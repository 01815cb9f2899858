/**
 * Layers around what answers: a provider that fails is left for another, secrets stay here, and the same question
 * is answered once.
 *
 *   node --conditions=@orch/source examples/conversations/middleware.ts
 */
import { agent, type Model, textOf } from "@orch/agents";
import {
  agentRuntime,
  ChatRuntime,
  providerSwitch,
  type RuntimeMiddleware,
  redaction,
  responseCache,
  retry,
  withMiddleware,
} from "@orch/chat-runtime";
import { model } from "./model.ts";

// A provider that is down: each of its calls fails before the first word.
const down: Model = {
  ...model,
  stream: async function* () {
    const error = { kind: "overloaded", message: "too many requests", retryable: false } as const;
    const finish = { reason: "error", error } as const;
    const message = { role: "assistant", content: [], origin: model.id, finish } as const;
    yield { type: "finish", message, usage: { input: 0, output: 0 } };
  },
};
const answering = (by: Model) => agentRuntime(agent({ name: "assistant", model: by }));

// A layer of one's own is a function around the rest.
const timed: RuntimeMiddleware = async (turn, context, next) => {
  let runs = 0;
  const reply = await next(turn, {
    ...context,
    emit: (event) => {
      if (event.type === "run.started") runs += 1;
      context.emit(event);
    },
  });
  console.error(`answered by ${runs} runs`);
  return reply;
};

const configuration = withMiddleware(
  answering(down),
  timed,
  redaction({ patterns: [/sk-\w{8,}/] }),
  responseCache({ key: ({ text }) => text }),
  providerSwitch({ others: [answering(model)] }),
  retry({ attempts: 2, delay: 1 }),
);
await using runtime = new ChatRuntime(configuration);
for (const message of ["How are failed states retried?", "How are failed states retried?"])
  console.log(textOf(await runtime.invoke(message)).split("\n")[0]);
