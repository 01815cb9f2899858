/** What the compiler must know about tools and agents; `tsc` fails when a line marked as an error compiles. */
import { type Runnable, runnable } from "@orch/core";
import { z } from "zod";
import {
  type Agent,
  type AgentResult,
  agent,
  agentRunnable,
  runAgent,
  streamAgent,
  type Tool,
  tool,
} from "../index.ts";
import { asTool, handoff, withoutToolCalls } from "../team.ts";

const Plan = z.object({ topic: z.string(), queries: z.array(z.string()) });
type Plan = z.infer<typeof Plan>;

// A tool's function gets what the schema gives: after defaults and transforms.
const weather: Tool = tool({
  name: "weather",
  description: "x",
  input: z.object({ city: z.string(), days: z.number().default(1), at: z.string().transform(Number) }),
  approve: ({ days }) => days > 3,
  invoke: ({ city, days, at }, { signal, emit }) => {
    const typed: [string, number, number] = [city, days, at];
    emit(typed);
    return signal.aborted ? undefined : { city, days };
  },
});

tool({
  name: "wrong",
  description: "x",
  input: z.object({ city: z.string() }),
  // @ts-expect-error `country` is not in the schema
  invoke: ({ country }) => String(country),
});

tool({
  name: "wrong",
  description: "x",
  input: z.object({ days: z.number() }),
  // @ts-expect-error a number has no such method
  approve: ({ days }) => days.startsWith("x"),
  invoke: () => "",
});

tool({
  name: "wrong",
  description: "x",
  input: z.object({}),
  // @ts-expect-error a function is nothing that JSON can carry
  invoke: () => () => 1,
});

// An agent's output type reaches the result, plain text being the default.
const writer = agent({ name: "writer", tools: [weather] });
const planner = agent({ name: "planner", output: Plan });

export async function results(): Promise<void> {
  const text: AgentResult<string> = await runAgent(writer, "x");
  const plan: AgentResult<Plan> = await runAgent(planner, "x");
  const queries: string[] | undefined = plan.output?.queries;
  // @ts-expect-error the output is absent unless the run is done
  const sure: Plan = plan.output;
  // @ts-expect-error text is no plan
  const other: AgentResult<Plan> = await runAgent(writer, "x");
  const stream = streamAgent(planner, "x");
  const last = await stream.next();
  if (last.done) last.value.output?.queries.map((query) => query.trim());
  // @ts-expect-error an agent's options cannot be changed
  planner.maxTurns = 3;
  void [text, queries, sure, other];
}

// A guardrail on the output sees what the schema gives, and text without one.
agent({
  name: "checked",
  output: Plan,
  guardrails: {
    output: [
      { name: "few", check: ({ queries }) => (queries.length > 3 ? { reason: "Too many." } : undefined) },
    ],
  },
});
agent({
  name: "short",
  guardrails: {
    output: [{ name: "short", check: (text) => (text.trim() === "" ? { reason: "Empty." } : undefined) }],
  },
});
agent({
  name: "wrong",
  output: Plan,
  // @ts-expect-error a plan is no text
  guardrails: { output: [{ name: "x", check: (plan) => (plan.trim() ? { reason: "x" } : undefined) }] },
});

// Agents of any output hand over to each other, and stand as tools; a tool may be run elsewhere.
const elsewhere: Tool = tool({ name: "elsewhere", description: "x", input: z.object({ id: z.string() }) });
export const team: Agent<Plan> = agent({
  name: "team",
  output: Plan,
  handoffs: () => [writer, handoff(planner, { filter: withoutToolCalls })],
  tools: [
    elsewhere,
    asTool(planner, {
      description: "x",
      input: z.object({ topic: z.string() }),
      toInput: ({ topic }) => topic.toUpperCase(),
      toOutput: ({ queries }) => queries.join(),
    }),
  ],
});
asTool(planner, {
  description: "x",
  input: z.object({ topic: z.string() }),
  // @ts-expect-error the input has no such field
  toInput: ({ subject }) => subject,
});

// As a runnable it takes a string, or what `toInput` takes, and gives the agent's output.
export const asText: Runnable<string, string> = agentRunnable(writer);
export const asPlan: Runnable<string, Plan> = agentRunnable(planner);
export const ofNumber: Runnable<number, Plan> = agentRunnable(planner, { toInput: (n: number) => `${n}` });
// @ts-expect-error it gives a plan
export const wrong: Runnable<string, { total: number }> = agentRunnable(planner);
export const after = runnable("after", (plan: Plan) => plan.queries.length);
