/**
 * The page. `?chat=<id>` is a conversation with stock `useChat`; with `&transport=orch` it has the transport of `@orch/react`.
 * `?run=<id>` is a run with `useRun`. The id stands in the address, so that a page that is loaded again goes on.
 */
import { chatTransport } from "@orch/react/chat";
import { DefaultChatTransport } from "ai";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Chat } from "./chat.tsx";
import type { Message } from "./message.tsx";
import { Run } from "./run.tsx";

const API = "/ai-sdk/research";
const query = new URLSearchParams(location.search);
const run = query.get("run");
if (run === null && !query.has("chat")) {
  query.set("chat", crypto.randomUUID());
  history.replaceState(null, "", `?${query}`);
}
const orch = chatTransport<Message>({ api: API });
const transport = query.get("transport") === "orch" ? orch : new DefaultChatTransport<Message>({ api: API });
const id = query.get("chat") ?? "";
const said = run === null ? await orch.history(id) : [];

createRoot(document.querySelector("#root")!).render(
  <StrictMode>
    {run === null ? (
      <Chat id={id} transport={transport} said={said} stop={() => orch.stop(id)} />
    ) : (
      <Run run={run} />
    )}
  </StrictMode>,
);
