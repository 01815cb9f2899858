import { orchestration, question, runnable, speech } from "@orch/core";
import { memoryHost } from "@orch/core/host";
import { expect, test } from "vitest";
import { z } from "zod";
import { json } from "../doors/json.ts";
import { sse } from "../doors/sse.ts";
import type { PublicEvent } from "../words/public-event.ts";
import { createServer } from "./create-server.ts";

const write = runnable("write", (topic: string, ctx) => {
  for (const piece of ["About ", topic, "."]) ctx.emit(speech, piece);
  return `About ${topic}.`;
});
const approve = question("approve", { ask: (text: string) => text, answer: z.boolean() });
const publish = runnable("publish", (approved: boolean) => (approved ? "published" : "kept back"));
const article = orchestration("article", (o) =>
  o.start(write).advance(write, approve).advance(approve, publish).finish(publish),
);

test("a run is started, followed, answered and read again from an event", async () => {
  const server = createServer({
    host: memoryHost(),
    orchestrations: { article: { orchestration: article } },
    doors: [json(), sse()],
  });
  const started = await server.fetch(
    new Request("http://localhost/v1/runs", {
      method: "POST",
      body: JSON.stringify({ orchestration: "article", input: "tides" }),
    }),
  );
  const { run } = (await started.json()) as { run: string };
  const runs = server.runs();
  const seen: PublicEvent[] = [];
  for await (const event of await runs.follow(run)) {
    seen.push(event);
    if (event.type === "question.asked") await runs.answer(run, event.question, true);
  }
  expect(seen.map(({ type }) => type)).toEqual([
    "run.started",
    "state.started",
    "text.delta",
    "text.delta",
    "text.delta",
    "state.completed",
    "state.moved",
    "state.started",
    "question.asked",
    "run.waiting",
    "question.answered",
    "state.completed",
    "state.moved",
    "state.started",
    "state.completed",
    "run.completed",
  ]);
  expect(seen.find(({ type }) => type === "state.completed")).toMatchObject({ state: "write", said: true });
  expect(seen.at(-1)).toMatchObject({ of: "article/publish#1" });
  const stream = await server.fetch(
    new Request(`http://localhost/sse/runs/${run}`, { headers: { "last-event-id": seen[3]!.id } }),
  );
  const text = await stream.text();
  expect(text.split("\n").filter((line) => line.startsWith("id: "))).toEqual(
    seen.slice(4).map(({ id }) => `id: ${id}`),
  );
});
