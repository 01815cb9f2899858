/** What an event changes in the view of a run. */
import type { WireEvent } from "../wire/wire-event.ts";
import type { RunState, RunView } from "./run-view.ts";

/** Makes the view after an event. */
export function nextView(view: RunView, event: WireEvent): RunView {
  switch (event.type) {
    case "run.started":
    case "run.retried":
      return { ...view, status: "running" };
    case "run.waiting":
      return { ...view, status: "waiting" };
    case "run.completed":
      return ended(view, { status: "completed", output: outputOf(view, event) });
    case "run.failed":
      return ended(view, { status: "failed", error: event.error });
    case "run.cancelled":
      return ended(view, { status: "cancelled", error: { code: "ORCH_CANCELLED", message: event.reason } });
    case "parked":
      return { ...view, status: "parked" };
    case "state.moved": {
      const { to, cause, label } = event;
      return change(view, event.path, { moved: { to, cause, label } });
    }
    case "text.cut":
      return spoken(change(view, event.path, { text: "" }));
    case "text.delta": {
      const text = (stateAt(view, event.path)?.text ?? "") + event.text;
      const next = change(running(view), event.path, { text, answers: event.answer });
      return event.answer ? spoken(next) : next;
    }
    case "question.asked": {
      const { question, path, prompt, schema } = event;
      const questions = [...without(view, question), { question, path, prompt, schema }];
      return { ...change(view, path, { status: "waiting" }), questions };
    }
    case "question.answered":
      return {
        ...change(running(view), event.path, { status: "running" }),
        questions: without(view, event.question),
      };
    default:
      return nextState(running(view), event);
  }
}

type StateEvent = Extract<WireEvent, { readonly type: `state.${string}` }>;

function nextState(view: RunView, event: Exclude<StateEvent, { readonly type: "state.moved" }>): RunView {
  switch (event.type) {
    case "state.started": {
      const { path, state, kind, time: startedAt, branches } = event;
      return add(view, { path, state, kind, status: "running", startedAt, branches });
    }
    case "state.completed": {
      const { path, said, output, duration } = event;
      // Without `said` the output stands in place of the pieces.
      const isWhole = !said && typeof output === "string" && stateAt(view, path)?.text !== undefined;
      const end = { status: "completed", duration, output } as const;
      return spoken(change(view, path, isWhole ? { ...end, text: output } : end));
    }
    case "state.failed": {
      const { path, duration, error, cancelled } = event;
      return change(view, path, { status: cancelled ? "cancelled" : "failed", duration, error });
    }
    case "state.retrying":
      return change(view, event.path, { status: "retrying", error: event.error });
    case "state.skipped": {
      const { path, state, time: startedAt } = event;
      return add(view, { path, state, kind: "runnable", status: "skipped", startedAt });
    }
    default:
      // An event of a later version.
      return view;
  }
}

/** What happens after a wait ends it. */
function running(view: RunView): RunView {
  return view.status === "running" ? view : { ...view, status: "running" };
}

function outputOf(
  view: RunView,
  { output, of }: { readonly output?: unknown; readonly of?: string },
): unknown {
  if (of === undefined) return output;
  const state = stateAt(view, of);
  return state?.output ?? state?.text;
}

function ended(view: RunView, end: Partial<RunView>): RunView {
  return { ...view, questions: [], ...end };
}

function stateAt(view: RunView, path: string): RunState | undefined {
  return view.states.findLast((state) => state.path === path);
}

/** Adds a state; one that began before, and is open again because the run was retried, begins anew. */
function add(view: RunView, state: RunState): RunView {
  return { ...view, states: [...view.states.filter(({ path }) => path !== state.path), state] };
}

function change(view: RunView, path: string, changed: Partial<RunState>): RunView {
  const at = view.states.findLastIndex((state) => state.path === path);
  if (at < 0) return view;
  return { ...view, states: view.states.with(at, { ...view.states[at]!, ...changed }) };
}

function spoken(view: RunView): RunView {
  return { ...view, text: view.states.map(({ answers, text }) => (answers ? text : "")).join("") };
}

function without({ questions }: RunView, id: string): RunView["questions"] {
  return questions.filter(({ question }) => question !== id);
}
