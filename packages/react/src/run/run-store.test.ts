/** Following a run over a socket, through lost connections and a server that is started anew. */
import { orchestration, question, runnable, speech } from "@orch/core";
import { memoryHost } from "@orch/core/host";
import { createServer, type Server } from "@orch/server";
import { json } from "@orch/server/json";
import { type ListeningServer, listen } from "@orch/server/node";
import { sse } from "@orch/server/sse";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { RunStore } from "./run-store.ts";
import type { RunView } from "./run-view.ts";

const draft = runnable("draft", (topic: string, ctx) => {
  ctx.emit(speech, `About ${topic}.`);
  return `About ${topic}.`;
});
const approve = question("approve", { ask: (text: string) => text, answer: z.boolean() });
const publish = runnable("publish", (yes: boolean, ctx) => {
  for (const piece of ["It is ", yes ? "out." : "kept back."]) ctx.emit(speech, piece);
  return yes ? "It is out." : "It is kept back.";
});
const article = orchestration("article", (o) =>
  o.start(draft).advance(draft, approve).advance(approve, publish).finish(publish),
);

let host: ReturnType<typeof memoryHost>;
let server: Server;
let listening: ListeningServer;
const start = async (port = 0): Promise<void> => {
  server = createServer({
    host,
    orchestrations: { article: { orchestration: article } },
    doors: [json(), sse()],
  });
  listening = await listen(server, { port });
};
afterEach(() => listening.stop());

/** Resolves with the first view of which `holds` is true. */
function until(store: RunStore, holds: (view: RunView) => boolean): Promise<RunView> {
  return new Promise((resolve) => {
    const leave = store.subscribe(() => {
      if (!holds(store.view())) return;
      resolve(store.view());
      queueMicrotask(() => leave());
    });
  });
}
const isWaiting = ({ status }: RunView): boolean => status === "waiting";
const isOver = ({ status }: RunView): boolean => status === "completed" || status === "cancelled";
/** Tries again at once. */
const after = (_: number, fire: () => void): (() => void) => {
  const timer = setImmediate(fire);
  return () => clearImmediate(timer);
};

describe("following a run", () => {
  it("shows its states, its text and its question, takes the answer, and ends with the output", async () => {
    host = memoryHost();
    await start();
    const run = await server.runs().start("article", "tides");
    const store = new RunStore(run, { url: listening.url });

    const waiting = await until(store, isWaiting);
    expect(waiting.states).toMatchObject([
      { state: "draft", status: "completed", text: "About tides.", moved: { to: "approve" } },
      { state: "approve", status: "waiting" },
    ]);
    expect(waiting.questions).toMatchObject([{ prompt: "About tides.", schema: { type: "boolean" } }]);

    const over = until(store, isOver);
    await store.answer(waiting.questions[0]!.question, true);
    expect(await over).toMatchObject({
      status: "completed",
      text: "It is out.",
      output: "It is out.",
      questions: [],
    });
  });

  it("goes on where it was when the server is started anew, and tells each text once", async () => {
    host = memoryHost();
    await start();
    const run = await server.runs().start("article", "tides");
    const store = new RunStore(run, { url: listening.url, after });
    const waiting = await until(store, isWaiting);
    const over = until(store, isOver);

    await listening.stop();
    await start(listening.port);
    await server.runs().answer(run, waiting.questions[0]!.question, false);

    const { text, states } = await over;
    expect(text).toBe("It is kept back.");
    expect(states.map(({ state }) => state)).toEqual(["draft", "approve", "publish"]);
  });

  it("says why a run cannot be followed, and why an answer was not taken", async () => {
    host = memoryHost();
    await start();
    const nobody = new RunStore("nobody", { url: listening.url });
    const { problem } = await until(nobody, (view) => view.problem !== undefined);
    expect(problem).toMatchObject({ status: 404, code: "ORCH_SERVER_UNKNOWN" });

    const run = await server.runs().start("article", "tides");
    const store = new RunStore(run, { url: listening.url });
    const { questions } = await until(store, isWaiting);
    const answered = store.answer(questions[0]!.question, "perhaps");
    await expect(answered).rejects.toMatchObject({ status: 422, code: "ORCH_INVALID_ANSWER" });
    await store.cancel("enough");
    expect(await until(store, isOver)).toMatchObject({ status: "cancelled", error: { message: "enough" } });
  });

  it("stops following when nobody looks, and the run goes on", async () => {
    host = memoryHost();
    await start();
    const run = await server.runs().start("article", "tides");
    const streams: AbortSignal[] = [];
    const store = new RunStore(run, {
      url: listening.url,
      headers: () => ({ "x-page": "1" }),
      fetch: (input, init) => {
        streams.push(init!.signal!);
        return fetch(input, init);
      },
    });
    await until(store, isWaiting);
    await Promise.resolve();

    expect(streams.map(({ aborted }) => aborted)).toEqual([true]);
    expect((await server.runs().describe(run)).status).toBe("waiting");
    // Who looks again sees what was seen, and reads on from there.
    const over = until(store, isOver);
    await server.runs().answer(run, "article/approve#1", true);
    expect((await over).text).toBe("It is out.");
  });
});
