import type { RailState, UiPlace, UiStatus } from "@orch/server/ai-sdk";
import type { DynamicToolUIPart, UIMessage } from "ai";

/** A message as the server makes it. */
export type Message = UIMessage<UiStatus, { state: RailState; cut: UiPlace; result: unknown }>;

type Approve = (approval: string, approved: boolean) => void;

/** A message: the states of its run, what was said, and what is asked. */
export function MessageView({ message, approve }: { readonly message: Message; readonly approve: Approve }) {
  const states = message.parts.flatMap((part) => (part.type === "data-state" ? [part.data] : []));
  return (
    <article className={`message ${message.role}`}>
      {states.length > 0 && (
        <ol className="rail">
          {states.map(({ path, state, status, duration }) => (
            <li key={path} className={status}>
              {state} <small>{duration === undefined ? status : `${Math.round(duration)} ms`}</small>
            </li>
          ))}
        </ol>
      )}
      {message.parts.map((part, at) => {
        const key = `${message.id}:${at}`;
        if (part.type === "text")
          return (
            <p key={key} className="text">
              {part.text}
            </p>
          );
        if (part.type === "dynamic-tool") return <Question key={key} part={part} approve={approve} />;
        return null;
      })}
    </article>
  );
}

/** A question that is answered by yes or no. Others come with a schema: see `docs/server/ai-sdk.md`. */
function Question({ part, approve }: { readonly part: DynamicToolUIPart; readonly approve: Approve }) {
  if (part.state !== "approval-requested") {
    const said = part.approval?.approved;
    return <p className="aside">{`${part.title} ${said === undefined ? "" : said ? "Yes." : "No."}`}</p>;
  }
  const { id } = part.approval;
  return (
    <div className="question">
      <p>{part.title}</p>
      <button type="button" onClick={() => approve(id, true)}>
        Yes
      </button>
      <button type="button" className="quiet" onClick={() => approve(id, false)}>
        No
      </button>
    </div>
  );
}
