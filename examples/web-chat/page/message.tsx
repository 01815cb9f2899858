import type { RailState, UiPlace, UiStatus } from "@orch/server/ai-sdk";
import type { DynamicToolUIPart, UIMessage } from "ai";
import { type ReactNode, useState } from "react";
import { Rail } from "./rail.tsx";

/** A message as the server makes it. */
export type Message = UIMessage<UiStatus, { state: RailState; cut: UiPlace; result: unknown }>;

/** A message: its rail, what was said, and what is asked. */
export function MessageView(props: {
  readonly message: Message;
  readonly approve: (id: string, approved: boolean) => void;
  readonly answer: (call: string, output: string) => void;
}): ReactNode {
  const { message, approve, answer } = props;
  const states = message.parts.flatMap((part) => (part.type === "data-state" ? [part.data] : []));
  return (
    <article className={`message ${message.role}`} data-status={message.metadata?.status}>
      {states.length > 0 && <Rail states={states} />}
      {message.parts.map((part, at) => {
        const key = `${message.id}:${at}`;
        if (part.type === "text") {
          const isCut = (part.providerMetadata?.["orch"] as Partial<UiPlace> | undefined)?.cut === true;
          return (
            <p key={key} className={isCut ? "text cut" : "text"}>
              {part.text}
            </p>
          );
        }
        if (part.type === "dynamic-tool")
          return <Question key={key} part={part} approve={approve} answer={answer} />;
        return null;
      })}
    </article>
  );
}

function Question(props: {
  readonly part: DynamicToolUIPart;
  readonly approve: (id: string, approved: boolean) => void;
  readonly answer: (call: string, output: string) => void;
}): ReactNode {
  const { part, approve, answer } = props;
  const [text, setText] = useState("");
  if (part.state === "approval-requested") {
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
  if (part.state === "input-available" && part.providerExecuted !== true) {
    return (
      <form
        className="question"
        onSubmit={(event) => {
          event.preventDefault();
          answer(part.toolCallId, text);
        }}
      >
        <p>{part.title}</p>
        <input aria-label="Answer" value={text} onChange={(event) => setText(event.target.value)} />
        <button type="submit">Answer</button>
      </form>
    );
  }
  return <p className="aside">{`${part.title ?? part.toolName} ${saidTo(part)}`}</p>;
}

/** What was answered, or what became of the call. */
function saidTo(part: DynamicToolUIPart): string {
  if (part.approval?.approved !== undefined) return part.approval.approved ? "Yes." : "No.";
  return part.state === "output-available" ? String(part.output) : part.state;
}
