/** Scenarios of configurations and conversations, by number. */
import { agent, agentEvents, textOf, tool } from "@orch/agents";
import { scriptedModel } from "@orch/testing";
import { expect, it } from "vitest";
import { z } from "zod";
import type { ChatEvent } from "../src/index.ts";
import {
  agentRuntime,
  ChatRuntime,
  concurrentRuntime,
  exportSession,
  handoffRuntime,
  importSession,
  memorySessions,
  routedRuntime,
  sequentialRuntime,
} from "../src/index.ts";

async function read(events: AsyncIterable<ChatEvent>): Promise<ChatEvent[]> {
  const got: ChatEvent[] = [];
  for await (const event of events) got.push(event);
  return got;
}
const said = (events: readonly ChatEvent[]): string =>
  events.map((event) => (event.type === "message.delta" ? event.text : "")).join("");
const handoffs = (events: readonly ChatEvent[]) =>
  events.flatMap((event) => {
    const one = event.type === "state.output" ? agentEvents.of(event) : undefined;
    return one?.type === "agent.handoff" ? [`${one.from} -> ${one.to}`] : [];
  });

it("S20 a chain: the second agent sees the first one's answer, and only real messages are stored", async () => {
  const reporting = scriptedModel(["The report.", "Another."]);
  const researcher = agent({ name: "researcher", model: scriptedModel(["Tides rise.", "Tides fall."]) });
  const runtime = new ChatRuntime(
    sequentialRuntime([researcher, agent({ name: "reporter", model: reporting })]),
  );
  const stream = runtime.send("Tides?");
  const events = await read(stream);
  expect(said(events)).toBe("The report.");
  expect(JSON.stringify(reporting.requests[0]?.messages)).toContain("[researcher]\\nTides rise.");
  await runtime.invoke("And then?");
  expect(runtime.history.map((one) => `${one.role}: ${textOf(one)}`)).toEqual([
    "user: Tides?",
    "assistant: The report.",
    "user: And then?",
    "assistant: Another.",
  ]);
});

it("S21 a handoff is told, stays for the next turn, and is bounded", async () => {
  const transfer = (to: string) => ({ calls: [{ name: `transfer_to_${to}`, input: {} }] });
  const spanish = scriptedModel(["Hola.", "Claro."]);
  const runtime = new ChatRuntime(
    handoffRuntime(
      [
        agent({ name: "english", model: scriptedModel([transfer("spanish")]) }),
        agent({ name: "spanish", model: spanish }),
      ],
      { start: "english" },
    ),
  );
  const first = runtime.send("¿Qué tal?");
  expect(handoffs(await read(first))).toEqual(["english -> spanish"]);
  expect(textOf((await first.reply).message)).toBe("Hola.");
  expect(textOf(await runtime.invoke("¿Y mañana?"))).toBe("Claro.");
  expect(JSON.stringify(spanish.requests[1]?.messages)).toContain("¿Y mañana?");

  const pingPong = handoffRuntime(
    [
      agent({ name: "a", model: scriptedModel(() => transfer("b")) }),
      agent({ name: "b", model: scriptedModel(() => transfer("a")) }),
    ],
    { maxHops: 3 },
  );
  await expect(new ChatRuntime(pingPong).invoke("hi")).rejects.toMatchObject({
    code: "ORCH_AGENT_STOPPED",
    facts: { stopReason: "max-handoffs" },
  });
});

it("S22 the deltas of a turn are the final message", async () => {
  const text = "High water comes twice a day, and low water too.";
  const stream = new ChatRuntime(agentRuntime(agent({ name: "a", model: scriptedModel([text]) }))).send(
    "When?",
  );
  const events = await read(stream);
  expect(events.filter(({ type }) => type === "message.delta").length).toBeGreaterThan(1);
  expect(said(events)).toBe(textOf((await stream.reply).message));
});

it("S23 every agent's text reaches the synthesis under its name and in order, and the synthesis is stored", async () => {
  const judging = scriptedModel(["Half full."]);
  const runtime = new ChatRuntime(
    concurrentRuntime(
      [
        agent({ name: "optimist", model: scriptedModel(["Full."]) }),
        agent({ name: "1", model: scriptedModel(["Empty."]) }),
      ],
      { synthesize: agent({ name: "judge", model: judging }) },
    ),
  );
  expect(said(await read(runtime.send("The glass?")))).toBe("Half full.");
  expect(JSON.stringify(judging.requests[0]?.messages)).toContain("[optimist]\\nFull.\\n\\n[1]\\nEmpty.");
  expect(runtime.history.map((one) => textOf(one))).toEqual(["The glass?", "Half full."]);
});

it("S26 an approval shows tool and arguments; a no is told to the model; without a listener nothing runs", async () => {
  const ran: string[] = [];
  const remove = tool({
    name: "remove",
    description: "Removes a file.",
    input: z.object({ path: z.string() }),
    approve: true,
    invoke: ({ path }) => {
      ran.push(path);
      return "removed";
    },
  });
  const call = { calls: [{ name: "remove", input: { path: "a" } }] };
  const model = scriptedModel([call, "Then not.", call]);
  const runtime = new ChatRuntime(sequentialRuntime([agent({ name: "cleaner", model, tools: [remove] })]));
  const stop = runtime.on("question.asked", (event) => {
    expect(JSON.stringify(event.prompt)).toMatch(/remove.*path.*a/);
    return runtime.answer(event.question, false);
  });
  expect(textOf(await runtime.invoke("Clean up"))).toBe("Then not.");
  expect(JSON.stringify(model.requests[1]?.messages)).toMatch(/tool-result.*isError/);
  stop();
  await expect(runtime.invoke("Again")).rejects.toMatchObject({ code: "ORCH_TURN_UNANSWERED" });
  expect(ran).toEqual([]);
});

it("S30 a conversation that is saved and loaded keeps its tool calls, and a cleared one stays cleared", async () => {
  const look = tool({
    name: "look",
    description: "Looks.",
    input: z.object({}),
    invoke: () => "a lighthouse",
  });
  const model = scriptedModel([{ calls: [{ name: "look", input: {} }] }, "Hello Ann.", "You are Ann."]);
  const configuration = agentRuntime(agent({ name: "a", model, tools: [look] }));
  const store = memorySessions();
  await using first = new ChatRuntime(configuration, { store, sessionId: "one" });
  await first.invoke("I am Ann. Look!");
  await first.close();
  const text = exportSession((await store.load("one"))!, "jsonl");

  const elsewhere = memorySessions();
  await importSession(text, elsewhere, { id: "two" });
  await using second = new ChatRuntime(configuration, { store: elsewhere, sessionId: "two" });
  expect(textOf(await second.invoke("What is my name?"))).toBe("You are Ann.");
  expect(JSON.stringify(model.requests[2]?.messages)).toMatch(/I am Ann.*tool-call.*a lighthouse.*Hello Ann/);
  await second.close();
  await elsewhere.remove("two");
  expect(await elsewhere.load("two")).toBeUndefined();
});

it("S35 a conversation of many turns is interrupted and goes on, and each message goes where it belongs", async () => {
  const talk = agentRuntime(
    agent({ name: "talker", model: scriptedModel([{ text: "Once upon", stall: true }, "Here again."]) }),
  );
  const sums = agentRuntime(agent({ name: "sums", model: scriptedModel(["4", "6"]) }));
  const chooser = agent({ name: "chooser", model: scriptedModel(["Talk", "sums", "nowhere"]) });
  const runtime = new ChatRuntime(routedRuntime({ routes: { talk, sums }, choose: chooser }));
  const stream = runtime.send("A story");
  for await (const event of stream) if (event.type === "message.delta") break;
  await stream.cancel("enough");
  await expect(stream.reply).rejects.toMatchObject({ code: "ORCH_TURN_CANCELLED" });
  expect(textOf(await runtime.invoke("2 + 2?"))).toBe("4");
  expect(textOf(await runtime.invoke("/talk Are you there?"))).toBe("Here again.");
  await expect(runtime.invoke("?")).rejects.toMatchObject({
    code: "ORCH_ROUTE_UNKNOWN",
    facts: { route: "nowhere", routes: ["talk", "sums"] },
  });
  expect(textOf(await runtime.invoke("/sums 3 + 3?"))).toBe("6");
});
