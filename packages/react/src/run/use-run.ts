import { useMemo, useSyncExternalStore } from "react";
import { RunStore, type RunStoreOptions } from "./run-store.ts";
import { NOT_HEARD, type RunView } from "./run-view.ts";

/** A run as a component has it: its view, and what can be done with it. */
export interface FollowedRun extends RunView {
  /** Answers a question. Rejects with a `ServerCallError` when it is not taken; the question then stays open. */
  readonly answer: RunStore["answer"];
  /** Sends a signal. */
  readonly signal: RunStore["signal"];
  /** Stops the run. A component that goes away stops nothing. */
  readonly cancel: RunStore["cancel"];
}

const IDLE: RunView = { ...NOT_HEARD, status: "idle" };

/**
 * Follows a run of a server: its states, its text, its questions. A connection that breaks is taken up where it was, also when the server was
 * started anew. Without an id there is nothing to follow yet (`idle`).
 *
 * @example
 * ```tsx
 * const { states, text, questions, answer } = useRun(runId);
 * return <>
 *   <ol>{states.map(({ path, state, status }) => <li key={path}>{state}: {status}</li>)}</ol>
 *   <p>{text}</p>
 *   {questions.map(({ question, prompt }) => <button key={question} onClick={() => answer(question, true)}>{String(prompt)}</button>)}
 * </>;
 * ```
 */
export function useRun(run: string | undefined, options: RunStoreOptions = {}): FollowedRun {
  const { url, events, calls } = options;
  const store = useMemo(() => new RunStore(run ?? "", { url, events, calls }), [run, url, events, calls]);
  // Only another run or server is another store; of the rest the newest counts for each request.
  store.options = options;
  const isIdle = run === undefined;
  const view = useSyncExternalStore(
    isIdle ? never : store.subscribe,
    isIdle ? idle : store.view,
    isIdle ? idle : () => NOT_HEARD,
  );
  const { answer, signal, cancel } = store;
  return { ...view, answer, signal, cancel };
}

const never = () => (): void => {};
const idle = (): RunView => IDLE;
