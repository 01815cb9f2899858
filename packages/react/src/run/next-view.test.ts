/** The view of a run, event by event. */
import type { PublicEvent } from "@orch/server";
import { describe, expect, it } from "vitest";
import type { WireEvent } from "../wire/wire-event.ts";
import { nextView } from "./next-view.ts";
import { NOT_HEARD, type RunView } from "./run-view.ts";

type Loose = { readonly type: WireEvent["type"]; readonly [field: string]: unknown };

const viewOf = (events: readonly Loose[], from: RunView = NOT_HEARD): RunView =>
  events.reduce<RunView>(
    (view, event, at) => nextView(view, { id: `${at}`, time: at, ...event } as unknown as WireEvent),
    from,
  );
const state = (path: string, kind = "runnable"): Loose => ({
  type: "state.started",
  path,
  state: path,
  kind,
});
const delta = (path: string, text: string, answer = true): Loose => ({
  type: "text.delta",
  path,
  text,
  answer,
});

describe("the view of a run", () => {
  it("shows states in their order, what moved the machine, and what failed", () => {
    const error = { code: "ORCH_TIMEOUT", message: "It took too long." };
    const view = viewOf([
      { type: "run.started" },
      { ...state("o/a#1", "each"), branches: 2 },
      { type: "state.retrying", path: "o/a#1", error },
      { type: "state.completed", path: "o/a#1", duration: 4, output: [1] },
      { type: "state.moved", path: "o/a#1", from: "a", to: "b", cause: "output", label: "enough" },
      state("o/b#1"),
      { type: "state.failed", path: "o/b#1", duration: 2, cancelled: false, error },
      { type: "state.skipped", path: "o/c#1", state: "c" },
      { type: "run.failed", error },
    ]);

    expect(view.states).toMatchObject([
      { path: "o/a#1", kind: "each", branches: 2, status: "completed", moved: { to: "b", label: "enough" } },
      { path: "o/b#1", status: "failed", error },
      { path: "o/c#1", status: "skipped" },
    ]);
    expect(view).toMatchObject({ status: "failed", error });
  });

  it("puts the answer together, and not what states say aside", () => {
    const view = viewOf([
      state("o/a#1"),
      state("o/b#1"),
      delta("o/a#1", "hm", false),
      delta("o/b#1", "An "),
      delta("o/b#1", "answer"),
    ]);

    expect(view.text).toBe("An answer");
    expect(view.states[0]).toMatchObject({ text: "hm" });
  });

  it("forgets the text of an attempt that was cut, and takes the whole where pieces are missing", () => {
    const cut = viewOf([state("o/b#1"), delta("o/b#1", "Half"), { type: "text.cut", path: "o/b#1" }]);
    expect(cut.text).toBe("");

    const whole = viewOf(
      [delta("o/b#1", "wer"), { type: "state.completed", path: "o/b#1", output: "The answer" }],
      cut,
    );
    expect(whole.text).toBe("The answer");
  });

  it("waits with its questions, and goes on when they are answered", () => {
    const asked = {
      type: "question.asked",
      path: "o/q#1",
      question: "o/q#1",
      prompt: "Sure?",
      schema: { type: "boolean" },
    } as const;
    const waiting = viewOf([
      state("o/q#1", "question"),
      asked,
      { type: "run.waiting", questions: ["o/q#1"] },
    ]);
    expect(waiting).toMatchObject({ status: "waiting", questions: [{ question: "o/q#1", prompt: "Sure?" }] });
    expect(waiting.states[0]).toMatchObject({ status: "waiting" });
    // A run that is read again tells it twice.
    expect(viewOf([asked], waiting).questions).toHaveLength(1);

    const going = viewOf([{ type: "question.answered", path: "o/q#1", question: "o/q#1" }], waiting);
    expect(going).toMatchObject({ status: "running", questions: [], states: [{ status: "running" }] });
  });

  it.each([
    [
      { type: "run.completed", output: { pages: 2 } },
      { status: "completed", output: { pages: 2 } },
    ],
    [
      { type: "run.completed", of: "o/b#1" },
      { status: "completed", output: "said" },
    ],
    [
      { type: "run.cancelled", reason: "enough" },
      { status: "cancelled", error: { message: "enough" } },
    ],
    [{ type: "parked" }, { status: "parked" }],
  ] as const)("ends with what came of it: %j", (event, expected) => {
    expect(viewOf([state("o/b#1"), delta("o/b#1", "said"), event])).toMatchObject(expected);
  });

  it("passes over events that it does not know, and keeps what did not change", () => {
    const before = viewOf([{ type: "run.started" }, state("o/a#1"), state("o/b#1")]);

    expect(nextView(before, { id: "9", time: 9, type: "usage" } as never)).toBe(before);
    expect(viewOf([delta("o/b#1", "x")], before).states[0]).toBe(before.states[0]);
  });

  it("reads the events of the server as they are typed there", () => {
    type Known = Extract<PublicEvent, { readonly type: WireEvent["type"] }>;
    const same: (event: Known) => WireEvent = (event) => event;
    expect(same).toBeTypeOf("function");
  });
});
