import { useChat } from "@ai-sdk/react";
import { answersAreComplete } from "@orch/react/chat";
import type { ChatTransport } from "ai";
import { type ReactNode, useState } from "react";
import { type Message, MessageView } from "./message.tsx";

/** A conversation. */
export function Chat(props: {
  readonly id: string;
  readonly transport: ChatTransport<Message>;
  /** What was said before the page was opened. */
  readonly said: Message[];
  readonly stop: () => Promise<void>;
}): ReactNode {
  const { id, transport, said, stop } = props;
  const chat = useChat<Message>({
    id,
    transport,
    messages: said,
    resume: true,
    sendAutomaticallyWhen: answersAreComplete,
  });
  const [text, setText] = useState("");
  const isBusy = chat.status === "streaming" || chat.status === "submitted";
  return (
    <>
      {chat.messages.map((message) => (
        <MessageView
          key={message.id}
          message={message}
          approve={(id, approved) => void chat.addToolApprovalResponse({ id, approved })}
          answer={(toolCallId, output) =>
            void chat.addToolOutput({ tool: "question", toolCallId, output } as Parameters<
              typeof chat.addToolOutput
            >[0])
          }
        />
      ))}
      {chat.error && <p className="message failed">{chat.error.message}</p>}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void chat.sendMessage({ text });
          setText("");
        }}
      >
        <input
          aria-label="Message"
          value={text}
          placeholder="What do you want to know?"
          onChange={(event) => setText(event.target.value)}
        />
        <button type="submit" disabled={isBusy || text === ""}>
          Send
        </button>
        {isBusy && (
          <button type="button" className="quiet" onClick={() => void stop()}>
            Stop
          </button>
        )}
      </form>
      <output data-status={chat.status} />
    </>
  );
}
