import type { Json } from "@orch/core";
import { type Script, scriptedModel } from "@orch/testing";
import { expect, it } from "vitest";
import { z } from "zod";
import { agent } from "../../agent/agent.ts";
import { streamAgent } from "../../run/runner.ts";
import type { Model, ModelCaps } from "../../words/model.ts";
import { OutputSoFar } from "./output-so-far.ts";

/** A scripted model whose pieces have three characters. */
function slowly(script: Script, caps: Partial<ModelCaps> = {}): Model {
  const model = scriptedModel(script, { caps });
  return {
    ...model,
    stream: async function* (request) {
      for await (const event of model.stream(request)) {
        if (event.type !== "text" && event.type !== "tool-input") yield event;
        else for (const delta of event.delta.match(/.{1,3}/gs) ?? []) yield { ...event, delta };
      }
    },
  };
}

const output = z.object({ title: z.string(), tags: z.array(z.string()).max(2) });
const POEM = { title: "The sea", tags: ["blue", "wide"] };

async function seenOf(model: Model): Promise<{ readonly seen: Json[]; readonly output: unknown }> {
  const reader = new OutputSoFar();
  const seen: Json[] = [];
  const events = streamAgent(agent({ name: "poet", model, output }), "a poem");
  for (;;) {
    const { done, value } = await events.next();
    if (done) return { seen, output: value.output };
    const sofar = reader.hear(value);
    if (sofar !== undefined) seen.push(sofar);
  }
}

it.each<[string, Script, Partial<ModelCaps>]>([
  ["as text", [{ value: POEM }], { output: "native" }],
  ["as the call of a tool", [{ calls: [{ name: "final_answer", input: POEM }] }], { output: "tool" }],
  ["in prose", [`Here it is:\n\`\`\`json\n${JSON.stringify(POEM)}\n\`\`\``], { output: "prompt" }],
])("shows an answer that a model writes %s, piece by piece", async (_way, script, caps) => {
  const { seen, output: last } = await seenOf(slowly(script, caps));
  expect(seen.length).toBeGreaterThan(5);
  expect(seen[0]).toEqual({});
  expect(seen).toContainEqual({ title: "The sea", tags: ["blue"] });
  expect(seen.at(-1)).toEqual(POEM);
  expect(last).toEqual(POEM);
});

it("begins anew when the answer is asked for again, and hears nothing of other tools", async () => {
  const wrong = { title: "Too many", tags: ["a", "b", "c"] };
  const { seen, output: last } = await seenOf(slowly([{ value: wrong }, { value: POEM }]));
  const again = seen.findIndex((value, at) => at > 0 && JSON.stringify(value) === "{}");
  expect(seen[again - 1]).toEqual(wrong);
  expect(seen.at(-1)).toEqual(POEM);
  expect(last).toEqual(POEM);
  const reader = new OutputSoFar();
  const event = { type: "tool-input", index: 0, id: "c", name: "search", delta: '{"q":1}' } as const;
  expect(reader.hear({ agent: "a", turn: 1, type: "agent.model", event })).toBeUndefined();
});
