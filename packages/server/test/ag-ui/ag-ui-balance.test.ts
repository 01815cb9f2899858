/** Whatever happens in a run, in whatever order, the protocol's own client takes the events: it refuses what is not balanced. */
import { HttpAgent } from "@ag-ui/client";
import fc from "fast-check";
import { expect, it, vi } from "vitest";
import { budget, figure, seed } from "../../../../scripts/lanes.ts";
import type { AgUiEvent } from "../../src/ag-ui/ag-ui-event.ts";
import { NOTHING_KNOWN } from "../../src/ag-ui/known-run.ts";
import { RunTranslation } from "../../src/ag-ui/run-translation.ts";
import type { PublicEvent } from "../../src/words/public-event.ts";

type Happening = PublicEvent extends infer TEvent
  ? TEvent extends PublicEvent
    ? Omit<TEvent, "id" | "number" | "time" | "path" | "state">
    : never
  : never;

const error = { code: "ORCH_STATE_FAILED", message: "It failed." };
/** Things that happen in a state, and may happen when they do not fit. */
const HAPPENINGS: readonly Happening[] = [
  { type: "state.started", kind: "runnable", visit: 1 },
  { type: "state.started", kind: "each", visit: 1, branches: 30 },
  { type: "state.completed", said: true, duration: 1 },
  { type: "state.completed", output: "said anew", duration: 1 },
  { type: "state.completed", output: { count: 1 }, duration: 1 },
  { type: "state.failed", error, cancelled: false, duration: 1 },
  { type: "state.failed", error, cancelled: true, duration: 1 },
  { type: "state.retrying", attempt: 1, delay: 1, error },
  { type: "state.skipped" },
  { type: "state.moved", from: "a", to: "b", cause: "output" },
  { type: "text.delta", text: "a piece", answer: true },
  { type: "text.delta", text: "an aside", answer: false },
  { type: "text.delta", text: "", answer: true },
  { type: "text.cut" },
  { type: "tool.started", call: "c1", tool: "look", input: {} },
  { type: "tool.progress", call: "c1", tool: "look", data: 1 },
  { type: "tool.completed", call: "c1", tool: "look", result: null, failed: true, duration: 1 },
  { type: "usage", usage: { inputTokens: 1, model: "acme/one" } },
  { type: "question.asked", question: "q1", prompt: { question: "Sure?" }, schema: { type: "boolean" } },
  { type: "question.answered", question: "q1", answer: true },
  { type: "data", channel: "hint", data: null },
] as Happening[];
const ENDS: readonly (Happening | "wait" | "leave")[] = [
  { type: "run.completed", output: "the answer", duration: 1 },
  { type: "run.completed", of: "a~/b[0]", duration: 1 },
  { type: "run.completed", output: null, duration: 1 },
  { type: "run.failed", error, duration: 1 },
  { type: "run.cancelled", reason: "so", duration: 1 },
  { type: "parked" },
  "wait",
  "leave",
] as (Happening | "wait")[];

it("sends events that the client takes, whatever happens in a run", async () => {
  const warned = vi.spyOn(console, "warn");
  const tried = budget("fuzzedBodies");
  const path = fc.constantFrom("a", "a~/b", "a~/b[0]", "a~/b[0]/c#2");
  const happenings = fc.array(fc.tuple(path, fc.constantFrom(...HAPPENINGS)), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(happenings, fc.constantFrom(...ENDS), async (happened, end) => {
      const translation = new RunTranslation(
        { id: "r1", kind: "run" },
        { thread: "t", run: "r" },
        NOTHING_KNOWN,
      );
      const events: AgUiEvent[] = [...translation.start({ mine: 1 })];
      happened.forEach(([at, happening], number) => {
        events.push(...translation.take(eventOf(at, happening, number)));
      });
      if (end === "wait" || end === "leave") events.push(...translation[end]());
      else events.push(...translation.take(eventOf("a", end, 99)));
      const { page, failure } = await read(events);
      expect(failure).toBeUndefined();
      expect(page.state).toMatchObject({
        mine: 1,
        orch: { id: "r1", status: expect.not.stringMatching("running") },
      });
    }),
    { numRuns: tried, seed },
  );
  expect(warned.mock.calls).toEqual([]);
  warned.mockRestore();
  figure(`AG-UI: ${tried} random runs, each taken by the client`);
});

function eventOf(path: string, happening: Happening, number: number): PublicEvent {
  return {
    ...happening,
    path,
    state: path,
    id: `${number}.1.L`,
    number,
    time: number,
  } as unknown as PublicEvent;
}

/** Hands the events to the client, as a server would. */
async function read(
  events: readonly AgUiEvent[],
): Promise<{ readonly page: HttpAgent; readonly failure: unknown }> {
  const body = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
  const page = new HttpAgent({ url: "http://localhost", fetch: async () => new Response(body) });
  let failure: unknown;
  await page.runAgent(
    {},
    {
      onRunFailed: ({ error: thrown }) => {
        failure = thrown;
        return { stopPropagation: true } as object;
      },
    },
  );
  return { page, failure };
}
