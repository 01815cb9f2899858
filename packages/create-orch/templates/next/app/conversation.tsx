"use client";

import { useChat } from "@ai-sdk/react";
import { answersAreComplete, chatTransport } from "@orch/react/chat";
import { useEffect, useState } from "react";
import { type Message, MessageView } from "./message.tsx";

const transport = chatTransport<Message>({ api: "/ai-sdk/chat" });

/** A conversation with the orchestration of `lib/research.ts`. */
export function Conversation({ id }: { readonly id: string }) {
  const chat = useChat<Message>({ id, transport, sendAutomaticallyWhen: answersAreComplete });
  const { setMessages, resumeStream } = chat;
  const [text, setText] = useState("");
  const [lost, setLost] = useState<string>();
  const isBusy = chat.status === "streaming" || chat.status === "submitted";
  useEffect(() => {
    let isHere = true;
    // What was said before, and then what is being said.
    transport.history(id).then(
      (said) => {
        if (!isHere || said.length === 0) return;
        setMessages(said);
        void resumeStream();
      },
      (error: Error) => {
        if (isHere) setLost(error.message);
      },
    );
    return () => {
      isHere = false;
    };
  }, [id, setMessages, resumeStream]);
  return (
    <>
      {chat.messages.map((message) => (
        <MessageView
          key={message.id}
          message={message}
          approve={(approval, approved) => void chat.addToolApprovalResponse({ id: approval, approved })}
        />
      ))}
      {(chat.error || lost) && <p className="failed">{chat.error?.message ?? lost}</p>}
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
          placeholder="When are the roses cut?"
          onChange={(event) => setText(event.target.value)}
        />
        <button type="submit" disabled={isBusy || text === ""}>
          Send
        </button>
        {isBusy && (
          <button type="button" className="quiet" onClick={() => void transport.stop(id)}>
            Stop
          </button>
        )}
      </form>
    </>
  );
}
