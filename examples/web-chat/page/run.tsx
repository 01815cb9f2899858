import { useRun } from "@orch/react";
import type { ReactNode } from "react";
import { Rail } from "./rail.tsx";

/** A run, by its id. */
export function Run({ run }: { readonly run: string }): ReactNode {
  const { status, states, text, questions, problem, answer, cancel } = useRun(run);
  return (
    <article className="message" data-status={status}>
      <Rail states={states} />
      <p className="text">{text}</p>
      {questions.map(({ question, prompt }) => (
        <div key={question} className="question">
          <p>{String(prompt)}</p>
          <button type="button" onClick={() => void answer(question, true)}>
            Yes
          </button>
          <button type="button" className="quiet" onClick={() => void answer(question, false)}>
            No
          </button>
        </div>
      ))}
      {problem && <p className="failed">{problem.message}</p>}
      {status === "running" && (
        <button type="button" className="quiet" onClick={() => void cancel()}>
          Stop
        </button>
      )}
    </article>
  );
}
